using Switchyard.Server.Providers;

namespace Switchyard.Server.Repositories;

internal static class RepositoryStatus
{
    public const string Synced = "Synced";
    public const string OutOfSync = "OutOfSync";
    public const string Unknown = "Unknown";

    public static readonly string[] All = [Synced, OutOfSync, Unknown];
}

internal static class RepositoryHealth
{
    public const string Healthy = "Healthy";
    public const string Degraded = "Degraded";
    public const string Missing = "Missing";
    public const string Suspended = "Suspended";
    public const string Unknown = "Unknown";

    public static readonly string[] All = [Healthy, Degraded, Missing, Suspended, Unknown];
}

/// <summary>What made a repository want a Sync.</summary>
internal static class WishSource
{
    public const string Webhook = "Webhook";
    public const string Poll = "Poll";
    public const string User = "User";
    public const string Recovery = "Recovery";
    public const string Link = "Link";
}

/// <summary>A linked repository. Times are UTC milliseconds.</summary>
internal sealed record Repository
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Provider { get; init; } = "";

    public long GithubId { get; init; }

    public long? InstallationId { get; init; }

    /// <summary>GitHub's id of the installation; null with a token that stands in for an App.</summary>
    public long? InstallationGithubId { get; init; }

    public string? InstallationState { get; init; }

    public string? AccountLogin { get; init; }

    public string? AccountType { get; init; }

    public string WebUrl { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Name { get; init; } = "";

    public string? DefaultBranch { get; init; }

    public long Private { get; init; }

    public long Archived { get; init; }

    public long SizeKb { get; init; }

    public string? HtmlUrl { get; init; }

    public long Linked { get; init; }

    /// <summary>See <see cref="Repositories.Unlinked"/>: not 0 where a person took it out.</summary>
    public long Unlinked { get; init; }

    public long Suspended { get; init; }

    public long Wanted { get; init; }

    public long Satisfied { get; init; }

    public string? WantedHead { get; init; }

    public long? WantedAt { get; init; }

    public string? WantedSource { get; init; }

    public string? SyncedHead { get; init; }

    public long? SyncedAt { get; init; }

    public string? WalkedHead { get; init; }

    public long WalkedPosition { get; init; }

    public long Recount { get; init; }

    public string? IgnoreFile { get; init; }

    public string? ParserVersion { get; init; }

    public string Status { get; init; } = RepositoryStatus.Unknown;

    public string Health { get; init; } = RepositoryHealth.Unknown;

    public long Failures { get; init; }

    public long RetryAt { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Where an owner of the account changes what the App may see; null with a token that stands in for one.</summary>
    public string? InstallationUrl => InstallationGithubId is { } id ? InstallationReason.SettingsUrl(WebUrl, AccountLogin ?? Owner, AccountType, id) : null;

    public string FullName => $"{Owner}/{Name}";

    /// <summary>Work may be done: linked, not suspended by a person or through its installation.</summary>
    public bool MayWork => Linked == 1 && Unlinked == 0 && Suspended == 0 && (InstallationState ?? "Active") == "Active";
}

/// <summary>What GitHub says of a repository.</summary>
internal sealed record OriginRepository(
    long GithubId, string Owner, string Name, string? DefaultBranch, bool IsPrivate, bool IsArchived, long SizeKb, string? HtmlUrl);
