namespace Switchyard.Server.Models;

/// <summary>A model as it is listed and shown. Times are UTC milliseconds.</summary>
internal sealed record ModelRow
{
    public long Id { get; init; }

    public long RepositoryId { get; init; }

    public string Provider { get; init; } = "";

    public string Repository { get; init; } = "";

    public string? RepositoryUrl { get; init; }

    public string? SyncedHead { get; init; }

    public string Path { get; init; } = "";

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    public string Format { get; init; } = "";

    public string Name { get; init; } = "";

    public string? TechnicalName { get; init; }

    public string? Target { get; init; }

    public string Status { get; init; } = "";

    public long ProblemCount { get; init; }

    public long Containers { get; init; }

    public long Entities { get; init; }

    public long ReferenceEntities { get; init; }

    public long AttributeNodes { get; init; }

    public long OwnAttributes { get; init; }

    public long Attributes { get; init; }

    public long Relationships { get; init; }

    public long Views { get; init; }

    public long Definitions { get; init; }

    public string Blob { get; init; } = "";

    public byte[]? ContentSha256 { get; init; }

    public long Size { get; init; }

    public long VersionCount { get; init; }

    /// <summary>The Version that is shown where the last one cannot be read; null: the last.</summary>
    public long? ShownVersion { get; init; }

    public byte[]? ShownSha256 { get; init; }

    public string? ShownFormat { get; init; }

    public bool IsStale => ShownVersion is not null;

    public string? HeadCommit { get; init; }

    public string? RemovedIn { get; init; }

    public string? MovedTo { get; init; }

    public long? ChangedAt { get; init; }
}

/// <summary>The long texts of a model, read for one at a time.</summary>
internal sealed record ModelTexts
{
    public string Problems { get; init; } = "[]";

    public string Facts { get; init; } = "{}";
}

/// <summary>A Version with its commit. Times are UTC milliseconds.</summary>
internal sealed record VersionRow
{
    public long Id { get; init; }

    public long ModelId { get; init; }

    public long Number { get; init; }

    public long Position { get; init; }

    public string Blob { get; init; } = "";

    public byte[]? ContentSha256 { get; init; }

    public string Format { get; init; } = "";

    public long Size { get; init; }

    public string Status { get; init; } = "";

    public long ProblemCount { get; init; }

    public string? MovedFrom { get; init; }

    public long Rewritten { get; init; }

    public long AddedBy { get; init; }

    public string Sha { get; init; } = "";

    public string AuthorName { get; init; } = "";

    public string AuthorEmail { get; init; } = "";

    public long AuthoredAt { get; init; }

    public long CommittedAt { get; init; }

    public string Subject { get; init; } = "";
}

/// <summary>What to list: each filter is left out where it is null. Ignored models are listed only where they are asked for.</summary>
internal sealed record ModelFilter(string? Q, string? Format, string? Provider, string? Repository, string? State, string? Status)
{
    public string? Kind { get; init; }

    /// <summary>Only models below this folder of their repository.</summary>
    public string? Folder { get; init; }
}
