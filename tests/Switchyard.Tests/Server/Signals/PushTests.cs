using Switchyard.Rules;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

public sealed class PushTests
{
    private const string Main = "refs/heads/main";

    public static TheoryData<DatabaseKind> Databases => TestDatabases.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_push_is_one_signal_with_its_facts(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        var outcome = await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 1_000, commits: [Pushes.Commit("b.json", "a.json"), Pushes.Commit("a.json")]));

        Assert.Equal("A Signal of the push", outcome);
        var row = Assert.Single(await world.SignalsAsync());
        Assert.Equal(("push", "Webhook", Main, Pushes.Sha(2), "ann", "acme/models", 1L), (row.Kind, row.Source, row.Ref, row.Sha, row.Actor, row.RepositoryName, row.DeliveryId));
        Assert.Equal(1_000_000, row.OccurredAt);
        Assert.Null(row.EvaluatedAt);
        var facts = row.ReadFacts();
        Assert.Equal(("main", Pushes.Sha(1), "User", "acme/models", "main", true), (facts.Branch, facts.Before, facts.ActorType, facts.Source!.FullName, facts.Source.DefaultBranch, facts.Source.Private));
        Assert.Equal(["a.json", "added.md", "b.json"], facts.Paths);
        Assert.Equal(Pushes.Sha(2), await world.RefAsync(Main));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Copies_of_a_push_are_no_news(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 1_000));

        Assert.Equal("No effect (this push is known already)", await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 1_000)));
        Assert.Equal("No effect (this push is known already)", await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 1_000), again: 1));
        Assert.Single(await world.SignalsAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_branch_that_goes_forth_and_back_counts_each_time(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        foreach (var (before, after, at) in ((int, int, long)[])[(1, 2, 10), (2, 1, 20), (1, 2, 30), (2, 1, 40)])
        {
            await world.DeliverAsync("push", Pushes.Payload(Main, before, after, at));
        }

        Assert.Equal([Pushes.Sha(2), Pushes.Sha(1), Pushes.Sha(2), Pushes.Sha(1)], (await world.SignalsAsync()).Select(row => row.Sha));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_the_time_of_the_push_an_equal_move_counts_when_the_branch_was_back(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, null));
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, null));
        await world.DeliverAsync("push", Pushes.Payload(Main, 2, 1, null));
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, null), again: 1);
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, null));
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, null));

        Assert.Equal([Pushes.Sha(2), Pushes.Sha(1), Pushes.Sha(2)], (await world.SignalsAsync()).Select(row => row.Sha));
        Assert.Equal(Pushes.Sha(2), await world.RefAsync(Main));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_tag_is_a_signal_of_the_commit_it_points_to_and_its_deletion_none(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        Assert.Equal("A Signal of the tag", await world.DeliverAsync("push", Pushes.Payload("refs/tags/v1", 0, 7, 10, commit: Pushes.Sha(3))));
        await world.DeliverAsync("push", Pushes.Payload("refs/tags/v1", 7, 8, 20, commit: Pushes.Sha(4)));
        Assert.Equal("No effect (tag v1 was deleted)", await world.DeliverAsync("push", Pushes.Payload("refs/tags/v1", 8, 0, 30)));

        var rows = await world.SignalsAsync();
        Assert.Equal([(SignalKind.Tag, Pushes.Sha(3)), (SignalKind.Tag, Pushes.Sha(4))], rows.Select(row => (row.Kind, row.Sha)));
        Assert.Equal(("v1", (string?)null), (rows[0].ReadFacts().Tag, rows[0].ReadFacts().Before));
        Assert.Equal(Pushes.Sha(0), await world.RefAsync("refs/tags/v1"));
    }

    [Theory]
    [InlineData("refs/notes/commits", "No effect (it tells of no move of a branch or a tag)")]
    [InlineData("refs/heads/", "No effect (it tells of no move of a branch or a tag)")]
    public async Task Other_refs_are_no_signals(string name, string expected)
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        Assert.Equal(expected, await world.DeliverAsync("push", Pushes.Payload(name, 1, 2, 10)));
        Assert.Empty(await world.SignalsAsync());
    }

    [Fact]
    public async Task Paths_are_unknown_where_the_list_of_commits_may_not_be_whole()
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 10, forced: true, commits: [Pushes.Commit("a")]));
        await world.DeliverAsync("push", Pushes.Payload(Main, 2, 3, 20, commits: []));
        await world.DeliverAsync("push", Pushes.Payload("refs/heads/new", 0, 3, 30, commits: [Pushes.Commit("a")]));
        await world.DeliverAsync("push", Pushes.Payload(Main, 3, 4, 40, commits: [.. Enumerable.Repeat(Pushes.Commit("a"), 2_048)]));
        await world.DeliverAsync("push", Pushes.Payload(Main, 4, 5, 50, commits: [Pushes.Commit([.. Enumerable.Range(0, 2_999).Select(i => "file" + i)])]));
        Assert.All(await world.SignalsAsync(), row => Assert.Null(row.ReadFacts().Paths));

        await world.DeliverAsync("push", Pushes.Payload(Main, 5, 6, 60, commits: [.. Enumerable.Repeat(Pushes.Commit("a"), 2_047)]));
        Assert.Equal(["a", "added.md"], (await world.SignalsAsync())[^1].ReadFacts().Paths);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_late_push_does_not_set_a_branch_back(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.DeliverAsync("push", Pushes.Payload(Main, 2, 3, 20));
        Assert.Equal("A Signal of the push", await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, 10)));
        Assert.Equal(Pushes.Sha(3), await world.RefAsync(Main));

        // Within one second the one that goes on from where the branch is comes later.
        await world.DeliverAsync("push", Pushes.Payload(Main, 3, 4, 20));
        Assert.Equal(Pushes.Sha(4), await world.RefAsync(Main));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pushes_of_one_batch_are_told_apart_and_one_that_a_poll_had_found_is_taken_over(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.PollAsync((Main, 1));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.PollAsync((Main, 3));
        var at = world.Seconds - 60;
        object[] batch = [Pushes.Payload(Main, 2, 3, at), Pushes.Payload(Main, 1, 2, at - 1), Pushes.Payload("refs/tags/v1", 0, 3, at), Pushes.Payload("refs/heads/old", 3, 0, at)];

        var outcomes = await world.DeliverPushesAsync(batch);
        Assert.StartsWith("No effect (a poll had found this push", outcomes[0], StringComparison.Ordinal);
        Assert.Equal(["A Signal of the push", "A Signal of the tag", "No effect (branch old was deleted)"], outcomes[1..]);
        Assert.All((await world.DeliverPushesAsync(batch.Take(3).Append(Pushes.Payload(Main, 3, 4, at + 600))))[..3], outcome => Assert.Equal("No effect (this push is known already)", outcome));
        Assert.Equal(4, (await world.SignalsAsync()).Count);
        Assert.Equal(Pushes.Sha(4), await world.RefAsync(Main));

        Assert.All(await world.DeliverPushesAsync([Pushes.Payload(Main, 4, 5, at + 601), Pushes.Payload(Main, 5, 6, at + 602)]), outcome => Assert.Equal("A Signal of the push", outcome));
        Assert.Equal(Pushes.Sha(6), await world.RefAsync(Main));
    }

    /// <summary>
    /// Three branches walk at random over few commits, so that equal moves are frequent. What is told of it comes once to three times
    /// (the App's hook, a repository's hook, a recovered one), in any order.
    /// </summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1)]
    [InlineData(DatabaseKind.Sqlite, 2)]
    [InlineData(DatabaseKind.Sqlite, 3)]
    [InlineData(DatabaseKind.PostgreSql, 4)]
    [InlineData(DatabaseKind.PostgreSql, 5)]
    public async Task A_random_walk_told_in_any_order_and_number_is_one_signal_a_move(DatabaseKind kind, int seed)
    {
        var random = new Random(seed);
        await using var world = await SignalWorld.StartAsync(kind);
        var walk = RandomWalk.Make(random, branches: 3, moves: 120);
        var told = walk.SelectMany(move => Enumerable.Repeat(move, random.Next(1, 4))).ToArray();
        random.Shuffle(told);
        for (var (next, size) = (0, 1); next < told.Length; next += size)
        {
            size = random.Next(1, 12);
            await world.DeliverPushesAsync(told.Skip(next).Take(size).Select(move => Pushes.Payload(move.Ref, move.Before, move.After, move.At)));
        }

        var expected = walk.Where(move => move.After != 0).Select(move => $"{move.Ref} {Pushes.Sha(move.After)} {move.At}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, (await world.SignalsAsync()).Select(row => $"{row.Ref} {row.Sha} {row.OccurredAt / 1000}").Order(StringComparer.Ordinal));
        foreach (var last in walk.GroupBy(move => move.Ref).Select(moves => moves.Last()))
        {
            Assert.Equal(Pushes.Sha(last.After), await world.RefAsync(last.Ref));
        }
    }
}
