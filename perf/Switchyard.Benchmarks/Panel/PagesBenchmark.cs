using Switchyard.Benchmarks.Harness;
using Switchyard.Benchmarks.Intake;
using Switchyard.Server.Access;

namespace Switchyard.Benchmarks.Panel;

/// <summary>How long the server takes for each page of a full hub.</summary>
internal static class PagesBenchmark
{
    private const int Warmup = 10;
    private const int Count = 40;

    private static readonly string[] Paths =
    [
        "/",
        "/repositories", "/repositories?q=repository-9&health=Degraded", "/repositories/bench/acme/repository-500", "/repositories/bench/acme/repository-500?tab=syncs", "/syncs", "/syncs/100",
        "/models", "/models?q=customer&format=avro", "/models?q=nothing-like-it", "/models/bench/acme/repository-5/schemas/area-5/customer-5.avsc", "/models/bench/acme/repository-5/schemas/area-5/customer-5.avsc?tab=schema", "/search?q=customer",
        "/deliveries", "/deliveries?state=Dead", "/deliveries?repository=acme/repository-7", "/deliveries/50000", "/signals", "/signals/50000", "/evaluations/50000",
        "/rules", "/rules/7", "/dispatches", "/dispatches?state=Failed", "/dispatches/5000", "/pending", "/activity",
        "/admin/providers", "/admin/providers/bench", "/admin/access", "/admin/tokens", "/admin/secrets", "/admin/audit", "/admin/system",
    ];

    public static async Task RunAsync(Report report)
    {
        await RunAsync(DatabaseKind.Sqlite, report);
        if (DatabaseKind.FindPostgreSql() is { } postgres)
        {
            await RunAsync(postgres, report);
        }
    }

    private static async Task RunAsync(DatabaseKind kind, Report report)
    {
        await using var stage = await IntakeStage.CreateAsync(kind.Administration);
        var secret = "";
        await stage.SeedAsync(async services => secret = await FullHub.FillAsync(services));
        await using var server = await stage.StartServerAsync();
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        http.DefaultRequestHeaders.Add("Cookie", $"{Session.CookieName}={secret}");
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var (slowest, slowestPath) = (0.0, "");
        foreach (var path in Paths)
        {
            var times = new double[Count];
            var size = 0;
            for (var i = -Warmup; i < Count; i++)
            {
                var started = TimeProvider.System.GetTimestamp();
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
                var page = await answer.Content.ReadAsByteArrayAsync();
                if (!answer.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}");
                }

                if (i >= 0)
                {
                    (times[i], size) = (TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, page.Length);
                }
            }

            var latencies = new Latencies(times);
            report.Add($"{kind.Name}, {path}: p50, p99, size", FormattableString.Invariant($"{latencies.P50:0.0} ms, {latencies.P99:0.0} ms, {size / 1024.0:0} KB"));
            (slowest, slowestPath) = latencies.P99 > slowest ? (latencies.P99, path) : (slowest, slowestPath);
        }

        report.Add($"{kind.Name}, the slowest page ({slowestPath}): p99", slowest, "ms", "< 200 ms");
        report.Add($"{kind.Name}, memory after all pages", server.PeakMemory, "MB", "-");
    }
}
