using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Switchyard.Server.Access;

/// <summary>
/// What a browser keeps of a signed-in person: 32 random bytes, of which the server knows the hash. The mark in every form is made of
/// them, so a page of another site cannot know it, and every node can check it.
/// </summary>
internal static class Session
{
    /// <summary>The usual name of the cookie (<see cref="AccessOptions.SessionCookie"/>).</summary>
    public const string CookieName = "switchyard_session";

    /// <summary>The field of a form, or in its stead the header, that carries the mark.</summary>
    public const string CsrfName = "_csrf";

    public const string CsrfHeader = "X-Csrf";

    private const int Size = 32;

    public static string Generate() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Size));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    /// <summary>The mark for the forms of the session that the request belongs to; null where nobody is signed in.</summary>
    public static string? CsrfOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, AuthenticationType: SessionAuthentication.SchemeName } && SecretOf(context) is { } secret ? CsrfOf(secret) : null;

    public static async Task<bool> IsMarkedAsync(HttpContext context, string secret)
    {
        var given = context.Request.Headers[CsrfHeader].ToString();
        if (given.Length == 0 && context.Request.HasFormContentType)
        {
            given = (await context.Request.ReadFormAsync(context.RequestAborted))[CsrfName].ToString();
        }

        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(CsrfOf(secret)));
    }

    /// <summary>What is kept of the session, to bind something to the browser that has it; null for who has none.</summary>
    public static byte[]? IdOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, AuthenticationType: SessionAuthentication.SchemeName } && SecretOf(context) is { } secret ? Hash(secret) : null;

    /// <summary>What the browser sent; it may be nobody's.</summary>
    public static string? SecretOf(HttpContext context) => context.Request.Cookies[NameOf(context)] is { Length: > 0 } secret ? secret : null;

    public static void Give(HttpContext context, string secret, DateTimeOffset expires) => context.Response.Cookies.Append(NameOf(context), secret, Cookie(context, expires));

    public static void TakeAway(HttpContext context) => context.Response.Cookies.Delete(NameOf(context), Cookie(context));

    private static string NameOf(HttpContext context) => context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.SessionCookie;

    private static CookieOptions Cookie(HttpContext context, DateTimeOffset? expires = null) => new()
    {
        HttpOnly = true,
        Secure = Hosting.PublicAddress.IsEncrypted(context),

        // Lax, so that a link from a commit's check run finds the person signed in.
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/",
        Expires = expires,
    };

    internal static string CsrfOf(string secret) => WebEncoders.Base64UrlEncode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "forms"u8))[..22];
}
