namespace Switchyard.Server.SignIn;

/// <summary>Whether a form comes from a page of ours, for those forms that no session marks yet. Browsers say where a form comes from.</summary>
internal static class SameOrigin
{
    public static bool Is(HttpContext context)
    {
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? site is "same-origin" or "none"
            : context.Request.Headers.Origin.ToString() is not { Length: > 0 } origin
                || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
