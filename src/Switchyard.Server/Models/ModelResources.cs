using System.Text.Json;

namespace Switchyard.Server.Models;

/// <summary>A model as lists and pages show it.</summary>
public sealed record ModelResource(
    string Id, string Name, string? TechnicalName, string Provider, string Repository, string RepositoryId, string Path, string Kind, string Format, string? Target, string State,
    string Status, bool Stale, long VersionCount, long? ShownVersion, long Containers, long Entities, long ReferenceEntities, long AttributeNodes, long OwnAttributes, long Attributes, long Relationships,
    long Views, long Definitions, long ProblemCount, long Size, string Blob, string? Digest, string? HeadCommit, string? RemovedIn, string? MovedTo, DateTimeOffset? ChangedAt, string? HtmlUrl);

/// <summary>A model with what its reader said of it.</summary>
public sealed record ModelDetail(ModelResource Model, JsonElement Facts, JsonElement Problems);

/// <summary>A model that was searched for, and what in it matched.</summary>
public sealed record ModelHit(ModelResource Model, IReadOnlyList<ModelMatch> Matches);

/// <summary>The commit that made a Version.</summary>
public sealed record VersionCommit(string Sha, string Subject, string AuthorName, string AuthorEmail, DateTimeOffset AuthoredAt, DateTimeOffset CommittedAt, string? HtmlUrl);

/// <summary>A Version of a model.</summary>
public sealed record VersionResource(
    string Id, string ModelId, long Number, VersionCommit Commit, string Format, string Status, long ProblemCount, long Size, string Blob, string? Digest, string? MovedFrom, bool Rewritten, string SyncId);
