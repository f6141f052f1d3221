namespace Switchyard.Server.SignIn;

/// <summary>Who on GitHub may sign in: an <c>organization</c>, a <c>team</c> of it, or a <c>user</c>; and the role they have then.</summary>
public sealed record GrantResource(string Id, string Provider, string Kind, string Account, string? Team, string Role, string CreatedBy, DateTimeOffset CreatedAt);

/// <summary>A person who has signed in. <c>VerifiedAt</c>: when GitHub last said that they belong; null for the local administrator.</summary>
public sealed record UserResource(
    string Id, string Login, string? Name, string? Provider, string Role, string State, string? Reason, long Sessions, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? VerifiedAt);
