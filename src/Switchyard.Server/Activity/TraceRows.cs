namespace Switchyard.Server.Activity;

internal sealed record TracedDelivery
{
    public const string Columns = "v.id, v.guid, v.event, v.action, v.state, v.outcome, v.error, v.source, v.received_at, v.handled_at, v.due_at";

    public long Id { get; init; }

    public string Guid { get; init; } = "";

    public string Event { get; init; } = "";

    public string? Action { get; init; }

    public string State { get; init; } = "";

    public string? Outcome { get; init; }

    public string? Error { get; init; }

    public string Source { get; init; } = "";

    public long ReceivedAt { get; init; }

    public long? HandledAt { get; init; }

    public long DueAt { get; init; }
}

internal sealed record TracedSignal
{
    public const string Columns = "s.id, s.kind, s.repository_name, s.ref, s.sha, s.source, s.delivery_id, s.problem, s.recorded_at, s.evaluated_at";

    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string? RepositoryName { get; init; }

    public string? Ref { get; init; }

    public string? Sha { get; init; }

    public string Source { get; init; } = "";

    public long? DeliveryId { get; init; }

    public string? Problem { get; init; }

    public long RecordedAt { get; init; }

    public long? EvaluatedAt { get; init; }
}

internal sealed record TracedEvaluation
{
    public const string Columns = "e.id, e.signal_id, e.pending_id, u.name as rule, e.result, e.reason, e.at";

    public const string From = "evaluations e join rules u on u.id = e.rule_id";

    public long Id { get; init; }

    public long SignalId { get; init; }

    public long? PendingId { get; init; }

    public string Rule { get; init; } = "";

    public string Result { get; init; } = "";

    public string? Reason { get; init; }

    public long At { get; init; }
}

internal sealed record TracedPending
{
    public const string Columns = "q.id, q.state, q.detail, q.first_at, q.last_at, q.due_at, q.quiet_until, q.now_at, q.now_by, q.checks_since, q.ended_at, u.name as rule";

    public const string From = "pendings q join rules u on u.id = q.rule_id";

    public long Id { get; init; }

    public string Rule { get; init; } = "";

    public string State { get; init; } = "";

    public string? Detail { get; init; }

    public long FirstAt { get; init; }

    public long LastAt { get; init; }

    public long DueAt { get; init; }

    public long QuietUntil { get; init; }

    public long? NowAt { get; init; }

    public string? NowBy { get; init; }

    public long? ChecksSince { get; init; }

    public long? EndedAt { get; init; }
}

internal sealed record TracedDispatch
{
    public const string Columns =
        """
        d.id, d.pending_id, d.kind, d.target_name, coalesce(d.workflow, d.event_type) as what, d.state, d.error, d.created_at, d.sent_at, d.ended_at, d.due_at, d.attempts,
        n.github_id as run_id, n.number as run_number, n.status as run_status, n.conclusion as run_conclusion, n.match as run_match, n.html_url as run_url, n.detail as run_detail,
        n.started_at as run_started_at, n.ended_at as run_ended_at
        """;

    public const string From = "dispatches d left join runs n on n.dispatch_id = d.id";

    public long Id { get; init; }

    public long PendingId { get; init; }

    public string Kind { get; init; } = "";

    public string TargetName { get; init; } = "";

    public string? What { get; init; }

    public string State { get; init; } = "";

    public string? Error { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }

    public long? EndedAt { get; init; }

    public long DueAt { get; init; }

    public long Attempts { get; init; }

    public long? RunId { get; init; }

    public long? RunNumber { get; init; }

    public string? RunStatus { get; init; }

    public string? RunConclusion { get; init; }

    public string? RunMatch { get; init; }

    public string? RunUrl { get; init; }

    public string? RunDetail { get; init; }

    public long? RunStartedAt { get; init; }

    public long? RunEndedAt { get; init; }
}

internal sealed record TracedAttempt
{
    public long DispatchId { get; init; }

    public long Number { get; init; }

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string Result { get; init; } = "";

    public string? Message { get; init; }
}
