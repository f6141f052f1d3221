using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Switchyard.GitHub.Git;
using Xunit;

namespace Switchyard.Tests.GitHub.Git;

public sealed class GitBlobTests
{
    private static readonly string Nowhere = new('a', 40);

    [Fact]
    public async Task Blobs_are_read_whole_or_from_their_beginning()
    {
        await using var world = await GitWorld.StartAsync();
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        var head = world.Source.Commit("main", "x", new Dictionary<string, byte[]?> { ["large.bin"] = large, ["small.json"] = "{}"u8.ToArray(), ["empty"] = [] });
        await world.FetchAsync();
        var tree = await world.Mirror.ListTreeAsync(head).ToDictionaryAsync(entry => entry.Path, entry => entry.Oid);
        await using var blobs = world.Mirror.OpenBlobs();

        var whole = await blobs.ReadAsync(tree["large.bin"], long.MaxValue);
        var begin = await blobs.ReadAsync(tree["large.bin"], 100_000);
        var none = await blobs.ReadAsync(tree["large.bin"], 0);
        var small = await blobs.ReadAsync(tree["small.json"], 100);
        var empty = await blobs.ReadAsync(tree["empty"], 100);

        Assert.Equal((300_000L, true), (whole!.Size, whole.Complete));
        Assert.True(whole.Bytes.Span.SequenceEqual(large));
        Assert.Equal((300_000L, false), (begin!.Size, begin.Complete));
        Assert.True(begin.Bytes.Span.SequenceEqual(large.AsSpan(0, 100_000)));
        Assert.Equal((300_000L, false, 0), (none!.Size, none.Complete, none.Bytes.Length));
        Assert.Equal(("{}", true), (Encoding.UTF8.GetString(small!.Bytes.Span), small.Complete));
        Assert.Equal((0L, true), (empty!.Size, empty.Complete));
        Assert.Null(await blobs.ReadAsync(Nowhere, 10));
        Assert.Null(await blobs.ReadAsync(head, 10));
        await Assert.ThrowsAsync<ArgumentException>(() => blobs.ReadAsync("HEAD\ninfo HEAD", 10));
    }

