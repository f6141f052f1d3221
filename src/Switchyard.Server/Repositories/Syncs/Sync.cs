using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Repositories.Syncs;

internal static class SyncMode
{
    public const string Recent = "recent";
    public const string Full = "full";
    public const string FromCommit = "from-commit";

    public static readonly string[] All = [Recent, Full, FromCommit];
}

internal static class SyncState
{
    public const string Queued = "Queued";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";

    public static readonly string[] All = [Queued, Running, Succeeded, Failed, Cancelled];
}

internal static class SyncStage
{
    public const string Fetching = "fetching";
    public const string Listing = "listing";
    public const string Reading = "reading";
    public const string History = "history";
}

/// <summary>One replication run, and its progress. Times are UTC milliseconds.</summary>
internal sealed record Sync
{
    public long Id { get; init; }

    public long RepositoryId { get; init; }

    public string Repository { get; init; } = "";

    public string Mode { get; init; } = SyncMode.Recent;

    public string Cause { get; init; } = "";

    public string? RequestedCommit { get; init; }

    public string? RequestedBy { get; init; }

    public string State { get; init; } = "";

    public string? FromCommit { get; init; }

    public string? ToCommit { get; init; }

    public string? FellBack { get; init; }

    public string? Stage { get; init; }

    /// <summary>The head whose models were listed and stored.</summary>
    public string? HeadPass { get; init; }

    public string? ParserVersion { get; init; }

    /// <summary>Where a walk over recorded history began; null for a walk that goes forward.</summary>
    public long? StartPosition { get; init; }

    public string? WalkedHead { get; init; }

    public long WalkedPosition { get; init; }

    public long FilesDone { get; init; }

    public long? FilesTotal { get; init; }

    public long BytesDone { get; init; }

    public long ModelsAdded { get; init; }

    public long ModelsChanged { get; init; }

    public long ModelsRemoved { get; init; }

    public long VersionsAdded { get; init; }

    public long Problems { get; init; }

    public string? ErrorCode { get; init; }

    public string? Error { get; init; }

    public string? NextStep { get; init; }

    public long CancelRequested { get; init; }

    public long Attempts { get; init; }

    public long QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }
}

/// <summary>A Sync cannot go on; the message says what happened, why, and the next step. Nothing was removed.</summary>
internal sealed class SyncException(string code, string message, NextStep? next = null) : Exception(message)
{
    public string Code => code;

    public NextStep? Next => next;

    /// <summary>The health of the repository from now on.</summary>
    public string Health { get; init; } = RepositoryHealth.Degraded;

    /// <summary>False where only what was asked for is wrong, not the repository.</summary>
    public bool ConcernsRepository { get; init; } = true;

    /// <summary>When another try makes sense; null: after the usual wait.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

/// <summary>Somebody cancelled the Sync.</summary>
internal sealed class SyncCancelledException() : Exception("The Sync was cancelled.");
