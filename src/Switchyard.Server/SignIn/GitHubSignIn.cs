using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.SignIn;

/// <summary>The private repositories that GitHub says somebody may read, by its ids, as of the moment before it was asked (UTC milliseconds); null: it did not say.</summary>
internal sealed record Readable(IReadOnlyList<long>? Private, long AskedAt);

/// <summary>A provider whose App people can sign in with.</summary>
public sealed record SignInChoice(string Slug, string Name, string Host);

/// <summary>
/// Sends a browser to GitHub and takes it back. What belongs to one sign-in (state, PKCE verifier, where to go) is kept by that browser
/// alone, for ten minutes, so a code that another browser brings is worth nothing.
/// </summary>
internal sealed class GitHubSignIn(Database database, ProviderStore providers, SecretVault vault, IOptions<AccessOptions> access, TimeProvider time)
{
    /// <summary>How long a person is kept waiting for GitHub to say what they may read.</summary>
    private static readonly TimeSpan ReadableLimit = TimeSpan.FromSeconds(30);

    private const string CookieName = "switchyard_sign_in";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private sealed record Journey(string Slug, string State, string Verifier, string To, long Until);

    public async Task<IReadOnlyList<SignInChoice>> ChoicesAsync(CancellationToken cancellation) =>
        (await database.ReadAsync(
            session => session.QueryAsync<Provider>(
                $"select p.slug, p.name, p.web_url from providers p join secrets s on s.scope = 'provider:' || p.id and s.name = '{ProviderSecret.ClientSecret}' where p.kind = '{ProviderKind.App}' and p.client_id is not null order by p.id"),
            cancellation)).ConvertAll(provider => new SignInChoice(provider.Slug, provider.Name, new Uri(provider.WebUrl).Authority));

    /// <summary>The address on GitHub; null where people cannot sign in with that provider.</summary>
    public async Task<Uri?> BeginAsync(HttpContext context, string slug, string? to, CancellationToken cancellation)
    {
        if (await FindAsync(slug, cancellation) is not { } found)
        {
            return null;
        }

        var journey = new Journey(
            found.Provider.Slug, WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)), UserAuthorization.NewVerifier(), ReturnPath.Of(to), (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        context.Response.Cookies.Append(CookieName, WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(journey)), Cookie(context));
        return UserAuthorization.AuthorizeUrl(HostOf(found.Provider), found.Provider.ClientId!, RedirectOf(context, found.Provider), journey.State, journey.Verifier);
    }

    /// <summary>Who has come back, with which provider, what they may read where that is asked, and where they want to go.</summary>
    /// <exception cref="SignInException">This browser did not begin it, or too long ago.</exception>
    /// <exception cref="GitHubException">GitHub refuses the code, or cannot be asked.</exception>
    public async Task<(Provider Provider, GitHubUser User, Readable? Readable, string To)> CompleteAsync(HttpContext context, string slug, string code, string? state, CancellationToken cancellation)
    {
        var journey = Take(context);
        if (journey is null || journey.Slug != slug || journey.Until < time.GetUtcNow().ToUnixTimeMilliseconds()
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(journey.State), Encoding.UTF8.GetBytes(state ?? ""))
            || await FindAsync(slug, cancellation) is not { } found)
        {
            throw new SignInException("This sign-in was not begun in this browser, or more than ten minutes ago. Begin again.");
        }

        var (host, redirect, asked) = (HostOf(found.Provider), RedirectOf(context, found.Provider), time.GetUtcNow().ToUnixTimeMilliseconds());
        var options = new GitHubConnectionOptions { Time = time, RequestTimeout = TimeSpan.FromSeconds(20) };
        if (!access.Value.MirrorsReading)
        {
            return (found.Provider, await UserAuthorization.IdentifyAsync(host, found.Provider.ClientId!, found.Secret, code, redirect, journey.Verifier, options, cancellation), null, ReturnPath.Of(journey.To));
        }

        var (user, readable) = await UserAuthorization.IdentifyWithRepositoriesAsync(host, found.Provider.ClientId!, found.Secret, code, redirect, journey.Verifier, options, ReadableLimit, cancellation);
        return (found.Provider, user, new Readable(readable, asked), ReturnPath.Of(journey.To));
    }

    /// <summary>What the browser kept; it is used up by looking.</summary>
    private static Journey? Take(HttpContext context)
    {
        var text = context.Request.Cookies[CookieName];
        context.Response.Cookies.Delete(CookieName, Cookie(context));
        try
        {
            return text is { Length: > 0 and < 4000 } ? JsonSerializer.Deserialize<Journey>(WebEncoders.Base64UrlDecode(text)) : null;
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }

    private static GitHubHost HostOf(Provider provider) => GitHubHost.Parse(provider.ApiUrl, provider.WebUrl);

    private static Uri RedirectOf(HttpContext context, Provider provider) => new(AppManifest.CallbackOf(PublicAddress.Here(context), provider.Slug));

    private static CookieOptions Cookie(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = PublicAddress.IsEncrypted(context),

        // Lax: the browser comes back from GitHub.
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/login",
        MaxAge = Lifetime,
    };

    private async Task<(Provider Provider, string Secret)?> FindAsync(string slug, CancellationToken cancellation) =>
        await providers.FindAsync(slug, cancellation) is { ClientId: not null } provider && await vault.ReadTextAsync(provider.SecretScope, ProviderSecret.ClientSecret, cancellation) is { Length: > 0 } secret
            ? (provider, secret)
            : null;
}
