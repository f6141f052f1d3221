using Switchyard.Server.Models;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class RetentionTests
{
    private static readonly TimeSpan OverAWeek = TimeSpan.FromDays(8);

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Old_Syncs_go_and_the_last_twenty_and_those_not_over_stay(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")));
        for (var i = 0; i < 25; i++)
        {
            await world.SyncAsync();
        }

        var first = await world.CountAsync("select min(id) from syncs");
        await world.ExpireSyncs.RunAsync(CancellationToken.None);
        Assert.Equal(25, await world.CountAsync("select count(*) from syncs"));

        world.Time.Advance(TimeSpan.FromDays(91));
        await world.SyncAsync();
        await world.Syncs.RequestAsync(world.RepositoryId, SyncMode.Recent, null, "tester", CancellationToken.None);
        await world.ExpireSyncs.RunAsync(CancellationToken.None);

        Assert.Equal((20, first + 7), (await world.CountAsync("select count(*) from syncs"), await world.CountAsync("select min(id) from syncs")));
        Assert.Equal(1, await world.CountAsync("select count(*) from syncs where state = 'Queued'"));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Contents_that_nothing_refers_to_go_after_a_week_and_the_others_never(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("m/MLmodel", Files.MlModel), ("m/conda.yaml", "name: x"));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")));
        await world.SyncAsync();
        var used = await world.CountAsync("select count(*) from contents");
        Assert.Equal(5, used);
        await AddAsync(world, "nobody's");
        await AddAsync(world, "wanted later");

        await ExpireAsync(world);
        Assert.Equal(used + 2, await world.CountAsync("select count(*) from contents"));
        Assert.Equal(2, await world.CountAsync("select count(*) from orphaned_contents"));

        // A Sync that meets a marked content stores it again, however it was marked, and it stays.
        world.Time.Advance(OverAWeek);
        world.Source.Commit(("late.avsc", "\"string\""));
        await AddAsync(world, "\"string\"", orphaned: true);
        Assert.Empty(await world.Contents.FindKnownAsync([Content("\"string\"").Sha256], CancellationToken.None));
        await world.SyncAsync();
        await AddAsync(world, "wanted later");
        await ExpireAsync(world);

        Assert.Equal(used + 2, await world.CountAsync("select count(*) from contents"));
        Assert.Equal(["wanted later"], await OrphansAsync(world, "nobody's", "wanted later", "\"string\""));
        Assert.DoesNotContain((await world.DumpAsync()).Versions, line => line.EndsWith("LOST", StringComparison.Ordinal));

        await world.Unlinking.RequestAsync(world.RepositoryId, CancellationToken.None);
        await world.DrainAsync();
        await ExpireAsync(world);
        world.Time.Advance(OverAWeek);
        await ExpireAsync(world);
        Assert.Equal(0, await world.CountAsync("select count(*) from contents"));
    }

    private static Content Content(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return Switchyard.Server.Models.Content.Compress(System.Security.Cryptography.SHA256.HashData(bytes), bytes);
    }

    private static Task<bool> AddAsync(SyncWorld world, string text, bool orphaned = false) =>
        world.Database.WriteAsync(
            async session =>
            {
                var content = Content(text);
                await ContentStore.AddAsync(session, [content]);
                if (orphaned)
                {
                    await session.ExecuteAsync("insert into orphaned_contents (sha256, orphaned_at) values (@Sha256, 0)", new { content.Sha256 });
                }

                return true;
            },
            CancellationToken.None);

    private static async Task<List<string>> OrphansAsync(SyncWorld world, params string[] texts)
    {
        var marked = await world.Database.ReadAsync(session => session.QueryAsync<byte[]>("select sha256 from orphaned_contents"), CancellationToken.None);
        return [.. texts.Where(text => marked.Exists(sha256 => sha256.AsSpan().SequenceEqual(Content(text).Sha256)))];
    }

    private static Task ExpireAsync(SyncWorld world) => world.ExpireContents.RunAsync(CancellationToken.None);
}
