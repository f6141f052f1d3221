using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub.Apps;

/// <summary>
/// Signing people in with an App: GitHub's web flow with PKCE. What is asked of GitHub is who the person is, and nothing is kept of
/// the token that tells it.
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

    /// <summary>Exchanges the code that the browser brought and asks who it stands for.</summary>
    /// <exception cref="GitHubException">Validation when the code was used, is too old, or belongs to another browser; Unauthorized when client id and secret do not fit.</exception>
    public static async Task<GitHubUser> IdentifyAsync(
        GitHubHost host, string clientId, string clientSecret, string code, Uri redirect, string verifier, GitHubConnectionOptions? options = null, CancellationToken cancellation = default)
    {
        using var transport = new ApiTransport(options ?? new GitHubConnectionOptions());
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

        return await new ApiCaller(transport, host, new FixedIdentity(token)).GetAsync("user", $"read who has signed in at {host}", GitHubJson.Default.GitHubUser, cancellation);
    }
}

/// <summary>A person. The id stays with them; the login may change, and be taken by somebody else.</summary>
public sealed record GitHubUser(long Id, string Login, string? Name);

internal sealed record CodeExchange(string ClientId, string ClientSecret, string Code, string RedirectUri, string CodeVerifier);

internal sealed record CodeAnswer(string? AccessToken, string? Error, [property: JsonPropertyName("error_description")] string? ErrorDescription);
