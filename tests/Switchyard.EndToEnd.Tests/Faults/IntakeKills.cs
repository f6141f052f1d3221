using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended at each boundary between a request and its effects, and in the middle of a burst.</summary>
public sealed class IntakeKills
{
    private const int Count = 128;
    private const int Burst = 10_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_each_named_boundary_nothing_acknowledged_is_lost_and_nothing_is_stored_or_handled_twice(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var random = new Random(4);
        foreach (var point in (string[])[.. KillPoints.Intake, .. KillPoints.WorkingOff])
        {
            var guids = Enumerable.Range(0, Count).Select(i => $"{point}-{i}").ToList();
            var hit = random.Next(2, 6);
            stage.Faults.Arm(point, hit);
            var source = new DeliverySource();
            await source.SendAsync(guids, [stage.Port], 8, insist: false, CancellationToken.None);
            var fell = await stage.FallAsync(Limit);
            var acknowledged = source.Acknowledged.ToHashSet(StringComparer.Ordinal);

            await stage.StartServerAsync();
            await WorkedOffAsync(stage);
            var lost = acknowledged.Except((await OfAsync(stage, point)).Select(row => row.Guid), StringComparer.Ordinal).Count();
            await source.SendAsync(guids, [stage.Port], 8, insist: true, CancellationToken.None);
            await WorkedOffAsync(stage);
            rows.Add(
                $"kill -9 at {point} (time {hit})",
                Expected(Count),
                Counted(fell, lost, await OfAsync(stage, point)) + $"; acknowledged before: {acknowledged.Count}",
                fell && Counted(fell, lost, await OfAsync(stage, point)) == Expected(Count));
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_ten_random_moments_of_a_burst_nothing_acknowledged_is_lost_and_nothing_is_stored_or_handled_twice(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var random = new Random(10_000);
        var moments = Enumerable.Range(0, 10).Select(_ => random.Next(Burst / 50, Burst)).Order().ToList();
        var guids = Enumerable.Range(0, Burst).Select(i => $"burst-{i:D5}").ToList();
        var source = new DeliverySource();
        stage.Faults.ReachedSince();
        var sending = source.SendAsync(guids, [stage.Port], 16, insist: true, CancellationToken.None);
        var hits = new List<string>();
        foreach (var moment in moments)
        {
            await Waiting.UntilAsync(() => Task.FromResult(source.AcknowledgedCount), count => count >= moment, Limit, $"{moment} deliveries are acknowledged");
            await stage.KillAsync();
            hits.Add(stage.Faults.ReachedSince() is [.., var last] ? last : "nothing");
            await stage.StartServerAsync();
        }

        await sending.WaitAsync(Limit, TimeProvider.System);
        await WorkedOffAsync(stage);
        var stored = await OfAsync(stage, "burst");
        var lost = guids.Except(stored.Select(row => row.Guid), StringComparer.Ordinal).Count();
        var rows = new FaultRows(kind);
        var counted = Counted(true, lost, stored);
        rows.Add($"kill -9 at 10 random moments of a burst of {Burst} deliveries", Expected(Burst), $"{counted}; last points: {string.Join(", ", hits)}", counted == Expected(Burst));
        rows.Verify();
    }

    internal static string Expected(int count) => $"ended there, 0 acknowledged lost, {count} rows, {count} distinct, {count} handled in one attempt";

    internal static string Counted(bool fell, int lost, List<Hub.Received> rows) =>
        $"{(fell ? "ended there" : "NOT ended")}, {lost} acknowledged lost, {rows.Count} rows, {rows.DistinctBy(row => row.Guid).Count()} distinct, " +
        $"{rows.Count(row => row is { State: "Handled", Attempts: 1 })} handled in one attempt";

    internal static Task WorkedOffAsync(Stage stage) =>
        Waiting.UntilAsync(stage.Hub.PendingDeliveriesAsync, pending => pending == 0, Limit, "all deliveries are worked off");

    internal static async Task<List<Hub.Received>> OfAsync(Stage stage, string prefix) =>
        [.. (await stage.Hub.DeliveriesAsync()).Where(row => row.Guid.StartsWith(prefix + "-", StringComparison.Ordinal))];
}
