using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub.Apps;

/// <summary>
/// Signing people in with an App: GitHub's web flow with PKCE. What is asked of GitHub is who the person is, and on request what they
/// may read; nothing is kept of the token that tells it.
/// </summary>
public static class UserAuthorization
{
    /// <summary>A secret for one sign-in: sent with the code, while the browser carries only its hash.</summary>
    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where the browser is sent.</summary>
    /// <param name="host">Where the App is.</param>
    /// <param name="clientId">The App's.</param>
    /// <param name="redirect">Where GitHub sends the browser back: one of the App's callback URLs.</param>
    /// <param name="state">Comes back as it is; bind it to the browser.</param>
    /// <param name="verifier">Of <see cref="NewVerifier"/>.</param>
    public static Uri AuthorizeUrl(GitHubHost host, string clientId, Uri redirect, string state, string verifier) => new(
        $"{host.Web.AbsoluteUri.TrimEnd('/')}/login/oauth/authorize?client_id={Uri.EscapeDataString(clientId)}&redirect_uri={Uri.EscapeDataString(redirect.AbsoluteUri)}"
        + $"&state={Uri.EscapeDataString(state)}&code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))}&code_challenge_method=S256&allow_signup=false");

    /// <summary>Requests that reading what a person may read takes at most: 100 repositories or installations each.</summary>
    private const int MostPages = 200;

    /// <summary>Exchanges the code that the browser brought and asks who it stands for.</summary>
    /// <exception cref="GitHubException">Validation when the code was used, is too old, or belongs to another browser; Unauthorized when client id and secret do not fit.</exception>
    public static async Task<GitHubUser> IdentifyAsync(
        GitHubHost host, string clientId, string clientSecret, string code, Uri redirect, string verifier, GitHubConnectionOptions? options = null, CancellationToken cancellation = default)
    {
        using var transport = new ApiTransport(options ?? new GitHubConnectionOptions());
        return await AskWhoAsync(await ExchangeAsync(transport, host, clientId, clientSecret, code, redirect, verifier, cancellation), cancellation);
    }

    /// <summary>The same, and asks with the person's own token which private repositories of the App's installations they may read.</summary>
    /// <param name="host">Where the App is.</param>
    /// <param name="clientId">The App's.</param>
    /// <param name="clientSecret">The App's.</param>
    /// <param name="code">What the browser brought.</param>
    /// <param name="redirect">As it was sent to GitHub.</param>
    /// <param name="verifier">Of <see cref="NewVerifier"/>.</param>
    /// <param name="options">Of the connection.</param>
    /// <param name="limit">How long reading the repositories may take; then they are unknown.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The person; and GitHub's ids of the repositories, null where GitHub did not say. There may be more where there are more than 20,000.</returns>
    /// <exception cref="GitHubException">As <see cref="IdentifyAsync"/>.</exception>
    public static async Task<(GitHubUser User, IReadOnlyList<long>? Readable)> IdentifyWithRepositoriesAsync(
        GitHubHost host, string clientId, string clientSecret, string code, Uri redirect, string verifier, GitHubConnectionOptions options, TimeSpan limit, CancellationToken cancellation = default)
    {
        using var transport = new ApiTransport(options);
        var caller = await ExchangeAsync(transport, host, clientId, clientSecret, code, redirect, verifier, cancellation);
        var user = await AskWhoAsync(caller, cancellation);
        using var late = new CancellationTokenSource(limit, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return (user, await ListReadableAsync(caller, either.Token));
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested && failed is GitHubException or OperationCanceledException)
        {
            return (user, null);
        }
    }

    private static async Task<ApiCaller> ExchangeAsync(
        ApiTransport transport, GitHubHost host, string clientId, string clientSecret, string code, Uri redirect, string verifier, CancellationToken cancellation)
    {
        var exchange = new ApiRequest(HttpMethod.Post, new Uri(host.Web.AbsoluteUri.TrimEnd('/') + "/login/oauth/access_token"), $"sign in at {host}", new AnonymousIdentity())
        {
            Accept = "application/json",
            Body = JsonSerializer.SerializeToUtf8Bytes(new CodeExchange(clientId, clientSecret, code, redirect.AbsoluteUri, verifier), GitHubJson.Default.CodeExchange),
            Changes = false,
        };
        var answer = GitHubJson.Read(exchange, await transport.SendAsync(exchange, cancellation), GitHubJson.Default.CodeAnswer);
        if (answer.AccessToken is not { Length: > 0 } token)
        {
            // GitHub answers 200 here, whatever is wrong.
            throw new GitHubException(
                answer.Error == "incorrect_client_credentials" ? GitHubErrorKind.Unauthorized : GitHubErrorKind.Validation,
                $"GitHub refused to sign in: {answer.Error} \"{answer.ErrorDescription}\".");
        }

        return new ApiCaller(transport, host, new FixedIdentity(token));
    }

    private static Task<GitHubUser> AskWhoAsync(ApiCaller caller, CancellationToken cancellation) =>
        caller.GetAsync("user", $"read who has signed in at {caller.Host}", GitHubJson.Default.GitHubUser, cancellation);

    private static async Task<List<long>> ListReadableAsync(ApiCaller caller, CancellationToken cancellation)
    {
        var (readable, pages) = (new List<long>(), 0);
        var installations = new List<GitHubInstallation>();
        await foreach (var page in caller.PagesAsync($"user/installations?{ApiCaller.PerPage}", "list the installations that a person sees", GitHubJson.Default.InstallationPage, cancellation))
        {
            installations.AddRange(page.Installations);
            if (++pages >= MostPages)
            {
                break;
            }
        }

        foreach (var installation in installations.Where(one => one.SuspendedAt is null))
        {
            if (pages >= MostPages)
            {
                break;
            }

            var path = $"user/installations/{installation.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)}/repositories?{ApiCaller.PerPage}";
            await foreach (var page in caller.PagesAsync(path, "list the repositories that a person may read", GitHubJson.Default.RepositoryPage, cancellation))
            {
                readable.AddRange(page.Repositories.Where(repository => repository.Private).Select(repository => repository.Id));
                if (++pages >= MostPages)
                {
                    break;
                }
            }
        }

        return readable;
    }
}

/// <summary>A person. The id stays with them; the login may change, and be taken by somebody else.</summary>
public sealed record GitHubUser(long Id, string Login, string? Name);

internal sealed record CodeExchange(string ClientId, string ClientSecret, string Code, string RedirectUri, string CodeVerifier);

internal sealed record CodeAnswer(string? AccessToken, string? Error, [property: JsonPropertyName("error_description")] string? ErrorDescription);
