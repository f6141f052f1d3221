using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Doctor;

internal static class ServerChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(Invocation run, CancellationToken cancellation)
    {
        try
        {
            using var ready = await run.Server.SendAsync(HttpMethod.Get, "readyz", null, cancellation);
        }
        catch (CommandProblem problem) when (problem.Code == "ServerUnreachable" && !run.NamesServer)
        {
            return [Finding.Skipped("server", $"None answers at {run.Server.Address}.")];
        }
        catch (CommandProblem problem)
        {
            return [Finding.Failed("server", problem.Message, "Look into its log, and at /readyz?verbose.")];
        }

        var findings = new List<Finding> { Finding.Ok("server", $"{run.Server.Address} is ready.") };
        try
        {
            var providers = (await run.Server.ListAsync("api/v1/providers", [], 500, cancellation)).Items;
            findings.AddRange(providers.Select(Provider));
            foreach (var api in providers.Select(provider => Members.At(provider, "apiUrl")).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var host = new Uri(api);
                findings.Add(await GitHubChecks.ClockAsync("clock of " + host.Authority, run.Terminal, host, cancellation));
            }

            if (providers.Count == 0)
            {
                findings.Add(Finding.Warning("providers", "None is registered, so nothing is mirrored.", "switchyard provider add --name \"Switchyard of acme\""));
            }

            findings.AddRange((await run.Server.ListAsync("api/v1/installations", [], 500, cancellation)).Items.Where(item => Members.At(item, "state") == "Suspended").Select(Suspended));
            findings.AddRange(await DeliveriesAsync(run.Server, cancellation));
            findings.AddRange(await RuleChecks.RunAsync(run, null, cancellation));
        }
        catch (CommandProblem problem)
        {
            findings.Add(Finding.Failed("server API", problem.Message, problem.Next.Count > 0 ? problem.Next[0].Command ?? problem.Next[0].Label : "Set SWITCHYARD_TOKEN."));
        }

        return findings;
    }

    /// <summary>Nothing of it is mirrored meanwhile, and only its owner can change that.</summary>
    private static Finding Suspended(JsonNode installation) => Finding.Failed(
        "installation " + Members.At(installation, "account"),
        Members.At(installation, "reason") ?? "Suspended.",
        $"An organization owner can unsuspend it: {Members.At(installation, "htmlUrl")}");

    private static Finding Provider(JsonNode provider)
    {
        var check = "provider " + Members.At(provider, "slug");
        var detail = $"{Members.At(provider, "kind")} on {Members.At(provider, "webUrl")}: {Members.At(provider, "health")}";
        return Members.At(provider, "health") is "Healthy" or "Unknown" or null
            ? Finding.Ok(check, detail)
            : Finding.Failed(check, $"{detail}. {Members.At(provider, "reason")}", $"switchyard provider view {Members.At(provider, "slug")}");
    }

    /// <summary>Whether GitHub reaches the server can be told only by what has arrived.</summary>
    private static async Task<IReadOnlyList<Finding>> DeliveriesAsync(ApiClient server, CancellationToken cancellation)
    {
        var last = (await server.ListAsync("api/v1/deliveries", [], 1, cancellation)).Items;
        var dead = await server.ListAsync("api/v1/deliveries", [new("state", "Dead")], 1, cancellation);
        return
        [
            last.Count == 0
                ? Finding.Warning("webhook", "No delivery has ever arrived; changes are found by polling.", "If there is a webhook, compare its URL on GitHub with the server's public URL, and look at its recent deliveries there.")
                : Finding.Ok("webhook", $"The last delivery arrived at {Members.At(last[0], "receivedAt")} by {Members.At(last[0], "source")}."),
            dead.Total == 0
                ? Finding.Ok("deliveries", "None has been given up.")
                : Finding.Failed("deliveries", $"{dead.Total} were given up after all attempts.", "switchyard delivery list --state dead; then switchyard delivery replay --state dead"),
        ];
    }
}
