namespace Switchyard.Server.Rules;

/// <summary>When a rule did what, and what came of it lately. Times are UTC milliseconds.</summary>
internal sealed record RuleTimes
{
    /// <summary>What waits may be joined by later Signals, so the last one that matched is in one of the newest.</summary>
    /// <param name="one">Of the rule <c>@rule</c> alone; of all where it is not set.</param>
    public static string Sql(bool one) =>
        $"""
        select u.id, u.next_fire_at,
          (select max(w.last_at) from (select q.last_at from pendings q where q.rule_id = u.id order by q.id desc limit 20) w) as last_matched_at,
          (select d.id from dispatches d where d.rule_id = u.id order by d.created_at desc limit 1) as last_dispatch_id,
          (select max(d.created_at) from dispatches d where d.rule_id = u.id) as last_dispatched_at,
          coalesce(k.succeeded, 0) as succeeded, coalesce(k.failed, 0) as failed, coalesce(k.total, 0) as total
        from rules u left join (
          select d.rule_id, count(*) as total,
            sum(case when n.conclusion in ('success', 'neutral', 'skipped') then 1 else 0 end) as succeeded,
            sum(case when d.state in ('Failed', 'Dead') or n.match = 'NoListener' or n.conclusion in ('failure', 'timed_out', 'startup_failure', 'action_required') then 1 else 0 end) as failed
          from (select id, rule_id, state from dispatches where created_at > @since{(one ? " and rule_id = @rule" : "")} order by created_at desc limit 20000) d left join runs n on n.dispatch_id = d.id group by d.rule_id
        ) k on k.rule_id = u.id
        where u.removed_at is null{(one ? " and u.id = @rule" : "")}
        """;

    public long Id { get; init; }

    public long? NextFireAt { get; init; }

    public long? LastMatchedAt { get; init; }

    public long? LastDispatchId { get; init; }

    public long? LastDispatchedAt { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Total { get; init; }
}
