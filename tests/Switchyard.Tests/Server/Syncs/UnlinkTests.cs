using Switchyard.Server.Repositories;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class UnlinkTests
{
    private static readonly string[] Tables = ["models", "versions", "removals", "commits", "syncs", "repository_reasons", "repository_ignored"];

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Stopped_after_any_write_it_is_cleared_away_by_the_next_process_and_comes_back_whole(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")), ("b.avsc", "{"), (".switchyardignore", "left/\n"), ("left/x.hck.json", Files.Hackolade("X", "1")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1", "2")));
        world.Source.Commit(("a.hck.json", null));
        var stops = 0;
        for (var done = false; !done; stops++)
        {
            await world.SyncAsync();
            Assert.NotNull(await world.Unlinking.RequestAsync(world.RepositoryId, CancellationToken.None));
            Assert.Null(await world.Unlinking.RequestAsync(world.RepositoryId, CancellationToken.None));
            Assert.Null(await world.Repositories.FindAsync(world.RepositoryId, CancellationToken.None));
            await Assert.ThrowsAsync<StillUnlinkingException>(() => world.LinkAgainAsync(byName: true));

            world.Database.StopAt(stops + 1, after: stops % 2 == 0);
            try
            {
                await world.DrainAsync();
                done = true;
            }
            catch (Exception) when (world.Database.Stopped)
            {
                await world.RestartAsync();
                if ((await world.Lane.FindDueLanesAsync(CancellationToken.None)).Count > 0)
                {
                    await world.DrainAsync();
                }
            }

            world.Database.StopAt(0, after: false);
            foreach (var table in Tables)
            {
                Assert.Equal((table, 0), (table, await world.CountAsync($"select count(*) from {table}")));
            }

            Assert.Empty(await world.Lane.FindDueLanesAsync(CancellationToken.None));
            Assert.Null(await world.LinkAgainAsync());
            Assert.Equal(world.RepositoryId, await world.LinkAgainAsync(byName: true));
        }

        Assert.True(stops > 6);
        await world.SyncAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }
}
