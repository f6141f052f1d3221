using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Demo;

/// <summary>The main job, by the way that a person goes: manifest, code, install; then the deliveries do the rest.</summary>
internal sealed class DemoSteps(Invocation run, DemoWorld world, IReadOnlyList<string> repositories)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GraceAfterFailure = TimeSpan.FromSeconds(30);

    public async Task RegisterAndInstallAsync(CancellationToken cancellation)
    {
        using var browser = new DemoBrowser();
        var owners = repositories.Select(name => name.Split('/')[0]).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var form = (await world.Api.PostAsync(
            "api/v1/providers/manifest",
            new JsonObject
            {
                ["name"] = "Switchyard demo",
                ["organization"] = owners[0],
                ["apiUrl"] = world.GitHub.ApiUrl.AbsoluteUri,
                ["webUrl"] = world.GitHub.Url.AbsoluteUri,
                ["publicUrl"] = world.Address.AbsoluteUri.TrimEnd('/'),
                ["redirectUrl"] = new Uri(world.Address, "demo/callback").AbsoluteUri,
            },
            cancellation))!;
        var (code, state) = await browser.RegisterAsync(Members.At(form, "postUrl")!, Members.At(form, "manifest")!, cancellation);
        var provider = (await world.Api.PostAsync("api/v1/providers/manifest/conversions", new JsonObject { ["code"] = code, ["state"] = state }, cancellation))!;
        run.Printer.Say($"Registered the App {Members.At(provider, "appSlug")} by its manifest.");
        foreach (var owner in owners)
        {
            await browser.InstallAsync(Members.At(provider, "installUrl")!, owner, cancellation);
            run.Printer.Say($"Installed it on {owner}.");
        }
    }

    /// <summary>Waits until every repository is Synced and every delivery is worked off; false when one stays failed or time runs out.</summary>
    public async Task<bool> UntilSyncedAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var time = run.Terminal.Time;
        var began = time.GetTimestamp();
        long? failedSince = null;
        using var progress = run.Progress();
        while (true)
        {
            var found = (await world.Api.ListAsync("api/v1/repositories", [], 10_000, cancellation)).Items;
            var synced = found.Count(item => Members.At(item, "status") == "Synced");
            if (synced == repositories.Count && found.Count == synced && await NothingReceivedAsync(cancellation))
            {
                return true;
            }

            progress.Report("Synchronizing repositories", synced, repositories.Count);
            failedSince = found.Any(item => Members.At(item, "lastSync.state") == "Failed") ? failedSince ?? time.GetTimestamp() : null;
            if (time.GetElapsedTime(began) > limit || (failedSince is { } since && time.GetElapsedTime(since) > GraceAfterFailure))
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private async Task<bool> NothingReceivedAsync(CancellationToken cancellation) =>
        (await world.Api.ListAsync("api/v1/deliveries", [new("state", "Received")], 1, cancellation)).Total == 0;
}
