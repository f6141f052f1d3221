using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>A Sync that is stopped before or after any of its writes, and run again by the next process, ends as one that was left alone.</summary>
public sealed class ResumeTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_first_sync_stopped_at_any_write_goes_on_and_ends_the_same(DatabaseKind kind)
    {
        await using var remote = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        MakeHistory(remote);
        var undisturbed = (await remote.FromScratchAsync()).Current;
        for (var (write, stopped) = (1, true); stopped; write += StepOf(kind))
        {
            stopped = false;
            foreach (var after in (bool[])[false, true])
            {
                await using var world = await SyncWorld.StartAsync(kind, origin: remote);
                await world.WishAsync();

                world.Database.StopAt(write, after);
                stopped |= await StopsAsync(world);
                await world.RestartAsync();
                await world.DrainAsync();

                Assert.Equal(undisturbed, (await world.DumpAsync()).Current);
                Assert.Equal(SyncState.Succeeded, (await world.LastAsync())!.State);
                Assert.Equal("Synced", (await world.RepositoryAsync()).Status);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_push_a_force_push_and_a_full_sync_stopped_at_any_write_go_on_and_end_the_same(DatabaseKind kind)
    {
        foreach (var what in (string[])["push", "force push", "full", "ignore"])
        {
            await using var remote = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
            var fork = MakeHistory(remote);
            var before = remote.Source.Sha("main")!;
            if (what == "force push")
            {
                remote.Source.Git(["update-ref", "refs/heads/main", fork]);
            }

            var after = remote.Source.Commit(("a.hck.json", Files.Hackolade("A", "after")), ("b.hck.json", null), ("new.hck.json", Files.Hackolade("New", "n")));
            after = what == "ignore" ? remote.Source.Commit((".switchyardignore", "c*\n")) : after;
            var undisturbed = (await remote.FromScratchAsync()).Current;
            var stopped = true;
            for (var write = 1; stopped; write += StepOf(kind))
            {
                await using var world = await SyncWorld.StartAsync(kind, origin: remote);
                remote.Source.Git(["update-ref", "refs/heads/main", before]);
                await world.SyncAsync();
                remote.Source.Git(["update-ref", "refs/heads/main", after]);
                if (what == "full")
                {
                    await world.Syncs.RequestAsync(world.RepositoryId, SyncMode.Full, null, "tester", CancellationToken.None);
                }

                await world.WishAsync();
                world.Database.StopAt(write, after: write % 2 == 0);
                stopped = await StopsAsync(world);
                await world.RestartAsync();
                await world.DrainAsync();

                Assert.True(undisturbed == (await world.DumpAsync()).Current, $"{what}, stopped at write {write}");
                Assert.Equal(SyncState.Succeeded, (await world.LastAsync())!.State);
            }
        }
    }

    [Fact]
    public async Task The_walk_of_a_first_sync_goes_on_at_its_cursor_and_not_at_the_root()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.ImportChain("a.hck.json", 900);
        await world.WishAsync();
        world.Database.StopAt(11, after: true);
        Assert.True(await StopsAsync(world));
        await world.RestartAsync();
        var walked = (await world.RepositoryAsync()).WalkedPosition;
        await world.DrainAsync();

        Assert.InRange(walked, 1, 899);
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }

    /// <summary>Every write on SQLite; on PostgreSQL, where a fresh database takes much longer to make, every third.</summary>
    private static int StepOf(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? 1 : 3;

    private static async Task<bool> StopsAsync(SyncWorld world)
    {
        try
        {
            await world.DrainAsync();
        }
        catch (ProcessStopped)
        {
            // The lane is gone with its process.
        }

        return world.Database.Stopped;
    }

    /// <summary>Seven commits; gives the one that force pushes go back to.</summary>
    private static string MakeHistory(SyncWorld world)
    {
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("b.hck.json", Files.Hackolade("B", "one")), ("m/MLmodel", Files.MlModel));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")), ("m/requirements.txt", "x==1"));
        var fork = world.Source.Commit(("p.json", Files.Hackolade("P", "one")));
        world.Source.Commit(("p.json", "no longer json"), ("c1.hck.json", Files.Hackolade("C", "one")));
        world.Source.Commit(("c1.hck.json", null), ("c2.hck.json", Files.Hackolade("C", "one")));
        world.Source.Commit(("b.hck.json", null), ("m/requirements.txt", "x==2"));
        world.Source.Commit(("b.hck.json", Files.Hackolade("B", "back")));
        return fork;
    }
}
