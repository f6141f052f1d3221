using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>What an App asks as itself (JWT). Every method may throw <see cref="GitHubException"/>.</summary>
public sealed class AppApi
{
    private static readonly Dictionary<int, GitHubErrorKind> InstallationMeanings = new() { [404] = GitHubErrorKind.InstallationGone };
    private readonly ApiCaller caller;

    internal AppApi(ApiCaller caller) => this.caller = caller;

    /// <summary>GET /app: also the test whether id and key fit.</summary>
    public Task<GitHubApp> GetAppAsync(CancellationToken cancellation = default) =>
        caller.GetAsync("app", $"read the App on {caller.Host}", GitHubJson.Default.GitHubApp, cancellation);

    /// <summary>All installations, suspended ones included.</summary>
    public async IAsyncEnumerable<GitHubInstallation> ListInstallationsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync($"app/installations?{ApiCaller.PerPage}", $"list the App's installations on {caller.Host}", GitHubJson.Default.ListGitHubInstallation, cancellation))
        {
            foreach (var installation in page)
            {
                yield return installation;
            }
        }
    }

    /// <summary>What members have asked their owners for and nobody has decided; a host that does not know the question has none.</summary>
    public async Task<IReadOnlyList<GitHubInstallationRequest>> ListInstallationRequestsAsync(CancellationToken cancellation = default)
    {
        var requests = new List<GitHubInstallationRequest>();
        try
        {
            await foreach (var page in caller.PagesAsync($"app/installation-requests?{ApiCaller.PerPage}", $"list the requests to install the App on {caller.Host}", GitHubJson.Default.ListGitHubInstallationRequest, cancellation))
            {
                requests.AddRange(page);
            }
        }
        catch (GitHubException unknown) when (unknown.Kind == GitHubErrorKind.NotFound)
        {
        }

        return requests;
    }

    /// <exception cref="GitHubException">InstallationGone when it was deleted.</exception>
    public async Task<GitHubInstallation> GetInstallationAsync(long installationId, CancellationToken cancellation = default)
    {
        var request = caller.Request(HttpMethod.Get, $"app/installations/{Text(installationId)}", $"read installation {installationId}") with { Meanings = InstallationMeanings };
        return GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.GitHubInstallation);
    }

    /// <summary>The installation that covers a repository, or null. A renamed repository is found by its old name.</summary>
    public Task<GitHubInstallation?> FindRepositoryInstallationAsync(string owner, string repository, CancellationToken cancellation = default) =>
        caller.FindAsync($"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/installation", $"find the installation for {owner}/{repository}", GitHubJson.Default.GitHubInstallation, cancellation);

    /// <summary>The installation on an organization or a person, or null.</summary>
    public async Task<GitHubInstallation?> FindOwnerInstallationAsync(string owner, CancellationToken cancellation = default)
    {
        var doing = $"find the installation on {owner}";
        return await caller.FindAsync($"orgs/{ApiCaller.Segment(owner)}/installation", doing, GitHubJson.Default.GitHubInstallation, cancellation)
            ?? await caller.FindAsync($"users/{ApiCaller.Segment(owner)}/installation", doing, GitHubJson.Default.GitHubInstallation, cancellation);
    }

    /// <summary>Where deliveries go; the secret comes masked.</summary>
    public Task<HookConfig> GetHookConfigAsync(CancellationToken cancellation = default) =>
        caller.GetAsync("app/hook/config", "read the App's webhook settings", GitHubJson.Default.HookConfig, cancellation);

    /// <summary>Changes what is given; <paramref name="contentType"/> is <c>json</c> or <c>form</c>. The only way to set a secret of our own.</summary>
    public async Task<HookConfig> UpdateHookConfigAsync(string? url = null, string? contentType = null, string? secret = null, CancellationToken cancellation = default)
    {
        var request = caller.Request(HttpMethod.Patch, "app/hook/config", "change the App's webhook settings") with
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(new HookConfig(url, contentType, secret, null), GitHubJson.Default.HookConfig),
            Repeatable = true,
        };
        return GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.HookConfig);
    }

    /// <summary>The delivery log, newest first, one row per attempt; kept by GitHub for 3 days.</summary>
    /// <param name="since">Ends at the first row older than this (GitHub's clock).</param>
    /// <param name="onlyFailed">Rows that GitHub counts as failed.</param>
    public async IAsyncEnumerable<HookDelivery> ListDeliveriesAsync(
        DateTimeOffset? since = null,
        bool onlyFailed = false,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = $"app/hook/deliveries?{ApiCaller.PerPage}{(onlyFailed ? "&status=failure" : "")}";
        await foreach (var page in caller.PagesAsync(path, "read the App's delivery log", GitHubJson.Default.ListHookDelivery, cancellation))
        {
            foreach (var delivery in page)
            {
                if (delivery.DeliveredAt < since)
                {
                    yield break;
                }

                yield return delivery;
            }
        }
    }

    /// <summary>One attempt with its headers and payload.</summary>
    public Task<HookDeliveryDetail> GetDeliveryAsync(long id, CancellationToken cancellation = default) =>
        caller.GetAsync($"app/hook/deliveries/{Text(id)}", $"read delivery {id}", GitHubJson.Default.HookDeliveryDetail, cancellation);

    /// <summary>Asks GitHub to deliver again (the past 3 days only); the new attempt keeps the GUID.</summary>
    public Task RedeliverAsync(long id, CancellationToken cancellation = default) =>
        caller.SendAsync(caller.Request(HttpMethod.Post, $"app/hook/deliveries/{Text(id)}/attempts", $"have delivery {id} sent again"), cancellation);

    /// <summary>Any call, by a person's hand; refusals come back as answers.</summary>
    public Task<RawResponse> SendAsync(string method, string path, ReadOnlyMemory<byte>? body = null, CancellationToken cancellation = default) =>
        caller.SendRawAsync(method, path, body, cancellation);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
