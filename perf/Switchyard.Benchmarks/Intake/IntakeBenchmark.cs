using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>
/// Deliveries a second that are on disk when they are acknowledged, beside a server that only checks the signature: both in
/// a process of their own, the same load, one after the other.
/// </summary>
internal static class IntakeBenchmark
{
    private const int Connections = 64;

    /// <summary>Until what every Delivery passes through is compiled as well as it will be.</summary>
    private const int Warmup = 60_000;
    private const int Count = 60_000;

    /// <summary>Three repositories for each connection.</summary>
    private const int ManyLanes = 3 * Connections;

    public static async Task RunAsync(Report report)
    {
        await using var floor = await FloorServer.StartAsync();
        var floorRate = await MeasureFloorAsync(floor);
        Console.Error.WriteLine($"  fdatasync of 4 KB: {FdatasyncRate.Measure():#,0}/s");
        await MeasureAsync(DatabaseKind.Sqlite, 0.5, 5_000, floor, floorRate, report);
        if (DatabaseKind.FindPostgreSql() is { } postgres)
        {
            await MeasureAsync(postgres, 0.4, 3_000, floor, floorRate, report);
        }
    }

    private static async Task MeasureAsync(DatabaseKind kind, double target, int workedOff, ServerProcess floor, double floorRate, Report report)
    {
        var name = $"intake, {kind.Name}, ";
        await MeasureAsync(name + "lanes resting", kind, lanes: 0, repositories: 1, floor, floorRate, target, null, report);
        await MeasureAsync(name + "one lane working", kind, lanes: null, repositories: 1, floor, floorRate, target / 2, workedOff, report);
        await MeasureAsync(name + $"{ManyLanes} lanes working", kind, lanes: null, ManyLanes, floor, floorRate, target / 2, workedOff, report);
        await SteadyLanes.MeasureAsync(kind, report);
    }

    private static async Task<double> MeasureFloorAsync(ServerProcess floor)
    {
        var load = new DeliveryLoad(floor.Port, PushPayload.Of(1));
        await load.RunAsync(Connections, Warmup);
        var (rate, latencies) = await load.RunAsync(Connections, Count);
        Console.Error.WriteLine($"  floor: {rate:#,0}/s, p50 {latencies.P50:0.0} ms, p99 {latencies.P99:0.0} ms");
        return rate;
    }

    private static async Task MeasureAsync(
        string name, DatabaseKind kind, int? lanes, int repositories, ServerProcess floor, double floorRate, double target, int? workedOff, Report report)
    {
        var bodies = PushPayload.Of(repositories);
        await using var stage = await IntakeStage.CreateAsync(kind.Administration);
        var (half, paced, memory) = (0.0, new Latencies([]), 0.0);
        await using (var server = await stage.StartServerAsync(lanes))
        {
            var load = new DeliveryLoad(server.Port, bodies);
            await load.RunAsync(Connections, Warmup);
            var left = lanes == 0 ? 0 : await stage.Deliveries.CountAsync();
            var started = TimeProvider.System.GetTimestamp();
            var (rate, latencies) = await load.RunAsync(Connections, Count);
            report.Add(name + ", durable", rate, floorRate, "/s", $">= {target.ToString(CultureInfo.InvariantCulture)} of the floor", higherIsBetter: true);
            report.Add(name + ", p50 and p99 at full rate", $"{Text(latencies.P50)} and {Text(latencies.P99)} ms");
            if (workedOff is { } wanted)
            {
                await stage.Deliveries.UntilEmptyAsync();
                report.Add(name + ", stored and worked off", (left + Count) / TimeProvider.System.GetElapsedTime(started).TotalSeconds, "/s", $">= {wanted:#,0}/s");
            }

            half = rate / 2;
            (_, paced) = await load.RunAsync(Connections, Count / 3, half);
            memory = server.PeakMemory;
        }

        // With the server gone, so that lanes which are still at work take nothing from the floor.
        var (_, floorPaced) = await new DeliveryLoad(floor.Port, bodies).RunAsync(Connections, Count / 3, half);
        report.Add(name + ", p99 at half that rate", paced.P99, floorPaced.P99, "ms", "<= 10 ms", higherIsBetter: false);
        report.Add(name + ", peak memory", memory, "MB", "< 200 MB");
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
