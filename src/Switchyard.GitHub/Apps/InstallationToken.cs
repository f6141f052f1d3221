namespace Switchyard.GitHub.Apps;

/// <summary>
/// A token for one installation, for about an hour. An opaque text of any length: 40 characters, or
/// <c>ghs_APPID_JWT</c> of about 520. Never to be stored or logged.
/// </summary>
public sealed class InstallationToken
{
    public InstallationToken(string value, DateTimeOffset expiresAt, DateTimeOffset mintedAt)
    {
        Value = value;
        ExpiresAt = expiresAt;
        MintedAt = mintedAt;
        var life = expiresAt - mintedAt;
        // 55 minutes of 60, and the same share of any other life.
        RefreshAt = expiresAt - (life / 12);
        UsableUntil = expiresAt - (life / 60);
    }

    public string Value { get; }

    /// <summary>By this machine's clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>By this machine's clock.</summary>
    public DateTimeOffset MintedAt { get; }

    internal DateTimeOffset RefreshAt { get; }

    internal DateTimeOffset UsableUntil { get; }

    public override string ToString() => "*** until " + ExpiresAt.ToString("u");
}
