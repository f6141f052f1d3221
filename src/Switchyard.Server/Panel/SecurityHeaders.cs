namespace Switchyard.Server.Panel;

/// <summary>
/// What browsers are told of every answer: nothing from elsewhere, nothing inline, no frame around it. Forms may go to GitHub, where
/// Apps are registered and people sign in.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>Lets a form of this page go to a host that has no encryption: one on this machine.</summary>
    public static void AllowForm(HttpContext context, Uri target)
    {
        if (target.Scheme != Uri.UriSchemeHttps)
        {
            context.Response.Headers.ContentSecurityPolicy = context.Response.Headers.ContentSecurityPolicy.ToString().Replace("form-action 'self' https:", "form-action 'self' https: " + target.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        }
    }

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://avatars.githubusercontent.com; font-src 'self'; connect-src 'self'; worker-src 'self'; "
            + "form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // Pages are of one person: after signing out the way back must not show them to the next one at the browser.
        context.Response.OnStarting(() =>
        {
            if (headers.CacheControl.Count == 0 && headers.ContentType.ToString().StartsWith("text/html", StringComparison.Ordinal))
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
