using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>Nothing changed: what it costs the server to ask after a hundred repositories, beside one ls-remote each.</summary>
internal static class PollBenchmark
{
    private const int Repositories = 100;
    private const int Polls = 10;
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Report report)
    {
        await using var hub = await Hub.StartAsync(new Dictionary<string, string>(), "Repositories:PollInterval=00:00:02");
        for (var i = 0; i < Repositories; i++)
        {
            await hub.ControlAsync("repositories", new JsonObject
            {
                ["fullName"] = "acme/still-" + i.ToString(CultureInfo.InvariantCulture),
                ["files"] = new JsonObject { ["model.hck.json"] = GeneratedRepository.TextOf(i, 1) },
            });
        }

        await hub.InstallAsync("acme");
        await Hub.UntilAsync(
            async () => (await hub.GetAsync("repositories?limit=200"))["items"]!.AsArray().Count(item => item!["status"]!.ToString() == "Synced") == Repositories ? "all" : null,
            TimeSpan.FromMilliseconds(200),
            "the first Syncs");
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);

        var before = hub.Server.ProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(2 * Polls), TimeProvider.System);
        var cost = (hub.Server.ProcessorTime - before).TotalMilliseconds / (Polls * Repositories);
        var remote = hub.RemoteOf("acme/still-0").AbsoluteUri;
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 10; i++)
        {
            await GitCommand.RunAsync(null, ["ls-remote", remote, "refs/heads/main"]);
        }

        var floor = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / 10;
        report.Add("nothing changed: processor time of the server a repository and poll", cost, floor, "ms", "less than ls-remote takes", higherIsBetter: false);
        report.Add("nothing changed: 1,000 repositories every 5 minutes, share of one core", 100 * 1000 * cost / UsualInterval.TotalMilliseconds, "%", "< 5 %");
    }
}
