using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Full Syncs by a real server from a simulated GitHub, beside the same work done in series by git and a plain SQLite file;
/// then one push on top, and a poll that finds nothing.
/// </summary>
internal static class SyncBenchmark
{
    private const string Big = "acme/big";
    private const int Repeats = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(Report report)
    {
        await MeasureBigAsync(await GeneratedRepository.MakeAsync(), report);
        await MeasureFixturesAsync(report);
        await PollBenchmark.RunAsync(report);
    }

    private static async Task MeasureBigAsync(string source, Report report)
    {
        var floors = new List<SyncFloor>();
        var runs = new List<FullSync>();
        for (var i = 0; i < Repeats; i++)
        {
            await using var hub = await Hub.StartAsync(new Dictionary<string, string> { [Big] = source });
            floors.Add(await SyncFloor.MeasureAsync(hub.RemoteOf(Big), hub.FileOf("floor.git"), hub.FileOf("floor.db")));
            runs.Add(await FullSync.MeasureAsync(hub, Big, GeneratedRepository.Models));
            Console.Error.WriteLine(FormattableString.Invariant(
                $"  run {i + 1}: floor clone {floors[^1].Cloning:0.00} read {floors[^1].Reading:0.00} parse {floors[^1].Parsing:0.00} insert {floors[^1].Inserting:0.00} s; first {runs[^1].First:0.00} models {runs[^1].AllModels:0.00} versions {runs[^1].Whole:0.00} s"));
            if (runs[^1].Versions != GeneratedRepository.Versions)
            {
                throw new InvalidOperationException($"The hub has {runs[^1].Versions} versions instead of {GeneratedRepository.Versions}.");
            }

            if (i == Repeats - 1)
            {
                await PushBenchmark.RunAsync(hub, Big, report);
            }
        }

        var clone = Median(floors, floor => floor.Cloning);
        var serial = Median(floors, floor => floor.Serial);
        report.Add("sync, 10,000 models, 1,000 commits: first models visible", Median(runs, run => run.First), clone, "s", "<= clone + 0.5 s", higherIsBetter: false);
        report.Add("sync, 10,000 models, 1,000 commits: all models visible", Median(runs, run => run.AllModels), serial, "s", "-", higherIsBetter: false);
        report.Add("sync, 10,000 models, 1,000 commits: all versions", Median(runs, run => run.Whole), serial, "s", "<= 1.5 x", higherIsBetter: false);
        report.Add("sync, 10,000 models, 1,000 commits: peak memory of the server", Median(runs, run => run.PeakMemory), "MB", "< 300 MB");
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
            var floors = new List<double>();
            var runs = new List<FullSync>();
            for (var i = 0; i < Repeats; i++)
            {
                await using var hub = await Hub.StartAsync(new Dictionary<string, string> { [full] = bundle });
                var floor = await SyncFloor.MeasureAsync(hub.RemoteOf(full), hub.FileOf("floor.git"), hub.FileOf("floor.db"));
                floors.Add(floor.Cloning + floor.Reading);
                runs.Add(await FullSync.MeasureAsync(hub, full, null));
            }

            report.Add($"sync, fixture {name} ({models.ToString(CultureInfo.InvariantCulture)} models): all versions", Median(runs, run => run.Whole), Median(floors, floor => floor), "s", "<= 3 x clone + cat-file", higherIsBetter: false);
        }
    }

    private static double Median<T>(List<T> runs, Func<T, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);

    /// <summary>The times of one full Sync, in seconds from its start, as seen through the API.</summary>
    private sealed record FullSync(double First, double AllModels, double Whole, double PeakMemory, long Versions)
    {
        public static async Task<FullSync> MeasureAsync(Hub hub, string repository, int? models)
        {
            await hub.InstallAsync(repository.Split('/')[0]);
            var first = await Hub.UntilAsync(() => SeenAsync(hub, 1), Pause, "the first model");
            var all = models is { } count ? await Hub.UntilAsync(() => SeenAsync(hub, count), TimeSpan.FromMilliseconds(100), "all models") : first;
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
                hub.Server.PeakMemory,
                detail["versions"]!.GetValue<long>());
        }

        private static async Task<Moment?> SeenAsync(Hub hub, int models) =>
            (await hub.GetAsync("models?limit=1"))["total"]!.GetValue<long>() >= models ? new Moment(TimeProvider.System.GetUtcNow()) : null;
    }
}

internal sealed record Moment(DateTimeOffset At);
