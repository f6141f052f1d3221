namespace Switchyard.Server.Access;

/// <summary>A token that was just made; it is shown this once.</summary>
public sealed record CreatedToken(string Id, string Name, string Role, string Token, DateTimeOffset? ExpiresAt);

/// <summary>A token without the token itself.</summary>
public sealed record TokenResource(
    string Id, string Name, string Role, string Prefix, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);
