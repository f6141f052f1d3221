using Switchyard.Catalog;

namespace Switchyard.Server.Models.History;

/// <summary>A commit of the first-parent chain that makes a Version or a removal. Times are UTC milliseconds.</summary>
internal sealed record CommitRow(
    long RepositoryId, string Sha, long Position, string AuthorName, string AuthorEmail, long AuthoredAt, long CommittedAt, string Subject);

/// <summary>What the walk over the history knows of one path after the commits it has gone through.</summary>
internal sealed class PathState(string path)
{
    public string Path => path;

    public long? ModelId { get; set; }

    /// <summary>Versions on the chain so far; numbering goes on from here.</summary>
    public long Count { get; set; }

    public bool IsModel { get; set; }

    public string? Blob { get; set; }

    public string? Format { get; set; }
}

/// <summary>A Version about to be written.</summary>
internal sealed record NewVersion(PathState Model, CommitRow Commit, long Number, ModelUnit Unit)
{
    public string? MovedFrom { get; set; }

    /// <summary>The path had Versions before, but was no model any more.</summary>
    public bool Returns { get; init; }
}

/// <summary>A removal about to be written.</summary>
internal sealed record NewRemoval(PathState Model, CommitRow Commit)
{
    public string? MovedTo { get; set; }
}

/// <summary>A model row about to be written or brought in step.</summary>
internal sealed record NewModel(long RepositoryId, string Path, ModelKind Kind, string State, ModelFacts Facts, string Blob, byte[]? Sha256, long Size)
{
    public long VersionCount { get; init; }

    public long? HeadCommitId { get; init; }

    public long? ChangedAt { get; init; }

    public static NewModel Of(long repositoryId, ModelUnit unit, string state) =>
        new(repositoryId, unit.Path, unit.Kind, state, unit.Facts!, unit.Key, unit.Sha256, unit.Size);

    public ModelDisplay Display => Facts.Display ?? throw new InvalidOperationException($"{Path} was read without what is shown of it.");
}

/// <summary>Which recorded rows count as the past of a walk.</summary>
/// <param name="Position">The last commit the walk has gone through.</param>
/// <param name="StartPosition">The last commit whose rows the walk takes as they are; later ones must be confirmed by it.</param>
/// <param name="SyncId">The walk's Sync.</param>
internal sealed record PastOf(long Position, long StartPosition, long SyncId);
