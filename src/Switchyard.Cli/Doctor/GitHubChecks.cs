using System.Globalization;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Doctor;

internal static class GitHubChecks
{
    /// <summary>A JWT is made 60 s back and for 9 minutes, and the skew is learned; beyond this other things break.</summary>
    private static readonly TimeSpan SmallSkew = TimeSpan.FromSeconds(30);

    private static readonly (string Name, string Level)[] Needed = [("contents", "read"), ("metadata", "read")];

    public static async Task<IReadOnlyList<Finding>> RunAsync(Invocation run, GitHubOptions github, CancellationToken cancellation)
    {
        var clock = await ClockAsync("clock", run.Terminal, github.Host(run).Api, cancellation);
        var findings = new List<Finding> { clock };
        try
        {
            using var access = await github.OpenAsync(run, cancellation);
            findings.AddRange(access.IsApp ? await AppAsync(access, cancellation) : await TokenAsync(access, cancellation));
        }
        catch (CommandProblem problem)
        {
            if (problem.Code == "NoCredentials" && clock.State == "failed" && !github.NamesHost(run))
            {
                // Nobody said that github.com is the host; a server tells its own below.
                findings[0] = Finding.Skipped(clock.Check, clock.Detail);
            }

            findings.Add(problem.Code == "NoCredentials"
                ? Finding.Skipped("credentials", "None were given; the server's own are checked below.")
                : Finding.Failed("credentials", problem.Message, "Correct the options or variables named."));
        }
        catch (GitHubException refused)
        {
            findings.Add(Finding.Failed("credentials", refused.Message, "Compare App id, key and host with the App's page on GitHub."));
        }

        return findings;
    }

    public static Finding JudgeClock(string check, DateTimeOffset here, DateTimeOffset there)
    {
        var skew = here - there;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(skew.TotalSeconds):0} s {(skew >= TimeSpan.Zero ? "ahead of" : "behind")} GitHub");
        return skew.Duration() <= SmallSkew
            ? Finding.Ok(check, text)
            : Finding.Warning(check, text, "Set this machine's clock by NTP (timedatectl set-ntp true): GitHub refuses signatures from the future.");
    }

    /// <summary>Compares this machine's clock with the host's, which also tells whether it can be reached.</summary>
    public static async Task<Finding> ClockAsync(string check, Terminal terminal, Uri api, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10) };
            http.DefaultRequestHeaders.UserAgent.ParseAdd("switchyard-doctor");
            using var response = await http.GetAsync(api, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.Headers.Date is { } date
                ? JudgeClock(check, terminal.Time.GetUtcNow(), date)
                : Finding.Warning(check, $"{api} tells no time.", "Check that this is the address of GitHub's API.");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return Finding.Failed(check, $"{api} could not be reached: {error.GetBaseException().Message}", "Check the network, the proxy (HTTPS_PROXY) and the address (--api-url).");
        }
    }

    private static async Task<IReadOnlyList<Finding>> AppAsync(GitHubAccess access, CancellationToken cancellation)
    {
        var app = await access.Connection.App.GetAppAsync(cancellation);
        var findings = new List<Finding>
        {
            Finding.Ok("credentials", $"App {app.Name} ({app.Id}), key {access.Signer?.Fingerprint}"),
            Permissions(app.Permissions, "permissions of the App", $"Add them on the App's page: {app.HtmlUrl}"),
            await WebhookAsync(access, cancellation),
        };
        var count = 0;
        await foreach (var installation in access.Connection.App.ListInstallationsAsync(cancellation))
        {
            count++;
            var name = "installation on " + installation.Account?.Login;
            findings.Add(installation.SuspendedAt is { } since
                ? Finding.Failed(name, $"It was suspended on {since:u}.", $"An owner can unsuspend it: {installation.HtmlUrl}")
                : Permissions(installation.Permissions, name, $"An owner accepts the new permissions at {installation.HtmlUrl}"));
        }

        findings.Add(count > 0 ? Finding.Ok("installations", $"{count} in all") : Finding.Warning("installations", "The App is installed nowhere.", $"Install it: {app.HtmlUrl}/installations/new"));
        findings.AddRange(RateLimit(access));
        return findings;
    }

    private static Finding Permissions(IReadOnlyDictionary<string, string> granted, string check, string fix)
    {
        var missing = Needed.Where(needed => !granted.ContainsKey(needed.Name)).Select(needed => $"{needed.Name}: {needed.Level}").ToList();
        return missing.Count == 0
            ? Finding.Ok(check, string.Join(", ", granted.Select(pair => $"{pair.Key}: {pair.Value}")))
            : Finding.Failed(check, $"Missing: {string.Join(", ", missing)}.", fix);
    }

    private static async Task<Finding> WebhookAsync(GitHubAccess access, CancellationToken cancellation)
    {
        const string Check = "webhook of the App";
        HookConfig config;
        try
        {
            config = await access.Connection.App.GetHookConfigAsync(cancellation);
        }
        catch (GitHubException refused) when (refused.Kind == GitHubErrorKind.NotFound)
        {
            return Finding.Skipped(Check, "The App has none; the server polls.");
        }

        if (config.Url is not { Length: > 0 } url || !Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return Finding.Skipped(Check, "No URL is set; the server polls.");
        }

        return address.IsLoopback && !access.Connection.Host.Web.IsLoopback
            ? Finding.Failed(Check, $"{url} is this machine's loopback address, which GitHub cannot reach.", "Set a public URL (serve --public-url), or remove the webhook and poll.")
            : config.Secret is null ? Finding.Failed(Check, $"{url} has no secret, so its deliveries are refused.", "Set a webhook secret on the App's page and here.")
            : Finding.Ok(Check, url);
    }

    private static async Task<IReadOnlyList<Finding>> TokenAsync(GitHubAccess access, CancellationToken cancellation)
    {
        // Asks for what costs no quota and every token may see.
        var answer = await access.Connection.Token().SendAsync("GET", "/rate_limit", null, cancellation);
        if (answer.Status == 401)
        {
            return [Finding.Failed("credentials", $"GitHub does not accept the token from {access.Name}.", "It may have expired or been revoked; make a new one.")];
        }

        var automatic = access.IsAutomatic ? " It is the automatic one of Actions: its own repository only, and no workflows elsewhere." : "";
        return [Finding.Ok("credentials", $"A token from {access.Name} stands in for an App: polling only, no webhook, no delivery log.{automatic}"), .. RateLimit(access)];
    }

    private static Finding[] RateLimit(GitHubAccess access) => access.Connection.RateLimitOf() switch
    {
        { Limit: { } limit, Remaining: { } left } state => left * 10 >= limit
            ? [Finding.Ok("rate limit", $"{left} of {limit} left")]
            : [Finding.Warning("rate limit", $"{left} of {limit} left until {state.ResetAt:u}.", "Wait until then; work that waits goes on by itself.")],
        _ => [],
    };
}
