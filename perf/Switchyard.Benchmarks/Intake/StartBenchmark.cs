using System.Net;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>From the start of the process to /readyz on a database that has been in use, and the memory of a server that rests.</summary>
internal static class StartBenchmark
{
    private const int Starts = 11;
    private const int Deliveries = 5_000;
    private const int Lanes = 200;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

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
        await using var stage = await IntakeStage.CreateAsync(kind.Administration);
        await using (var first = await stage.StartServerAsync())
        {
            await new DeliveryLoad(first.Port, PushPayload.Of(Lanes)).RunAsync(Lanes, Deliveries);
            await stage.Deliveries.UntilEmptyAsync();
        }

        var (ours, floors) = (new List<double>(), new List<double>());
        for (var i = 0; i < Starts; i++)
        {
            floors.Add(await TimeAsync(FloorServer.StartAsync));
            ours.Add(await TimeAsync(() => stage.StartServerAsync()));
        }

        report.Add($"start, {kind.Name}, existing database: process start to /readyz (median)", Middle(ours), Middle(floors), "ms", "<= 600 ms", higherIsBetter: false);
        report.Add($"start, {kind.Name}: slowest of {Starts}", ours.Max(), "ms", "-");
        report.Add($"start, {kind.Name}: memory at rest", await MemoryAsync(() => stage.StartServerAsync()), await MemoryAsync(FloorServer.StartAsync), "MB", "<= 150 MB", higherIsBetter: false);
    }

    private static async Task<double> TimeAsync(Func<Task<ServerProcess>> start)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var server = await start();
        await UntilReadyAsync(server);
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> MemoryAsync(Func<Task<ServerProcess>> start)
    {
        await using var server = await start();
        await UntilReadyAsync(server);
        await Task.Delay(Rest, TimeProvider.System);
        return server.Memory;
    }

    private static async Task UntilReadyAsync(ServerProcess server)
    {
        using var http = new HttpClient();
        var url = new Uri($"http://127.0.0.1:{server.Port}/readyz");
        for (var tries = 0; tries < 1_000; tries++)
        {
            using var response = await http.GetAsync(url);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        throw new TimeoutException($"{url} does not say that the server is ready.");
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
