namespace Switchyard.Server.Rules.Pendings;

internal static class PendingState
{
    /// <summary>Waits until nothing more has come for a while.</summary>
    public const string Quiet = "Quiet";

    /// <summary>Waits for the checks of its commits.</summary>
    public const string Checks = "Checks";

    /// <summary>Went on: its Dispatches are written.</summary>
    public const string Released = "Released";

    public const string Cancelled = "Cancelled";

    /// <summary>The checks had failed when the time for them was over.</summary>
    public const string ChecksFailed = "ChecksFailed";

    /// <summary>The checks were not done when the time for them was over.</summary>
    public const string TimedOut = "TimedOut";

    public static readonly string[] All = [Quiet, Checks, Released, Cancelled, ChecksFailed, TimedOut];

    public static bool IsOpen(string state) => state is Quiet or Checks;
}

/// <summary>What has matched and waits. Times are UTC milliseconds.</summary>
internal sealed record Pending
{
    public const string Columns =
        "id, provider_id, rule_id, revision_id, key, slot, lane, state, detail, signal_id, first_at, last_at, due_at, checks_since, looks, ended_at, ended_by";

    public long Id { get; init; }

    public long ProviderId { get; init; }

    public long RuleId { get; init; }

    public long RevisionId { get; init; }

    public string Key { get; init; } = "";

    public string Slot { get; init; } = "";

    public string Lane { get; init; } = "";

    public string State { get; init; } = "";

    public string? Detail { get; init; }

    /// <summary>The Signal that counts: the last one.</summary>
    public long SignalId { get; init; }

    public long FirstAt { get; init; }

    public long LastAt { get; init; }

    public long DueAt { get; init; }

    public long? ChecksSince { get; init; }

    public long Looks { get; init; }

    public long? EndedAt { get; init; }

    public string? EndedBy { get; init; }
}

/// <summary>One commit that went in.</summary>
internal sealed record PendingSource
{
    public const string Columns = "pending_id, github_repository_id, ref, repository_name, sha, signal_id, signals, checks, checks_seen_at, checks_changed_at";

    public long PendingId { get; init; }

    /// <summary>0 where the Signal has no repository.</summary>
    public long GithubRepositoryId { get; init; }

    public string Ref { get; init; } = "";

    public string RepositoryName { get; init; } = "";

    /// <summary>Empty where the Signal has no commit.</summary>
    public string Sha { get; init; } = "";

    public long SignalId { get; init; }

    /// <summary>How many Signals it stands for.</summary>
    public long Signals { get; init; }

    /// <summary>A digest of the checks as they were last seen.</summary>
    public string? Checks { get; init; }

    public long? ChecksSeenAt { get; init; }

    public long? ChecksChangedAt { get; init; }
}
