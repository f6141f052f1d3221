using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>Two nodes on one PostgreSQL share the work; one of them dies.</summary>
public sealed class TwoNodes
{
    private const int Count = 4000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_dies_in_the_middle_of_a_burst_loses_nothing_and_the_other_goes_on_with_its_lanes()
    {
        await using var stage = await Stage.StartAsync("postgresql");
        await using var other = await stage.StartNodeAsync();
        var guids = Enumerable.Range(0, Count).Select(i => $"nodes-{i:D5}").ToList();
        var source = new DeliverySource();
        // A connection that breaks goes on at the other node, as behind a load balancer.
        var sending = source.SendAsync(guids, [stage.Port, other.Url.Port], 16, insist: true, CancellationToken.None);
        await Waiting.UntilAsync(() => Task.FromResult(source.AcknowledgedCount), count => count >= Count / 3, Limit, "a third is acknowledged");
        await other.KillAsync();
        await sending.WaitAsync(Limit, TimeProvider.System);
        await IntakeKills.WorkedOffAsync(stage);

        var stored = await IntakeKills.OfAsync(stage, "nodes");
        var lost = guids.Except(stored.Select(row => row.Guid), StringComparer.Ordinal).Count();
        var rows = new FaultRows("postgresql");
        rows.Add($"two nodes, one killed in a burst of {Count} deliveries", IntakeKills.Expected(Count), IntakeKills.Counted(true, lost, stored));
        rows.Verify();
    }

    [Fact]
    public async Task The_database_may_restart_under_a_burst()
    {
        await using var stage = await Stage.StartAsync("postgresql");
        var guids = Enumerable.Range(0, Count).Select(i => $"restart-{i:D5}").ToList();
        var source = new DeliverySource();
        var sending = source.SendAsync(guids, [stage.Port], 16, insist: true, CancellationToken.None);
        for (var cut = 1; cut <= 3; cut++)
        {
            var enough = Count * cut / 4;
            await Waiting.UntilAsync(() => Task.FromResult(source.AcknowledgedCount), count => count >= enough, Limit, $"{enough} are acknowledged");
            await stage.Database.CutConnectionsAsync();
        }

        await sending.WaitAsync(Limit, TimeProvider.System);
        await IntakeKills.WorkedOffAsync(stage);
        var stored = await IntakeKills.OfAsync(stage, "restart");
        var lost = guids.Except(stored.Select(row => row.Guid), StringComparer.Ordinal).Count();
        var rows = new FaultRows("postgresql");
        rows.Add($"the database ends all connections, 3 times in a burst of {Count} deliveries", IntakeKills.Expected(Count), IntakeKills.Counted(true, lost, stored));
        rows.Verify();
    }
}