    [Fact]
    public async Task Thousands_of_blobs_come_in_the_order_asked_with_holes_where_one_is_missing()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "x", Enumerable.Range(0, 1500).ToDictionary(i => $"f{i}.json", i => (byte[]?)Encoding.UTF8.GetBytes($"{{\"n\":{i},\"pad\":\"{new string('x', i)}\"}}")));
        await world.FetchAsync();
        var oids = await world.Mirror.ListTreeAsync(head).Select(entry => entry.Oid).ToListAsync();
        oids.Insert(700, Nowhere);
        await using var blobs = world.Mirror.OpenBlobs();

        var results = await blobs.ReadManyAsync(oids.Select(oid => (oid, 100L))).ToListAsync();

        Assert.Equal(oids, results.Select(result => result.Oid));
        Assert.All(results.Where(result => result.Oid != Nowhere), result => Assert.Equal(Math.Min(100, result.Blob!.Size), result.Blob.Bytes.Length));
        Assert.Null(results[700].Blob);

        // Left in the middle, the reader starts afresh.
        await foreach (var result in blobs.ReadManyAsync(oids.Select(oid => (oid, 100L))))
        {
            Assert.Equal(oids[0], result.Oid);
            break;
        }

        Assert.Equal(oids[5], (await blobs.ReadAsync(oids[5], 10))!.Oid);
    }

    [Fact]
    public async Task Large_blobs_left_off_between_small_ones_disturb_nothing()
    {
        await using var world = await GitWorld.StartAsync();
        var large = new byte[6 * 1024 * 1024];
        new Random(2).NextBytes(large);
        var head = world.Source.Commit("main", "x", Enumerable.Range(0, 300).ToDictionary(i => $"f{i}", i => (byte[]?)Encoding.UTF8.GetBytes($"small {i}")).Append(new("large", large)).ToDictionary());
        await world.FetchAsync();
        var oids = await world.Mirror.ListTreeAsync(head).ToDictionaryAsync(entry => entry.Path, entry => entry.Oid);
        var wanted = Enumerable.Range(0, 300).SelectMany(i => i % 60 == 0 ? (string[])["large", $"f{i}"] : [$"f{i}"]).ToList();
        await using var blobs = world.Mirror.OpenBlobs();

        var results = await blobs.ReadManyAsync(wanted.Select(name => (oids[name], name == "large" ? 16L : 100L))).ToListAsync();

        Assert.Equal(wanted.Select(name => oids[name]), results.Select(result => result.Oid));
        Assert.All(wanted.Zip(results), pair => Assert.Equal(
            pair.First == "large" ? Convert.ToHexString(large.AsSpan(0, 16)) : Convert.ToHexString(Encoding.UTF8.GetBytes("small " + pair.First[1..])),
            Convert.ToHexString(pair.Second.Blob!.Bytes.Span)));
    }

    [Fact]
    public async Task A_reader_refuses_two_readings_at_once_and_stops_when_cancelled()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "{}");
        await world.FetchAsync();
        var oid = (await world.Mirror.ListTreeAsync(head).SingleAsync()).Oid;
        await using var blobs = world.Mirror.OpenBlobs();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in blobs.ReadManyAsync(Enumerable.Repeat((oid, 10L), 100_000), stop.Token))
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => blobs.ReadAsync(oid, 10));
                await stop.CancelAsync();
            }
        });

        Assert.NotNull(await blobs.ReadAsync(oid, 10));
    }

    [Fact]
    public async Task A_huge_blob_is_touched_only_as_far_as_wanted()
    {
        await using var world = await GitWorld.StartAsync();
        await world.FetchAsync();
        const long Size = 2L * 1024 * 1024 * 1024;
        var oid = WriteZeros(world.Mirror.Location, Size);
        await using var blobs = world.Mirror.OpenBlobs();
        var before = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();

        var none = await blobs.ReadAsync(oid, 0);
        var begin = await blobs.ReadAsync(oid, 1000);
        var most = await blobs.ReadManyAsync([(oid, 8L)]).SingleAsync();

        Assert.Equal((Size, 0), (none!.Size, none.Bytes.Length));
        Assert.Equal((Size, 1000, false), (begin!.Size, begin.Bytes.Length, begin.Complete));
        Assert.Equal(8, most.Blob!.Bytes.Length);
        // Of the whole process, with other tests beside: far below the blob is what counts.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Size / 2);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task A_blobless_mirror_gets_its_blobs_in_one_request_and_never_by_itself()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "one");
        var head = world.Source.Commit("main", "b.json", "two");
        await world.FetchAsync(GitDepth.Blobless);
        var oids = await world.Mirror.ListTreeAsync(head).Select(entry => entry.Oid).ToListAsync();
        await using var blobs = world.Mirror.OpenBlobs();
        var asked = world.Server.Requests.Count;

        Assert.All(await blobs.ReadManyAsync(oids.Select(oid => (oid, 10L))).ToListAsync(), result => Assert.Null(result.Blob));
        Assert.Equal(2, await world.Mirror.WalkFirstParentAsync(null, head).CountAsync());
        Assert.Equal(asked, world.Server.Requests.Count);

        Assert.Empty(await world.Mirror.FetchBlobsAsync(oids, world.Remote, GitWorld.GiveToken));
        Assert.Equal(["one", "two"], (await blobs.ReadManyAsync(oids.Select(oid => (oid, 10L))).ToListAsync()).Select(result => Encoding.UTF8.GetString(result.Blob!.Bytes.Span)));
        Assert.Equal(1, world.Server.Requests.Skip(asked).Count(request => request.Method == "POST" && request.Path.EndsWith("/git-upload-pack", StringComparison.Ordinal)));

        asked = world.Server.Requests.Count;
        await world.Mirror.FetchBlobsAsync(oids, world.Remote, GitWorld.GiveToken);
        Assert.Equal(asked, world.Server.Requests.Count);

        // What comes later comes without blobs too, and the refs go on.
        var later = world.Source.Commit("main", "c.json", "three");
        Assert.Equal(GitFetchOutcome.Updated, await world.FetchAsync(GitDepth.Blobless));
        Assert.Equal(later, await world.Mirror.ResolveAsync("main"));
        Assert.Equal(3, await world.Mirror.ListTreeAsync(later).CountAsync());
    }

    [Fact]
    public async Task A_blob_that_the_remote_has_lost_does_not_hold_up_the_others()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "one");
        await world.FetchAsync(GitDepth.Blobless);
        var oid = (await world.Mirror.ListTreeAsync(head).SingleAsync()).Oid;

        Assert.Equal([Nowhere], await world.Mirror.FetchBlobsAsync([Nowhere, oid], world.Remote, GitWorld.GiveToken));

        await using var blobs = world.Mirror.OpenBlobs();
        Assert.NotNull(await blobs.ReadAsync(oid, 10));
    }

    [Fact]
    public async Task Another_depth_makes_the_mirror_anew()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "one");
        await world.FetchAsync(GitDepth.Blobless);

        Assert.Equal(GitFetchOutcome.Healed, await world.FetchAsync(GitDepth.Whole));

        await using var blobs = world.Mirror.OpenBlobs();
        Assert.NotNull(await blobs.ReadAsync((await world.Mirror.ListTreeAsync(head).SingleAsync()).Oid, 10));
    }

    /// <summary>A loose object of zeros, streamed to disk: neither the test nor git holds it, and git would take half a minute.</summary>
    private static string WriteZeros(string repository, long size)
    {
        var header = Encoding.ASCII.GetBytes($"blob {size.ToString(CultureInfo.InvariantCulture)}\0");
        var zeros = new byte[1024 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var temporary = Path.Combine(repository, "objects", "zeros");
        using (var file = new ZLibStream(File.Create(temporary), CompressionLevel.Fastest))
        {
            file.Write(header);
            hash.AppendData(header);
            for (long written = 0; written < size; written += zeros.Length)
            {
                file.Write(zeros);
                hash.AppendData(zeros);
            }
        }

        var oid = Convert.ToHexStringLower(hash.GetHashAndReset());
        Directory.CreateDirectory(Path.Combine(repository, "objects", oid[..2]));
        File.Move(temporary, Path.Combine(repository, "objects", oid[..2], oid[2..]));
        return oid;
    }
}
