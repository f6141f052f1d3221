namespace Switchyard.Server.Hosting;

/// <summary>
/// How the server is called from outside: as the configuration says, else as the request says it. Browsers are sent there by GitHub,
/// and cookies are kept for encrypted connections where it is one.
/// </summary>
internal sealed class PublicAddress(IConfiguration configuration)
{
    private readonly Uri? configured = Uri.TryCreate(configuration["Providers:PublicUrl"], UriKind.Absolute, out var url) ? url : null;

    /// <summary>Without a slash at its end.</summary>
    public string Of(HttpContext context) => (configured?.GetLeftPart(UriPartial.Path) ?? $"{context.Request.Scheme}://{context.Request.Host}").TrimEnd('/');

    /// <summary>The address that the browser is at.</summary>
    public static string Here(HttpContext context) => $"{(IsEncrypted(context) ? "https" : "http")}://{context.Request.Host}";

    /// <summary>
    /// Whether the browser that asks has an encrypted connection. A proxy in front may end it and not be known as one; the name
    /// under which it was asked tells it then.
    /// </summary>
    public static bool IsEncrypted(HttpContext context) =>
        context.Request.IsHttps
        || (context.RequestServices?.GetService<PublicAddress>()?.configured is { Scheme: "https" } url && string.Equals(url.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
