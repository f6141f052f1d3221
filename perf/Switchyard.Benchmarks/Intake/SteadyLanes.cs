using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>200 deliveries a second of 200 repositories: how long each waits from its arrival to its end, by the server's own clock.</summary>
internal static class SteadyLanes
{
    private const int Lanes = 200;
    private const int Rate = 200;
    private const int Seconds = 30;
    private const int Warmup = 5_000;

    public static async Task MeasureAsync(DatabaseKind kind, Report report)
    {
        await using var stage = await IntakeStage.CreateAsync(kind.Administration);
        await using var server = await stage.StartServerAsync();
        var load = new DeliveryLoad(server.Port, PushPayload.Of(Lanes));
        await load.RunAsync(Lanes, Warmup);
        await stage.Deliveries.UntilEmptyAsync();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await load.RunAsync(Lanes, Rate * Seconds, Rate);
        await stage.Deliveries.UntilEmptyAsync();
        var waits = await stage.Deliveries.HandlingAsync(since);
        if (waits.Count != Rate * Seconds)
        {
            throw new InvalidOperationException($"There are {waits.Count} deliveries instead of {Rate * Seconds}.");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"working off, {kind.Name}, {Rate} deliveries/s over {Lanes} lanes: received to handled, ");
        report.Add(name + "p50", waits.P50, "ms", "-");
        report.Add(name + "p99", waits.P99, "ms", "<= 50 ms");
    }
}
