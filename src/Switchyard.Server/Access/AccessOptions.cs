namespace Switchyard.Server.Access;

/// <summary>Section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>The cookie of the panel. Cookies do not know ports: two servers on one host name need two names.</summary>
    public string SessionCookie { get; set; } = Session.CookieName;

    /// <summary>How often GitHub is asked whether those who signed in with it still belong; default 10 minutes.</summary>
    public TimeSpan MembershipInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session lasts while GitHub cannot be asked; then nobody of GitHub is let in. Default 1 hour.</summary>
    public TimeSpan MembershipGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary><c>everything</c>: who is in may read every repository. <c>github</c>: viewers of GitHub read what GitHub lets them read.</summary>
    public string ReadPermission { get; set; } = "everything";

    /// <summary>With <c>github</c>: how long what GitHub said at a sign-in holds; then private repositories are hidden until the next one. Default 8 hours.</summary>
    public TimeSpan ReadPermissionLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Whether what people may read is what GitHub lets them read.</summary>
    public bool MirrorsReading => string.Equals(ReadPermission, "github", StringComparison.OrdinalIgnoreCase);
}
