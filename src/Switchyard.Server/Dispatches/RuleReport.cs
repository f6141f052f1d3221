using Microsoft.Extensions.Options;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>The check run of a rule on a commit that it was started by: from waiting for quiet to how the Runs ended.</summary>
internal sealed class RuleReport(Database database, IOptions<ProviderOptions> providers, IOptions<DispatchOptions> options) : IReportContent
{
    public string Kind => RuleReports.Kind;

    public Task<CheckRunDraft?> ComposeAsync(ReportSubject subject, CancellationToken cancellation) =>
        database.ReadAsync<CheckRunDraft?>(
            async session =>
            {
                var pending = await session.FirstAsync<ReportedPending>(
                    """
                    select p.id, p.state, p.detail, p.first_at, p.due_at, p.ended_at, p.ended_by, s.id as signal_id, s.kind as signal_kind, s.delivery_id, v.guid, e.id as evaluation_id
                    from pendings p join pending_sources c on c.pending_id = p.id
                      left join signals s on s.id = p.signal_id left join deliveries v on v.id = s.delivery_id left join evaluations e on e.signal_id = p.signal_id and e.rule_id = p.rule_id
                    where p.rule_id = @Subject and c.github_repository_id = @GithubRepositoryId and c.sha = @Sha
                    order by p.id desc limit 1
                    """,
                    subject);
                if (pending is null)
                {
                    return new CheckRunDraft
                    {
                        Status = "completed",
                        Conclusion = "neutral",
                        Title = "Superseded by a newer commit",
                        Summary = "A newer commit of the same branch or pull request takes its place: this one starts nothing.",
                    };
                }

                var rows = await session.QueryAsync<ReportedDispatch>(
                    """
                    select d.id, d.kind, d.target_name, d.workflow, d.event_type, d.ref, d.state, d.error, d.next_step, d.attempts, d.failures, d.due_at, d.ended_at,
                      r.github_id as run_id, r.match, r.number as run_number, r.status, r.conclusion, r.html_url, r.title, r.others, r.detail, r.next_step as run_next_step, r.ended_at as run_ended_at
                    from dispatches d left join runs r on r.dispatch_id = d.id where d.pending_id = @Id order by d.action
                    """,
                    pending);
                return new RuleReportText(providers.Value.PublicUrl?.TrimEnd('/'), options.Value.MaxAttempts).Write(pending, rows);
            },
            cancellation);
}

/// <summary>A pending as its check run tells of it.</summary>
internal sealed record ReportedPending
{
    public long Id { get; init; }

    public string State { get; init; } = "";

    public string? Detail { get; init; }

    public long FirstAt { get; init; }

    public long DueAt { get; init; }

    public long? EndedAt { get; init; }

    public string? EndedBy { get; init; }

    public long? SignalId { get; init; }

    public string? SignalKind { get; init; }

    public long? DeliveryId { get; init; }

    public string? Guid { get; init; }

    public long? EvaluationId { get; init; }
}

/// <summary>A Dispatch with its Run as a check run tells of it.</summary>
internal sealed record ReportedDispatch
{
    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string TargetName { get; init; } = "";

    public string? Workflow { get; init; }

    public string? EventType { get; init; }

    public string? Ref { get; init; }

    public string State { get; init; } = "";

    public string? Error { get; init; }

    public string? NextStep { get; init; }

    public long Attempts { get; init; }

    public long Failures { get; init; }

    public long DueAt { get; init; }

    public long? EndedAt { get; init; }

    public long? RunId { get; init; }

    public string? Match { get; init; }

    public long? RunNumber { get; init; }

    public string? Status { get; init; }

    public string? Conclusion { get; init; }

    public string? HtmlUrl { get; init; }

    public string? Title { get; init; }

    public long Others { get; init; }

    public string? Detail { get; init; }

    public string? RunNextStep { get; init; }

    public long? RunEndedAt { get; init; }
}
