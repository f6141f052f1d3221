using Switchyard.Rules;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Signals;
using Switchyard.Tests.GitHub.Git;
using Switchyard.Tests.Infrastructure;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

/// <summary>What Syncs find in the history, as Signals.</summary>
public sealed class ModelSignalTests
{
    public static TheoryData<DatabaseKind> Databases => TestDatabases.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Versions_and_removals_after_the_first_sync_are_signals(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("b.hck.json", Files.Hackolade("B", "one")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")));
        await world.SyncAsync();
        Assert.Empty(await ReadAsync(world));

        var commit = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "three")), ("b.hck.json", null), ("c.hck.json", Files.Hackolade("C", "one")));
        var back = world.Source.Commit(("b.hck.json", Files.Hackolade("B", "back")), ("readme.md", "no model"));
        await world.SyncAsync();

        var rows = await ReadAsync(world);
        Assert.Equal(
            [$"{commit} a.hck.json changed 3 A", $"{commit} b.hck.json removed  B", $"{commit} c.hck.json added 1 C", $"{back} b.hck.json added 2 B"],
            rows.Select(Describe).OrderBy(text => text.StartsWith(back, StringComparison.Ordinal)).ThenBy(text => text, StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal((SignalKind.Model, SignalSource.Sync, "acme/models", 4711L), (row.Kind, row.Source, row.RepositoryName, row.GithubRepositoryId)));
        var facts = rows[0].ReadFacts();
        Assert.Equal(("main", "refs/heads/main", (string?)null, "hackolade"), (facts.Branch, facts.Ref, facts.Model!.Change, facts.Model.Format));
        Assert.NotNull(facts.Actor);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Reading_again_what_is_known_is_no_signal(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var first = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "two")));
        await world.SyncAsync();
        await world.RequestAsync(SyncMode.Full);
        await world.RequestAsync(SyncMode.FromCommit, first);
        await world.Database.WriteAsync(session => session.ExecuteAsync("update repositories set parser_version = 'older'"), CancellationToken.None);
        await world.SyncAsync();
        Assert.Empty(await ReadAsync(world));

        // The ignore file has all of the history read again, but what the same push brings is news all the same.
        var commit = world.Source.Commit((".switchyardignore", "drafts/\n"), ("a.hck.json", Files.Hackolade("A", "three")));
        await world.SyncAsync();
        Assert.Equal([$"{commit} a.hck.json changed 3 A"], (await ReadAsync(world)).Select(Describe));
    }

    [Fact]
    public async Task The_first_models_of_a_repository_that_was_empty_are_signals()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        _ = world.Source;
        await world.SyncAsync();
        var commit = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")));
        await world.SyncAsync();
        Assert.Equal([$"{commit} a.hck.json added 1 A"], (await ReadAsync(world)).Select(Describe));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_sync_stopped_at_any_write_and_run_again_gives_each_signal_once(DatabaseKind kind)
    {
        foreach (var what in (string[])["push", "force push", "ignore"])
        {
            await using var remote = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
            var (before, after) = MakeHistory(remote.Source, what);
            var expected = await SignalsAsync(kind, remote, before, after, 0);
            Assert.NotEmpty(expected.Signals);
            for (var write = 1; ; write += kind == DatabaseKind.Sqlite ? 1 : 4)
            {
                var (stopped, signals) = await SignalsAsync(kind, remote, before, after, write);
                Assert.True(expected.Signals.SequenceEqual(signals), $"{what}, stopped at write {write}: {string.Join(", ", signals)}");
                if (!stopped)
                {
                    break;
                }
            }
        }
    }

    private static (string Before, string After) MakeHistory(SourceRepository source, string what)
    {
        source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("b.hck.json", Files.Hackolade("B", "one")));
        var fork = source.Commit(("a.hck.json", Files.Hackolade("A", "two")));
        var before = source.Commit(("a.hck.json", Files.Hackolade("A", "dropped")));
        if (what == "force push")
        {
            source.Git(["update-ref", "refs/heads/main", fork]);
        }

        source.Commit(("a.hck.json", Files.Hackolade("A", "after")), ("b.hck.json", null));
        return (before, source.Commit(("c.hck.json", Files.Hackolade("C", "one")), (what == "ignore" ? ".switchyardignore" : "readme.md", "drafts/\n")));
    }

    private static async Task<(bool Stopped, List<string> Signals)> SignalsAsync(DatabaseKind kind, SyncWorld remote, string before, string after, int stopAt)
    {
        await using var world = await SyncWorld.StartAsync(kind, origin: remote);
        remote.Source.Git(["update-ref", "refs/heads/main", before]);
        await world.SyncAsync();
        remote.Source.Git(["update-ref", "refs/heads/main", after]);
        await world.WishAsync();
        world.Database.StopAt(stopAt, after: stopAt % 2 == 0);
        try
        {
            await world.DrainAsync();
        }
        catch (ProcessStopped)
        {
            // The next process goes on.
        }

        var stopped = world.Database.Stopped;
        await world.RestartAsync();
        await world.DrainAsync();
        return (stopped, (await ReadAsync(world)).ConvertAll(Describe));
    }

    private static string Describe(SignalRow row) =>
        row.ReadFacts() is { Model: { } model } ? $"{row.Sha} {model.Path} {model.Event} {model.Version} {model.Name}" : row.Kind;

    private static Task<List<SignalRow>> ReadAsync(SyncWorld world) =>
        world.Database.ReadAsync(session => session.QueryAsync<SignalRow>("select * from signals order by id"), CancellationToken.None);
}
