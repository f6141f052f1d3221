namespace Switchyard.Server.Providers;

internal static class ProviderKind
{
    public const string App = "App";
    public const string Token = "Token";
}

internal static class InstallationState
{
    public const string Active = "Active";
    public const string Suspended = "Suspended";
    public const string Removed = "Removed";
}

/// <summary>A registered GitHub App on one host, or a fine-grained token standing in for one. Times are UTC milliseconds.</summary>
internal sealed record Provider
{
    public long Id { get; init; }

    public string Slug { get; init; } = "";

    public string Kind { get; init; } = ProviderKind.App;

    public string Name { get; init; } = "";

    public string ApiUrl { get; init; } = "";

    public string WebUrl { get; init; } = "";

    public long? AppId { get; init; }

    public string? ClientId { get; init; }

    public string? AppSlug { get; init; }

    public string? OwnerLogin { get; init; }

    public string? OwnerType { get; init; }

    public string? HtmlUrl { get; init; }

    /// <summary>The key in a vault that signs as the App; null where the key is a secret of ours.</summary>
    public string? KeyIn { get; init; }

    public string? KeyFingerprint { get; init; }

    public string Health { get; init; } = "Healthy";

    public string? Reason { get; init; }

    public long CreatedAt { get; init; }

    public long? ListedAt { get; init; }

    /// <summary>Where GitHub delivers to, as the App was registered here.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>What it was made for: words of <see cref="ProviderFeature"/>.</summary>
    public string Features { get; init; } = ProviderFeature.Switch;

    /// <summary>What the App asks its installations for, as GitHub says: JSON of name and level.</summary>
    public string? AppPermissions { get; init; }

    /// <summary>Where its secrets lie in the vault.</summary>
    public string SecretScope => ScopeOf(Id);

    public static string ScopeOf(long id) => $"provider:{id}";
}

/// <summary>The names of a provider's secrets in the vault.</summary>
internal static class ProviderSecret
{
    public const string PrivateKey = "private_key";
    public const string ClientSecret = "client_secret";
    public const string WebhookSecret = "webhook_secret";
    public const string PreviousPrivateKey = "private_key_previous";
    public const string PreviousWebhookSecret = "webhook_secret_previous";
    public const string Token = "token";
}

/// <summary>Where an App is installed; times are UTC milliseconds.</summary>
internal sealed record InstallationRow
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Provider { get; init; } = "";

    public long GithubId { get; init; }

    public string AccountLogin { get; init; } = "";

    public string AccountType { get; init; } = "";

    public string State { get; init; } = "";

    public string? RepositorySelection { get; init; }

    public string? Permissions { get; init; }

    public string? Reason { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public string WebUrl { get; init; } = "";

    public string? AppPermissions { get; init; }

    public long Repositories { get; init; }
}

/// <summary>A member's wish that the App be installed; times are UTC milliseconds.</summary>
internal sealed record InstallationRequestRow
{
    public long Id { get; init; }

    public string Provider { get; init; } = "";

    public long GithubId { get; init; }

    public string AccountLogin { get; init; } = "";

    public string RequesterLogin { get; init; } = "";

    public string State { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}

/// <summary>Why an installation is not as it should be, and where that is changed.</summary>
internal static class InstallationReason
{
    public static string Suspended(string account, string? by, DateTimeOffset? at) =>
        $"The installation on {account} was suspended{(by is null ? "" : $" by @{by}")}{(at is { } day ? $" on {day:yyyy-MM-dd}" : "")}. An organization owner can unsuspend it; nothing was deleted here.";

    /// <summary>The page of the installation, for who owns the account.</summary>
    public static string SettingsUrl(string webUrl, string account, string? accountType, long githubId)
    {
        var web = webUrl.TrimEnd('/');
        return accountType == "Organization" ? $"{web}/organizations/{account}/settings/installations/{githubId}" : $"{web}/settings/installations/{githubId}";
    }
}
