namespace Switchyard.Server.Dispatches;

/// <summary>A row of <c>dispatches</c>; times are UTC milliseconds.</summary>
internal sealed record Dispatch
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Token { get; init; } = "";

    public long PendingId { get; init; }

    public long Action { get; init; }

    public long RuleId { get; init; }

    public long RevisionId { get; init; }

    public long SignalId { get; init; }

    /// <summary>Of <see cref="DispatchKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>owner/name</c> of the target.</summary>
    public string TargetName { get; init; } = "";

    public long? TargetGithubId { get; init; }

    /// <summary>The file's name, or the id of the workflow.</summary>
    public string? Workflow { get; init; }

    public string? EventType { get; init; }

    /// <summary>Branch or tag of a workflow_dispatch; null until the default branch of the target is known.</summary>
    public string? Ref { get; init; }

    /// <summary>The inputs or the client payload, as JSON.</summary>
    public string Body { get; init; } = "";

    public long Hop { get; init; }

    /// <summary>The title of its Run shows the token, so one that does not is another's.</summary>
    public long ShowsId { get; init; }

    /// <summary>The repository of the Signal.</summary>
    public long? GithubRepositoryId { get; init; }

    public string? RepositoryName { get; init; }

    /// <summary>1: the source commits have a check run.</summary>
    public long Reported { get; init; }

    /// <summary>Where the rule's file is, as <see cref="DispatchScope"/> writes it.</summary>
    public string? Scope { get; init; }

    public string Lane { get; init; } = "";

    public string State { get; init; } = "";

    public string? Held { get; init; }

    public string? Error { get; init; }

    public string? NextStep { get; init; }

    public long Attempts { get; init; }

    public long Failures { get; init; }

    public long? UnconfirmedAt { get; init; }

    public long Looks { get; init; }

    public long LateLooks { get; init; }

    public long DueAt { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }

    public long? EndedAt { get; init; }

    public string Owner => TargetName.Split('/')[0];

    public string Repository => TargetName.Split('/')[^1];

    public string Event => DispatchKind.EventOf(Kind);
}

/// <summary>A row of <c>dispatch_attempts</c>; times are UTC milliseconds.</summary>
internal sealed record AttemptRow
{
    public long DispatchId { get; init; }

    public long Number { get; init; }

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string Result { get; init; } = "";

    public long? Status { get; init; }

    public string? Message { get; init; }
}
