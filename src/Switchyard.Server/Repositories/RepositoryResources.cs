using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

public sealed record ReasonResource(string Code, string Sentence, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? ResolvedAt);

public sealed record RepositoryResource(
    string Id, string GithubId, string Provider, string? InstallationId, string FullName, string Owner, string Name, string? DefaultBranch, bool Private, bool Archived, bool Linked, bool Suspended,
    string Status, string Health, string? SyncedHead, DateTimeOffset? SyncedAt, string? WantedHead, DateTimeOffset? WantedAt, string? Source, long Models, long Problems, SyncResource? LastSync, string? HtmlUrl);

public sealed record RepositoryDetail(
    string Id, string GithubId, string Provider, string? InstallationId, string FullName, string Owner, string Name, string? DefaultBranch, bool Private, bool Archived, bool Linked, bool Suspended,
    string Status, string Health, string? SyncedHead, DateTimeOffset? SyncedAt, string? WantedHead, DateTimeOffset? WantedAt, string? Source, long Models, long Versions, long Problems,
    SyncResource? LastSync, string? HtmlUrl, IReadOnlyList<ReasonResource> Reasons, IReadOnlyList<ReasonResource> Notes, IReadOnlyList<FormatResource> Formats);

public sealed record FormatResource(string Format, long Models, long Versions, long Containers, long Entities, long Attributes, long Relationships, long Views);

public sealed record ProblemResource(string Code, string Message, string? Severity, string? Model, string? Path, int? Line, long? Offset, DateTimeOffset? FirstSeen, DateTimeOffset? ResolvedAt);

public sealed record IgnoredResource(string Pattern, long? Line, long Candidates, string Sample);

/// <summary>
/// What was done, or with <c>DryRun</c> would be done, to many repositories. <c>Repositories</c>: how many it is for; <c>Left</c>: how many of
/// those chosen it is not for (what is suspended already is not suspended again); <c>Sample</c>: the first of them.
/// </summary>
public sealed record BulkResource(string Action, bool DryRun, int Repositories, int Left, int Done, IReadOnlyList<string> Sample, IReadOnlyList<BulkFailure> Failed);

/// <summary>A repository that refused, and why.</summary>
public sealed record BulkFailure(string Repository, string Reason);
