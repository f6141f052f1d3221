using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>One file changed by a push: from the delivery received to the Version visible, beside git's fetch, diff and read.</summary>
internal static class PushBenchmark
{
    private const int Pushes = 15;

    public static async Task RunAsync(Hub hub, string repository, Report report)
    {
        var mirror = hub.FileOf("floor.git");
        await GitCommand.RunAsync(mirror, ["fetch", "--quiet", hub.RemoteOf(repository).AbsoluteUri, "+refs/heads/main:refs/heads/main"]);
        var before = Text(await GitCommand.RunAsync(mirror, ["rev-parse", "refs/heads/main"]));
        var (ours, floors) = (new List<double>(), new List<double>());
        for (var i = 0; i < Pushes; i++)
        {
            var path = GeneratedRepository.PathOf(i * 100);
            var model = (await hub.GetAsync($"models?limit=1&repository={repository}&q={path[(path.LastIndexOf('/') + 1)..^9]}"))["items"]!.AsArray().FirstOrDefault(item => item!["path"]!.ToString() == path);
            var id = (model ?? await FindAsync(hub, repository, path))["id"]!.ToString();
            var pushed = await hub.ControlAsync($"repositories/{repository}/commits", new JsonObject
            {
                ["message"] = "One file",
                ["files"] = new JsonObject { [path] = GeneratedRepository.TextOf(i * 100, 1_000 + i) },
            });
            var sha = pushed["sha"]!.ToString();
            var seen = await Hub.UntilAsync(
                async () => (await hub.GetAsync($"models/{id}/versions?limit=1"))["items"]![0]!["commit"]!.ToJsonString().Contains(sha, StringComparison.Ordinal) ? new Moment(TimeProvider.System.GetUtcNow()) : null,
                TimeSpan.FromMilliseconds(3),
                "the Version of the push");
            var received = (await hub.GetAsync("deliveries?limit=1&event=push"))["items"]![0]!["receivedAt"]!.GetValue<DateTimeOffset>();
            ours.Add((seen.At - received).TotalMilliseconds);
            await Hub.UntilAsync(
                async () => (await hub.GetAsync("repositories/by-name/" + repository))["status"]!.ToString() == "Synced" ? "Synced" : null, TimeSpan.FromMilliseconds(10), "the end of the Sync");
            floors.Add(await PushFloor.TimeAsync(mirror, hub.RemoteOf(repository), "refs/heads/main", before, sha));
            before = sha;
        }

        report.Add("one push on top of it, one file: delivery received to Version visible (median)", Middle(ours), Middle(floors), "ms", "<= 3 x fetch + diff + read", higherIsBetter: false);
        report.Add("one push on top of it: slowest of 15", ours.Max(), "ms", "-");
    }

    private static async Task<JsonNode> FindAsync(Hub hub, string repository, string path)
    {
        for (string? cursor = null; ;)
        {
            var page = await hub.GetAsync("models?limit=500&repository=" + repository + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor)));
            if (page["items"]!.AsArray().FirstOrDefault(item => item!["path"]!.ToString() == path) is { } found)
            {
                return found;
            }

            cursor = page["nextCursor"]?.ToString() ?? throw new InvalidOperationException($"No model is at {path}.");
        }
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).Trim();
}
