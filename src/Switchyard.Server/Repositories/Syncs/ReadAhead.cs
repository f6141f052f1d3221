using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Models;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// Reads what items ask for, ahead of who uses it: one stage lists (git log or ls-tree), one reads blobs (one cat-file for
/// all), workers parse and compress, and the caller writes. Bounded by bytes, so memory does not grow with the repository.
/// </summary>
/// <param name="bring">Brings blobs into a blobless mirror before they are read; null where all are there.</param>
internal sealed class ReadAhead(
    GitMirror mirror, ContentStore contents, Func<IReadOnlyCollection<string>, CancellationToken, Task>? bring, TimeProvider time)
{
    private const int BatchBytes = 8 * 1024 * 1024;
    private const int BatchItems = 512;

    /// <summary>Blobs asked of git in one go; of a remote it pays to ask for many.</summary>
    private readonly int listed = bring is null ? 512 : 10_000;

    public async IAsyncEnumerable<ReadBatch> RunAsync(IAsyncEnumerable<WorkItem> source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lists = Channel.CreateBounded<List<WorkItem>>(2);
        var batches = Channel.CreateBounded<Task<ReadBatch>>(2);
        var listing = RunStageAsync(() => ListAsync(source, lists.Writer, stop.Token), lists.Writer, stop);
        var reading = RunStageAsync(() => ReadAsync(lists.Reader, batches.Writer, stop.Token), batches.Writer, stop);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation))
            {
                yield return await batch;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(listing, reading);
            while (batches.Reader.TryRead(out var left))
            {
                await left.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            }
        }
    }

    /// <summary>A stage that fails hands its failure to the next one through the channel.</summary>
    private static async Task RunStageAsync<T>(Func<Task> stage, ChannelWriter<T> output, CancellationTokenSource stop)
    {
        try
        {
            await Task.Run(stage, stop.Token);
            output.TryComplete();
        }
        catch (Exception failure)
        {
            output.TryComplete(failure);
        }
    }

    private async Task ListAsync(IAsyncEnumerable<WorkItem> source, ChannelWriter<List<WorkItem>> output, CancellationToken cancellation)
    {
        var list = new List<WorkItem>();
        var blobs = 0;
        await foreach (var item in source.WithCancellation(cancellation))
        {
            list.Add(item);
            blobs += item is PathChanged { NeedsReading: true } changed ? changed.Unit.Members.Count : 0;
            if (blobs >= listed || list.Count >= 8 * listed)
            {
                await output.WriteAsync(list, cancellation);
                (list, blobs) = ([], 0);
            }
        }

        await output.WriteAsync(list, cancellation);
    }

    private async Task ReadAsync(ChannelReader<List<WorkItem>> lists, ChannelWriter<Task<ReadBatch>> output, CancellationToken cancellation)
    {
        await using var blobs = mirror.OpenBlobs();
        await foreach (var list in lists.ReadAllAsync(cancellation))
        {
            var wanted = list.OfType<PathChanged>().Where(changed => changed.NeedsReading).SelectMany(changed => changed.Unit.Members).ToList();
            if (bring is not null && wanted.Count > 0)
            {
                await bring([.. wanted.Select(member => member.Oid).Distinct(StringComparer.Ordinal)], cancellation);
            }

            await using var answers = blobs.ReadManyAsync(wanted.Select(member => (member.Oid, member.ReadBytes)), cancellation).GetAsyncEnumerator(cancellation);
            var batch = new Batch();
            foreach (var item in list)
            {
                batch.Items.Add(item);
                if (item is PathChanged { NeedsReading: true, Unit: var unit })
                {
                    var files = await TakeAsync(unit, answers);
                    batch.Bytes += files.Sum(file => (long)file.Bytes.Length);
                    batch.Reading.Add(Task.Run(() => unit.Read(files, time, cancellation), cancellation));
                }

                if (batch.Bytes >= BatchBytes || batch.Items.Count >= BatchItems)
                {
                    await output.WriteAsync(FinishAsync(batch, cancellation), cancellation);
                    batch = new Batch();
                }
            }

            // Taken to its end: a reading that is broken off costs git its process, and the next list a new one.
            await answers.MoveNextAsync();
            await output.WriteAsync(FinishAsync(batch, cancellation), cancellation);
        }
    }

    private static async Task<ModelFile[]> TakeAsync(ModelUnit unit, IAsyncEnumerator<GitBlobResult> answers)
    {
        var files = new ModelFile[unit.Members.Count];
        for (var i = 0; i < files.Length; i++)
        {
            await answers.MoveNextAsync();
            files[i] = FileOf(unit.Members[i], answers.Current.Blob);
        }

        return files;
    }

    private static ModelFile FileOf(ModelMember member, GitBlob? blob) =>
        blob is null
            ? throw new GitException(GitErrorKind.Corrupt, $"The blob {member.Oid} of {member.Path} is not in the mirror. The mirror is only a cache: the next fetch makes it anew.")
            : new ModelFile(member.Path, blob.Bytes, blob.Size);

    private async Task<ReadBatch> FinishAsync(Batch batch, CancellationToken cancellation)
    {
        await Task.WhenAll(batch.Reading);
        var units = batch.Items.OfType<PathChanged>().Where(changed => changed.NeedsReading).Select(changed => changed.Unit).ToList();
        await ReadMoreAsync(units.FindAll(unit => unit.WantedBytes is not null), cancellation);

        var found = units.SelectMany(unit => unit.Contents).DistinctBy(content => Convert.ToHexStringLower(content.Sha256), StringComparer.Ordinal).ToList();
        var known = await contents.FindKnownAsync(found.ConvertAll(content => content.Sha256), cancellation);
        var added = found.FindAll(content => !known.Contains(Convert.ToHexStringLower(content.Sha256)));
        var compressed = new Content[added.Count];
        Parallel.For(0, added.Count, new ParallelOptions { CancellationToken = cancellation }, i => compressed[i] = Content.Compress(added[i].Sha256, added[i].Bytes.Span));
        foreach (var unit in units.Where(unit => unit.Facts is not null))
        {
            unit.Forget();
        }

        return new ReadBatch(batch.Items, compressed, units.Count, batch.Bytes);
    }

    /// <summary>Reads the rest of headers that are longer than expected.</summary>
    private async Task ReadMoreAsync(List<ModelUnit> units, CancellationToken cancellation)
    {
        if (units.Count == 0)
        {
            return;
        }

        await using var blobs = mirror.OpenBlobs();
        foreach (var unit in units)
        {
            var files = new ModelFile[unit.Members.Count];
            for (var i = 0; i < files.Length; i++)
            {
                var member = unit.Members[i];
                files[i] = FileOf(member, await blobs.ReadAsync(member.Oid, Math.Max(unit.WantedBytes!.Value, member.ReadBytes), cancellation));
            }

            unit.Read(files, time, cancellation);
        }
    }

    private sealed class Batch
    {
        public readonly List<WorkItem> Items = [];
        public readonly List<Task> Reading = [];

        public long Bytes { get; set; }
    }
}
