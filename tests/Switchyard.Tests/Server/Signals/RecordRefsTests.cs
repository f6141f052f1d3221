using Switchyard.Rules;
using Switchyard.Server.Signals;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

/// <summary>Listings of refs against what Deliveries told, on the real rows; what GitHub lists is given by the test.</summary>
public sealed class RecordRefsTests
{
    private const string Main = "refs/heads/main";

    public static TheoryData<DatabaseKind> Databases => TestDatabases.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_first_listing_is_the_baseline_and_later_moves_are_told_once(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        Assert.Empty(await world.PollAsync((Main, 1), ("refs/tags/v1", 1)));
        world.Time.Advance(TimeSpan.FromMinutes(5));

        var found = await world.PollAsync((Main, 2), ("refs/tags/v1", 1), ("refs/tags/v2", 2), ("refs/heads/topic", 2));
        Assert.Equal([Main, "refs/heads/topic", "refs/tags/v2"], found.Select(signal => signal.Facts.Ref!).Order(StringComparer.Ordinal));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.PollAsync((Main, 2), ("refs/tags/v1", 1), ("refs/tags/v2", 2), ("refs/heads/topic", 2)));

        var main = (await world.SignalsAsync()).Single(row => row.Ref == Main);
        Assert.Equal((SignalKind.Push, "Poll", Pushes.Sha(2), (long?)null), (main.Kind, main.Source, main.Sha, main.DeliveryId));
        Assert.Equal((Pushes.Sha(1), "main", (IReadOnlyList<string>?)null), (main.ReadFacts().Before, main.ReadFacts().Branch, main.ReadFacts().Paths));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_that_comes_after_the_poll_is_the_same_fact(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.PollAsync((Main, 1));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        var pushedAt = world.Seconds - 60;
        await world.PollAsync((Main, 3));

        // Two pushes led there: one is news, the other is what the poll has seen. Copies of both change nothing.
        Assert.Equal("A Signal of the push", await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, pushedAt - 10)));
        Assert.StartsWith("No effect (a poll had found this push: Signal ", await world.DeliverAsync("push", Pushes.Payload(Main, 2, 3, pushedAt)), StringComparison.Ordinal);
        Assert.Equal("No effect (this push is known already)", await world.DeliverAsync("push", Pushes.Payload(Main, 2, 3, pushedAt)));
        Assert.Equal("No effect (this push is known already)", await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, pushedAt - 10)));
        Assert.Equal(Pushes.Sha(3), await world.RefAsync(Main));

        var polled = (await world.SignalsAsync()).Single(row => row.Source == "Poll");
        Assert.Equal((2L, "ann"), (polled.DeliveryId, polled.ReadFacts().Actor));

        // A later push to the same commit is another fact.
        await world.DeliverAsync("push", Pushes.Payload(Main, 3, 1, world.Seconds + 100));
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 3, world.Seconds + 200));
        Assert.Equal(4, (await world.SignalsAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_evaluated_keeps_the_facts_it_was_evaluated_by(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.PollAsync((Main, 1));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.PollAsync((Main, 2));
        await world.Database.WriteAsync(session => session.ExecuteAsync("update signals set evaluated_at = 1"), CancellationToken.None);
        await world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, world.Seconds - 60));

        var row = Assert.Single(await world.SignalsAsync());
        Assert.Equal((1L, "ann", (string?)null), (row.DeliveryId, row.Actor, row.ReadFacts().Actor));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_listing_that_is_older_than_a_delivery_tells_nothing(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        await world.PollAsync((Main, 1));
        world.Time.Advance(TimeSpan.FromMinutes(5));

        // The Delivery is worked off while GitHub lists, and later GitHub's answer comes from a replica that is behind.
        Assert.Empty(await world.PollAsync([(Main, 1)], () => world.DeliverAsync("push", Pushes.Payload(Main, 1, 2, world.Seconds))));
        world.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await world.PollAsync((Main, 1)));
        await world.DeliverAsync("push", Pushes.Payload("refs/heads/topic", 0, 2, world.Seconds));
        await world.DeliverAsync("push", Pushes.Payload("refs/heads/old", 2, 0, world.Seconds));
        Assert.Empty(await world.PollAsync((Main, 1), ("refs/heads/old", 2)));
        Assert.Equal((Pushes.Sha(2), Pushes.Sha(2), Pushes.Sha(0)), (await world.RefAsync(Main), await world.RefAsync("refs/heads/topic"), await world.RefAsync("refs/heads/old")));

        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([Main, "refs/heads/old"], (await world.PollAsync((Main, 1), ("refs/heads/old", 2))).Select(signal => signal.Facts.Ref!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_moved_while_nobody_looked_for_a_week_is_the_baseline_again()
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        await world.PollAsync((Main, 1));
        world.Time.Advance(TimeSpan.FromDays(8));
        Assert.Empty(await world.PollAsync((Main, 2)));
        world.Time.Advance(TimeSpan.FromDays(6));
        Assert.Single(await world.PollAsync((Main, 3)));
    }

    [Fact]
    public async Task A_deleted_branch_is_no_signal_and_its_return_is_one()
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        await world.PollAsync((Main, 1), ("refs/heads/topic", 1));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.PollAsync((Main, 1)));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(Assert.Single(await world.PollAsync((Main, 1), ("refs/heads/topic", 1))).Facts.Before);
    }

    /// <summary>
    /// Branches walk at random. Some moves are never told, the others once to three times and in any order, up to an hour late;
    /// polls look every now and then. Each told move is one Signal, and each state that a poll saw is told by one: that of the
    /// Delivery of the move that led there, or that of the poll where there never was one.
    /// </summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite, 11)]
    [InlineData(DatabaseKind.Sqlite, 12)]
    [InlineData(DatabaseKind.Sqlite, 13)]
    [InlineData(DatabaseKind.Sqlite, 14)]
    [InlineData(DatabaseKind.PostgreSql, 15)]
    [InlineData(DatabaseKind.PostgreSql, 16)]
    public async Task A_random_walk_told_by_deliveries_and_polls_in_any_order_is_one_signal_a_move(DatabaseKind kind, int seed)
    {
        var random = new Random(seed);
        await using var world = await SignalWorld.StartAsync(kind);
        await world.PollAsync();
        var start = world.Seconds + 10;
        var walk = RandomWalk.Make(random, branches: 3, moves: 150, start, longest: 400);
        var told = walk.Where(_ => random.Next(4) > 0).ToHashSet();
        var end = walk[^1].At + 4_000;
        var happenings = told.SelectMany(move => Enumerable.Range(0, random.Next(1, 4)).Select(_ => (At: move.At + random.Next(random.Next(3) == 0 ? 3_600 : 5), Move: (Step?)move)))
            .Concat(Enumerable.Range(0, (int)((end - start) / 300)).Select(number => (At: start + (number * 300L), Move: (Step?)null)))
            .OrderBy(happening => happening.At).ThenBy(_ => random.Next());
        var seen = new HashSet<Step>();
        foreach (var (at, move) in happenings)
        {
            world.Time.Advance(TimeSpan.FromSeconds(at - world.Seconds));
            if (move is not null)
            {
                await world.DeliverAsync("push", Pushes.Payload(move.Ref, move.Before, move.After, move.At));
                continue;
            }

            var state = walk.Where(step => step.At <= at).GroupBy(step => step.Ref).Select(steps => steps.Last()).Where(step => step.After != 0).ToList();
            await world.PollAsync([.. state.Select(step => (step.Ref, step.After))]);
            seen.UnionWith(state);
        }

        var signals = await world.SignalsAsync();
        var byDelivery = signals.Where(row => row.DeliveryId is not null).ToList();
        Assert.Equal(
            told.Where(step => step.After != 0).Select(step => $"{step.Ref} {Pushes.Sha(step.Before)} {Pushes.Sha(step.After)} {step.At}").Order(StringComparer.Ordinal),
            byDelivery.Select(row => $"{row.Ref} {row.ReadFacts().Before ?? RefMove.Nothing} {row.Sha} {row.ReadFacts().OccurredAt.ToUnixTimeSeconds()}").Order(StringComparer.Ordinal));

        // What only a poll has told: the last move before it looked, each once, and none that a Delivery tells.
        var byPoll = signals.Where(row => row.DeliveryId is null).Select(row => walk.Last(step => step.Ref == row.Ref && step.At <= row.OccurredAt / 1000 && Pushes.Sha(step.After) == row.Sha)).ToList();
        Assert.Equal(byPoll.Count, byPoll.Distinct().Count());
        Assert.Empty(byPoll.Intersect(told));
        Assert.Equal([], LastsOf(walk).Where(step => step.After != 0).Except(told).Except(byPoll));
        Assert.NotEmpty(byPoll);
        foreach (var last in LastsOf(walk))
        {
            Assert.Equal(Pushes.Sha(last.After), await world.RefAsync(last.Ref) ?? RefMove.Nothing);
        }
    }

    private static IEnumerable<Step> LastsOf(List<Step> walk) => walk.GroupBy(step => step.Ref).Select(steps => steps.Last());
}
