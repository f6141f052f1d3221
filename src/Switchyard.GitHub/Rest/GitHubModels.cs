using System.Text.Json;
using System.Text.Json.Serialization;

namespace Switchyard.GitHub.Rest;

/// <summary>The fields of GitHub's answers that are used, and no more: an absent one is null, 0 or empty, never an error.</summary>
public sealed record GitHubAccount(long Id, string Login, string? Type, string? HtmlUrl);

/// <summary>An App as GitHub knows it. <c>Permissions</c>: name to <c>read</c> or <c>write</c>.</summary>
public sealed record GitHubApp(long Id, string? Slug, string Name, string? ClientId, GitHubAccount? Owner, string? HtmlUrl, int? InstallationsCount)
{
    public IReadOnlyDictionary<string, string> Permissions { get; init => field = value ?? Nothing.Permissions; } = Nothing.Permissions;

    public IReadOnlyList<string> Events { get; init => field = value ?? []; } = [];
}

/// <summary>An installation. <c>RepositorySelection</c>: <c>all</c> or <c>selected</c>; suspended when <c>SuspendedAt</c> is set.</summary>
public sealed record GitHubInstallation(
    long Id,
    long AppId,
    string? AppSlug,
    GitHubAccount? Account,
    string? TargetType,
    string? RepositorySelection,
    string? HtmlUrl,
    DateTimeOffset? SuspendedAt,
    GitHubAccount? SuspendedBy)
{
    public IReadOnlyDictionary<string, string> Permissions { get; init => field = value ?? Nothing.Permissions; } = Nothing.Permissions;

    public IReadOnlyList<string> Events { get; init => field = value ?? []; } = [];
}

/// <summary>A member's wish that the App be installed on an account; an owner has yet to decide.</summary>
public sealed record GitHubInstallationRequest(long Id, GitHubAccount? Account, GitHubAccount? Requester, DateTimeOffset? CreatedAt);

/// <summary>A repository. <c>Size</c> in KiB as GitHub counts it.</summary>
public sealed record GitHubRepository(
    long Id,
    string Name,
    string FullName,
    GitHubAccount? Owner,
    bool Private,
    bool Archived,
    bool Disabled,
    bool Fork,
    string? DefaultBranch,
    long Size,
    string? HtmlUrl,
    DateTimeOffset? PushedAt,
    string? Visibility);

/// <summary>A ref such as <c>refs/heads/main</c>; an annotated tag points at an object of type <c>tag</c>.</summary>
public sealed record GitHubRef(string Ref, GitHubObject? Object);

/// <summary>An object of git: <c>commit</c>, <c>tag</c>, <c>tree</c>, <c>blob</c>.</summary>
public sealed record GitHubObject(string Sha, string? Type);

/// <summary>Where GitHub sends the App's deliveries; <c>Secret</c> comes masked.</summary>
public sealed record HookConfig(string? Url, string? ContentType, string? Secret, [property: JsonConverter(typeof(LenientText))] string? InsecureSsl);

/// <summary>A row of the delivery log: one attempt. Attempts of one event share the <c>Guid</c>. <c>Duration</c> in seconds.</summary>
public record HookDelivery(
    long Id,
    string Guid,
    DateTimeOffset DeliveredAt,
    bool Redelivery,
    double? Duration,
    string? Status,
    int StatusCode,
    string? Event,
    string? Action,
    long? InstallationId,
    long? RepositoryId,
    DateTimeOffset? ThrottledAt)
{
    /// <summary>The receiver answered 200 to 399, as GitHub counts success.</summary>
    public bool Succeeded => StatusCode is >= 200 and < 400;
}

/// <summary>A row of the delivery log with what was sent and answered.</summary>
public sealed record HookDeliveryDetail(
    long Id,
    string Guid,
    DateTimeOffset DeliveredAt,
    bool Redelivery,
    double? Duration,
    string? Status,
    int StatusCode,
    string? Event,
    string? Action,
    long? InstallationId,
    long? RepositoryId,
    DateTimeOffset? ThrottledAt,
    HookMessage? Request,
    HookMessage? Response)
    : HookDelivery(Id, Guid, DeliveredAt, Redelivery, Duration, Status, StatusCode, Event, Action, InstallationId, RepositoryId, ThrottledAt);

/// <summary>Headers and body of a request or response in the log.</summary>
public sealed record HookMessage
{
    public JsonElement Headers { get; init; }

    /// <summary>The event as GitHub parsed it; its bytes are not those that were signed.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>The payload's JSON, UTF-8; empty when there is none.</summary>
    public byte[] PayloadBytes() => Payload.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        JsonValueKind.String => System.Text.Encoding.UTF8.GetBytes(Payload.GetString()!),
        _ => System.Text.Encoding.UTF8.GetBytes(Payload.GetRawText()),
    };

    /// <summary>A header by name, whatever its case.</summary>
    public string? Header(string name) => Headers.ValueKind != JsonValueKind.Object
        ? null
        : Headers.EnumerateObject().Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && header.Value.ValueKind == JsonValueKind.String).Select(header => header.Value.GetString()).FirstOrDefault();
}

/// <summary>A comparison of two commits. GitHub lists at most 300 files and says nothing of the others.</summary>
public sealed record Comparison(string? Status, int AheadBy, int BehindBy, int TotalCommits, GitHubObject? MergeBaseCommit)
{
    private const int FileCap = 300;

    public IReadOnlyList<GitHubObject> Commits { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ComparedFile> Files { get; init => field = value ?? []; } = [];

    /// <summary>The list is as long as GitHub ever makes it: take the changes from git.</summary>
    public bool FilesMayBeIncomplete => Files.Count >= FileCap;
}

/// <summary>A file of a comparison. <c>Status</c>: added, removed, modified, renamed, copied, changed, unchanged.</summary>
public sealed record ComparedFile(string Filename, string? Status, string? PreviousFilename, string? Sha);

/// <summary>What the conversion of a manifest's code gives, once. <c>WebhookSecret</c> may be null: set one by the hook's configuration.</summary>
public sealed record AppRegistration(
    long Id,
    string ClientId,
    string ClientSecret,
    string? Slug,
    string Name,
    string? WebhookSecret,
    string Pem,
    string? OwnerLogin,
    string? OwnerType,
    string? HtmlUrl,
    IReadOnlyDictionary<string, string> Permissions,
    IReadOnlyList<string> Events)
{
    public override string ToString() => $"{Slug ?? Name} ({Id})";
}

/// <summary>An answer as it came, for a person who called an address by hand.</summary>
public sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

// A list that is absent, or null, is empty: the generated reader sets every property, whatever its initial value.
file static class Nothing
{
    public static IReadOnlyDictionary<string, string> Permissions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
