using System.Globalization;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub;

/// <summary>
/// One App, or one token that stands in for an App, on one host. Keep it for as long as the App is used: it holds the
/// tokens, the limits and the cache. Safe for any number of threads.
/// </summary>
public sealed class GitHubConnection : IDisposable
{
    private readonly ApiTransport transport;
    private readonly AppApi? app;
    private readonly string? token;

    private GitHubConnection(GitHubHost host, AppCredentials? credentials, string? token, GitHubConnectionOptions options)
    {
        Host = host;
        this.token = token;
        transport = new ApiTransport(options);
        if (credentials is null)
        {
            return;
        }

        var caller = new ApiCaller(transport, host, new AppIdentity(new AppJwt(credentials, transport.Clock), options.Notice));
        app = new AppApi(caller);
        Tokens = new InstallationTokens(new TokenMint(caller, transport.Clock).MintAsync, options.Time, options.Notice);
    }

    public GitHubHost Host { get; }

    /// <summary>False when a token stands in for the App: no installations, no delivery log.</summary>
    public bool IsApp => app is not null;

    /// <summary>Calls as the App.</summary>
    /// <exception cref="InvalidOperationException">A token stands in for the App.</exception>
    public AppApi App => app ?? throw new InvalidOperationException(
        $"A token stands in for an App on {Host}: it has no installations, no webhook and no delivery log. Register a GitHub App for these.");

    /// <summary>The tokens of the App's installations; null when a token stands in for the App.</summary>
    public InstallationTokens? Tokens { get; }

    /// <summary>Answers that GitHub gave as "not modified", which used no quota.</summary>
    public long SavedByEtag => transport.SavedByEtag;

    /// <summary>How far GitHub's clock is ahead of this machine's.</summary>
    public TimeSpan ClockSkew => transport.Clock.Skew;

    public static GitHubConnection ForApp(AppCredentials credentials, GitHubConnectionOptions? options = null) =>
        new(credentials.Host, credentials, null, options ?? new GitHubConnectionOptions());

    /// <param name="host">The host the token is for.</param>
    /// <param name="token">A fine-grained (or classic) personal access token, or any other that GitHub accepts.</param>
    public static GitHubConnection ForToken(GitHubHost host, string token, GitHubConnectionOptions? options = null)
    {
        var trimmed = token.Trim();
        return trimmed.Length > 0 && !trimmed.AsSpan().ContainsAny(" \r\n\t\0")
            ? new GitHubConnection(host, null, trimmed, options ?? new GitHubConnectionOptions())
            : throw new ArgumentException("The token is empty or holds white space. Copy it again from GitHub.");
    }

    /// <summary>
    /// Ends the manifest flow: gives the new App's credentials. The code works once and within an hour; store the answer
    /// before anything else.
    /// </summary>
    /// <exception cref="GitHubException">NotFound or Validation when the code was used or is too old.</exception>
    public static async Task<AppRegistration> ConvertManifestAsync(GitHubHost host, string code, GitHubConnectionOptions? options = null, CancellationToken cancellation = default)
    {
        using var once = new ApiTransport(options ?? new GitHubConnectionOptions());
        var caller = new ApiCaller(once, host, new AnonymousIdentity());
        var request = caller.Request(HttpMethod.Post, $"app-manifests/{ApiCaller.Segment(code)}/conversions", $"take over the new App from {host} (the code works once, and for an hour)");
        var answer = GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.ConversionAnswer);
        if (answer is not { Id: > 0, Pem: { Length: > 0 } pem })
        {
            throw ApiErrors.Odd(request, "the answer holds no App id and key");
        }

        return new AppRegistration(
            answer.Id,
            answer.ClientId ?? answer.Id.ToString(CultureInfo.InvariantCulture),
            answer.ClientSecret ?? "",
            answer.Slug,
            answer.Name ?? answer.Slug ?? answer.Id.ToString(CultureInfo.InvariantCulture),
            string.IsNullOrEmpty(answer.WebhookSecret) ? null : answer.WebhookSecret,
            pem,
            answer.Owner?.Login,
            answer.Owner?.Type,
            answer.HtmlUrl,
            answer.Permissions ?? [],
            answer.Events ?? []);
    }

    /// <summary>Calls as an installation, with a token narrowed to <paramref name="scope"/>; with a stand-in token, as that.</summary>
    public InstallationApi Installation(long installationId, TokenScope scope) => Tokens is null
        ? Token()
        : new InstallationApi(new ApiCaller(transport, Host, new InstallationIdentity(Tokens, installationId, scope)), standIn: false);

    /// <summary>Calls with the token that stands in for an App.</summary>
    /// <exception cref="InvalidOperationException">This is an App.</exception>
    public InstallationApi Token() => token is not null
        ? new InstallationApi(new ApiCaller(transport, Host, new FixedIdentity(token)), standIn: true)
        : throw new InvalidOperationException("This connection is an App's: name the installation.");

    /// <summary>The token for git, of the moment: ask before each command. Remembered as fresh or not by its reference, so pass the very string on.</summary>
    /// <exception cref="GitHubException">No token could be made.</exception>
    public async ValueTask<string> GitTokenAsync(long? installationId, TokenScope scope, CancellationToken cancellation = default)
    {
        if (token is not null)
        {
            return token;
        }

        var id = installationId ?? throw new ArgumentNullException(nameof(installationId), "An App's token is for one installation.");
        return (await Tokens!.GetAsync(id, scope, cancellation)).Value;
    }

    /// <summary>The rate limit of an installation as GitHub last told it; null id: the App's own, or the stand-in token's.</summary>
    public RateLimit RateLimitOf(long? installationId = null) => transport.Lane(token is not null ? FixedIdentity.LaneId : installationId ?? AppIdentity.LaneId).State;

    /// <summary>The rate limits that GitHub has told so far: the App's own (or the stand-in token's), and one for each installation that was called as.</summary>
    public IReadOnlyList<RateLimit> RateLimits => transport.Limits;

    public void Dispose() => transport.Dispose();
}
