namespace Switchyard.Server.Access;

/// <summary>Section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>How often GitHub is asked whether those who signed in with it still belong; default 10 minutes.</summary>
    public TimeSpan MembershipInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session lasts while GitHub cannot be asked; then nobody of GitHub is let in. Default 1 hour.</summary>
    public TimeSpan MembershipGrace { get; set; } = TimeSpan.FromHours(1);
}
