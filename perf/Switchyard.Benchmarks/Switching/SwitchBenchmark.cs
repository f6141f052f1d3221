using System.Globalization;
using Switchyard.Benchmarks.Harness;
using Switchyard.Benchmarks.Intake;

namespace Switchyard.Benchmarks.Switching;

/// <summary>
/// From a webhook received to its Dispatch ready to be sent: stored, evaluated, its intent committed, its target found, and its
/// first Attempt begun. By the server's own clock, with no quiet period and no gate, over as many installations as pacing asks for.
/// </summary>
internal static class SwitchBenchmark
{
    /// <summary>Pacing lets one of content a second through for each installation.</summary>
    private const int Installations = 200;

    private static readonly (int Rate, int Seconds)[] Loads = [(1, 30), (50, 30), (200, 30)];

    public static async Task RunAsync(Report report)
    {
        await MeasureAsync(DatabaseKind.Sqlite, report);
        if (DatabaseKind.FindPostgreSql() is { } postgres)
        {
            await MeasureAsync(postgres, report);
        }
    }

    private static async Task MeasureAsync(DatabaseKind kind, Report report)
    {
        await using var stage = await SwitchStage.StartAsync(kind, Installations);
        var load = new DeliveryLoad(stage.Server.Port, stage.Pushes, SwitchStage.WebhookPath);
        await LoadAsync(stage, load, 100, 10);
        foreach (var (rate, seconds) in Loads)
        {
            var waits = await LoadAsync(stage, load, rate, seconds);
            var name = string.Create(CultureInfo.InvariantCulture, $"webhook received to dispatch ready to send, {kind.Name}, {rate} deliveries/s over {Installations} installations, ");
            report.Add(name + "p50", waits.P50, "ms", "-");
            report.Add(name + "p99", waits.P99, "ms", rate == 50 ? "< 250 ms" : "-");
        }

        report.Add($"the same, {kind.Name}: peak memory", stage.Server.PeakMemory, "MB", "< 300 MB");
    }

    private static async Task<Latencies> LoadAsync(SwitchStage stage, DeliveryLoad load, int rate, int seconds)
    {
        var before = (await stage.Tables.ReadAsync("select coalesce(max(id), 0) from dispatches"))[0];
        await load.RunAsync(Math.Min(rate, Installations), rate * seconds, rate);
        await Sync.Hub.UntilAsync(
            async () => (await stage.Tables.ReadAsync($"select count(*) from dispatches where id > {before} and attempts > 0"))[0] == rate * seconds ? "all" : null,
            TimeSpan.FromMilliseconds(500),
            "the dispatches");
        return new Latencies([.. (await stage.Tables.ReadAsync(
            $"""
            select a.started_at - v.received_at from dispatches d join dispatch_attempts a on a.dispatch_id = d.id and a.number = 1
              join signals s on s.id = d.signal_id join deliveries v on v.id = s.delivery_id where d.id > {before}
            """)).Select(value => (double)value)]);
    }
}
