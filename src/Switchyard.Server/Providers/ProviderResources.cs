using System.Text.Json;

namespace Switchyard.Server.Providers;

/// <summary>A secret as it may be shown.</summary>
public sealed record ProviderSecretResource(string Name, bool Set, DateTimeOffset UpdatedAt, string SetBy, string Fingerprint);

/// <summary>A permission: what is needed, what the App asks its installations for (null: not known yet), and what for.</summary>
public sealed record PermissionResource(string Name, string Needed, string? Asked, string Why);

/// <summary>GitHub's rate limit of the installation that has the least left.</summary>
public sealed record RateLimitResource(long Limit, long Remaining, DateTimeOffset? ResetAt);

/// <summary>What came last from GitHub, and how many of the last ones failed.</summary>
public sealed record LastDeliveryResource(string Id, string Event, string State, DateTimeOffset ReceivedAt, long Recent, long Failed);

/// <summary>A GitHub App, or a token standing in for one.</summary>
public sealed record ProviderResource(
    string Id, string Slug, string Kind, string Name, string ApiUrl, string WebUrl, string? AppId, string? ClientId, string? AppSlug, string? Owner, string? OwnerType,
    string? HtmlUrl, string? InstallUrl, string WebhookPath, string? KeyIn, string? KeyFingerprint, string Health, string? Reason, DateTimeOffset CreatedAt, IReadOnlyList<ProviderSecretResource> Secrets,
    IReadOnlyList<string> Features, IReadOnlyList<PermissionResource> Permissions, string? SettingsUrl, string? AdvancedUrl, string? PublicUrl, DateTimeOffset? ListedAt,
    long Installations, long RepositoryHooks, LastDeliveryResource? LastDelivery, RateLimitResource? RateLimit);

/// <summary>Where the App is installed. <c>Missing</c>: what the App asks for and the account's owners have not accepted yet.</summary>
public sealed record InstallationResource(
    string Id, string Provider, string GithubId, string Account, string AccountType, string State, string? RepositorySelection, JsonElement? Permissions, string? Reason,
    string HtmlUrl, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<string> Missing, string PermissionsUrl, long Repositories);

/// <summary>A member's wish that the App be installed: <c>Requested</c> as long as an owner has yet to decide, then <c>Approved</c> or <c>Declined</c>.</summary>
public sealed record InstallationRequestResource(string Id, string Provider, string Account, string Requester, string State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A webhook set up by hand on a repository; GitHub's id of it is learned from its first delivery.</summary>
public sealed record RepositoryHookResource(string Id, string Name, string? HookId, DateTimeOffset CreatedAt, DateTimeOffset? HeardAt, bool Overlap);

/// <summary>The secret of a repository's webhook; shown once.</summary>
public sealed record HookSecret(string Id, string Secret, string Path, string ContentType);

/// <summary>What GitHub says to a provider's credentials at this moment.</summary>
public sealed record ProviderTest(bool Ok, string Detail, long Milliseconds, double ClockSkewSeconds, string? WebhookUrl);

/// <summary>Whether GitHub can reach an address: <c>Reachable</c>, <c>Private</c>, <c>Unreachable</c>, <c>OtherServer</c> or <c>Invalid</c>.</summary>
public sealed record ProbeResult(string Url, string Verdict, string Detail);

/// <summary>What the browser posts to GitHub to register the App.</summary>
public sealed record ManifestForm(string PostUrl, string Manifest, string State);
