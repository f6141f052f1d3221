using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Five pushes a second over 200 small repositories, at random moments as people push: from the delivery received to the
/// Version visible, and whose processor time it took.
/// </summary>
internal static class PushLoadBenchmark
{
    private const int Repositories = 200;
    private const int Rate = 5;
    private const int Seconds = 60;
    private const int Pushes = Rate * Seconds;
    private const int FloorPushes = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Report report)
    {
        await using var hub = await Hub.StartAsync(new Dictionary<string, string>());
        var pushes = await PreparedPush.MakeAsync(hub, Repositories, Pushes);
        await hub.InstallAsync("acme");
        await Hub.UntilAsync(
            async () => (await hub.GetAsync("repositories?limit=200"))["items"]!.AsArray().Count(item => item!["status"]!.ToString() == "Synced") == Repositories ? "all" : null,
            TimeSpan.FromMilliseconds(200),
            "the first Syncs");
        var floor = await MeasureFloorAsync(hub, pushes);

        var before = Usage.Of(hub);
        var latencies = await LoadAsync(hub, pushes);
        var used = Usage.Of(hub).Since(before);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Rate} pushes/s over {Repositories} repositories: ");
        report.Add(name + "delivery received to Version visible, p50", latencies.P50, floor, "ms", "-", higherIsBetter: false);
        report.Add(name + "delivery received to Version visible, p99", latencies.P99, "ms", "<= 1,000 ms");
        report.Add(name + "processor a push, server and its git", used.Server / Pushes, "ms", "-");
        report.Add(name + "processor a push, simulated GitHub and its git", used.GitHub / Pushes, "ms", "-");
        report.Add(name + "processor a push, generator", used.Generator / Pushes, "ms", "-");
    }

    private static async Task<double> MeasureFloorAsync(Hub hub, List<PreparedPush> pushes)
    {
        var times = new List<double>();
        foreach (var push in pushes.Take(FloorPushes))
        {
            var mirror = hub.FileOf($"{push.Branch}.git");
            await GitCommand.RunAsync(null, ["init", "--quiet", "--bare", mirror]);
            await GitCommand.RunAsync(mirror, ["fetch", "--quiet", hub.RemoteOf(push.Repository).AbsoluteUri, "+refs/heads/main:refs/heads/main"]);
            times.Add(await PushFloor.TimeAsync(mirror, hub.RemoteOf(push.Repository), "refs/heads/" + push.Branch, push.Before, push.Sha));
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static async Task<Latencies> LoadAsync(Hub hub, List<PreparedPush> pushes)
    {
        await using var watch = await VersionWatch.OpenAsync(hub.DatabaseFile);
        var started = TimeProvider.System.GetTimestamp();
        var pushing = PushAllAsync(hub, pushes, started);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (seen.Count < pushes.Count)
        {
            await Task.Delay(Pause, TimeProvider.System);
            foreach (var sha in await watch.NextAsync())
            {
                seen[sha] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            }

            if (pushing.IsFaulted || TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(Seconds) + Patience)
            {
                await pushing;
                throw new TimeoutException($"Only {seen.Count} of {pushes.Count} pushes became Versions.");
            }
        }

        await pushing;
        var received = await watch.ReceivedAsync();
        return new Latencies([.. pushes.Select(push => (double)(seen[push.Sha] - received[push.Sha]))]);
    }

    private static async Task PushAllAsync(Hub hub, List<PreparedPush> pushes, long started)
    {
        var random = new Random(1);
        var moments = pushes.Select(_ => TimeSpan.FromSeconds(Seconds * random.NextDouble())).Order().ToArray();
        for (var i = 0; i < pushes.Count; i++)
        {
            var wait = moments[i] - TimeProvider.System.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System);
            }

            await pushes[i].PushAsync(hub);
        }
    }

    /// <summary>Processor time so far, in milliseconds.</summary>
    private sealed record Usage(double Server, double GitHub, double Generator)
    {
        public static Usage Of(Hub hub) =>
            new(hub.Server.ProcessorTime.TotalMilliseconds, hub.GitHub.ProcessorTime.TotalMilliseconds, Environment.CpuUsage.TotalTime.TotalMilliseconds);

        public Usage Since(Usage before) => new(Server - before.Server, GitHub - before.GitHub, Generator - before.Generator);
    }
}
