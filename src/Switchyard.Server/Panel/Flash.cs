using Microsoft.AspNetCore.WebUtilities;

namespace Switchyard.Server.Panel;

/// <summary>What the next page says of the form that was sent: once. It travels in a cookie, so it works without scripts and on any node.</summary>
internal static class Flash
{
    private const string Name = "switchyard_said";

    public static void Leave(HttpContext context, string message) =>
        context.Response.Cookies.Append(Name, WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(message)), Options(context));

    public static string? Take(HttpContext context)
    {
        if (IsAskedByAScript(context) || context.Request.Cookies[Name] is not { Length: > 0 and < 4000 } text)
        {
            return null;
        }

        if (!context.Response.HasStarted)
        {
            context.Response.Cookies.Delete(Name, Options(context));
        }

        try
        {
            return System.Text.Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A page that is open somewhere and looks for what is new would take away what the page that a person comes to has to say.</summary>
    private static bool IsAskedByAScript(HttpContext context) =>
        context.Request.Headers.ContainsKey("X-Live") || context.Request.Headers.ContainsKey("HX-Request") || context.Request.Headers["Sec-Fetch-Mode"].ToString() is { Length: > 0 } and not "navigate";

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Hosting.PublicAddress.IsEncrypted(context), IsEssential = true, Path = "/" };
}
