using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Full Syncs by a real server from a simulated GitHub, beside the same work done in series by git and a plain SQLite file;
/// then one push on top, and a poll that finds nothing.
/// </summary>
internal static class SyncBenchmark
{
    private const int Repeats = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(Report report)
    {
        await MeasureBigAsync(report);
        await MeasureFixturesAsync(report);
        await PollBenchmark.RunAsync(report);
    }

    private static async Task MeasureBigAsync(Report report)
    {
        var (big, small) = (GeneratedRepository.Big, GeneratedRepository.Small);
        var sources = new Dictionary<string, string> { [big.Name] = await big.MakeAsync(), [small.Name] = await small.MakeAsync() };
        foreach (var isWarm in (bool[])[true, false])
        {
            var floors = new List<SyncFloor>();
            var runs = new List<FullSync>();
            for (var i = 0; i < Repeats; i++)
            {
                await using var hub = await Hub.StartAsync(sources);
                floors.Add(await SyncFloor.MeasureAsync(hub.RemoteOf(big.Name), hub.FileOf("floor.git"), hub.FileOf("floor.db")));
                if (isWarm)
                {
                    await FullSync.MeasureAsync(hub, small.Name, small.Models);
                }

                runs.Add(await FullSync.MeasureAsync(hub, big.Name, big.Models));
                var (floor, run) = (floors[^1], runs[^1]);
                Console.Error.WriteLine(FormattableString.Invariant(
                    $"  run {i + 1}: floor clone {floor.Cloning:0.00} read {floor.Reading:0.00} parse {floor.Parsing:0.00} insert {floor.Inserting:0.00} s; first {run.First:0.00} models {run.AllModels:0.00} versions {run.Whole:0.00} s, processor {run.ProcessorTime:0.00} s"));
                if (run.Versions != big.Versions)
                {
                    throw new InvalidOperationException($"The hub has {run.Versions} versions instead of {big.Versions}.");
                }

                if (isWarm && i == Repeats - 1)
                {
                    await PushBenchmark.RunAsync(hub, big.Name, report);
                }
            }

            var what = $"sync, 10,000 models, 1,000 commits, {(isWarm ? "server that has run" : "server just started")}: ";
            var clone = Median(floors, floor => floor.Cloning);
            var serial = Median(floors, floor => floor.Serial);
            report.Add(what + "first models visible", Median(runs, run => run.First), clone, "s", "<= clone + 0.5 s", higherIsBetter: false);
            report.Add(what + "all models visible", Median(runs, run => run.AllModels), serial, "s", "-", higherIsBetter: false);
            report.Add(what + "all versions", Median(runs, run => run.Whole), serial, "s", "<= 1.5 x", higherIsBetter: false);
            report.Add(what + "peak memory", Median(runs, run => run.PeakMemory), "MB", "< 300 MB");
        }
    }

    private static async Task MeasureFixturesAsync(Report report)
    {
        foreach (var (name, models) in new[] { ("sample-data-models", 71), ("books", 141) })
        {
            var bundle = Checkout.Shared is { } shared ? Path.Combine(shared, "fixtures", "models", name + ".bundle") : null;
            if (!File.Exists(bundle))
            {
                Console.Error.WriteLine($"  SKIPPED fixture {name}: fixtures/models/{name}.bundle is not in ../shared (or SWITCHYARD_SHARED)");
                continue;
            }

            var full = "acme/" + name;
            var small = GeneratedRepository.Small;
            var sources = new Dictionary<string, string> { [full] = bundle, [small.Name] = await small.MakeAsync() };
            var floors = new List<double>();
            var runs = new List<FullSync>();
            for (var i = 0; i < Repeats; i++)
            {
                await using var hub = await Hub.StartAsync(sources);
                var floor = await SyncFloor.MeasureAsync(hub.RemoteOf(full), hub.FileOf("floor.git"), hub.FileOf("floor.db"));
                await FullSync.MeasureAsync(hub, small.Name, small.Models);
                floors.Add(floor.Cloning + floor.Reading);
                runs.Add(await FullSync.MeasureAsync(hub, full, null));
            }

            report.Add($"sync, fixture {name} ({models.ToString(CultureInfo.InvariantCulture)} models), server that has run: all versions", Median(runs, run => run.Whole), Median(floors, floor => floor), "s", "<= 3 x clone + cat-file", higherIsBetter: false);
        }
    }

    private static double Median<T>(List<T> runs, Func<T, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);

    /// <summary>The times of one full Sync, in seconds from its start, as seen through the API.</summary>
    private sealed record FullSync(double First, double AllModels, double Whole, double ProcessorTime, double PeakMemory, long Versions)
    {
        public static async Task<FullSync> MeasureAsync(Hub hub, string repository, int? models)
        {
            var before = hub.Server.ProcessorTime;
            await hub.InstallAsync(repository.Split('/')[0]);
            var first = await Hub.UntilAsync(() => SeenAsync(hub, repository, 1), Pause, "the first model");
            var all = models is { } count ? await Hub.UntilAsync(() => SeenAsync(hub, repository, count), TimeSpan.FromMilliseconds(100), "all models") : first;
            var detail = await Hub.UntilAsync(
                async () => await hub.GetAsync("repositories/by-name/" + repository) is var row && row["status"]!.ToString() == "Synced" ? row : null,
                TimeSpan.FromMilliseconds(50),
                "the end of the Sync");
            var sync = detail["lastSync"]!;
            var started = sync["startedAt"]!.GetValue<DateTimeOffset>();
            return new FullSync(
                (first.At - started).TotalSeconds,
                (all.At - started).TotalSeconds,
                sync["seconds"]!.GetValue<double>(),
                (hub.Server.ProcessorTime - before).TotalSeconds,
                hub.Server.PeakMemory,
                detail["versions"]!.GetValue<long>());
        }

        private static async Task<Moment?> SeenAsync(Hub hub, string repository, int models) =>
            (await hub.FindAsync("models?limit=1&repository=" + repository))?["total"]!.GetValue<long>() >= models ? new Moment(TimeProvider.System.GetUtcNow()) : null;
    }
}

internal sealed record Moment(DateTimeOffset At);
