using Switchyard.Server.Storage;

namespace Switchyard.Server.Activity;

/// <summary>Something that happened: what kind of thing, in which state it is now, and where its page is.</summary>
public sealed record ActivityItem(string Kind, string Id, string What, string? Repository, string? State, string? Detail, DateTimeOffset At)
{
    /// <summary>Its page in the panel.</summary>
    public string Href => Kind switch
    {
        "Delivery" => "/deliveries/" + Id,
        "Signal" => "/signals/" + Id,
        "Waiting" => "/pending/" + Id,
        "Dispatch" => "/dispatches/" + Id,
        "Sync" => "/syncs/" + Id,
        _ => "/activity",
    };
}

/// <summary>What happened lately in all features, read by their rows.</summary>
internal sealed class ActivityStore(Database database)
{
    public static readonly string[] Kinds = ["Delivery", "Signal", "Waiting", "Dispatch", "Sync"];

    private static readonly (string Kind, string Sql)[] Sources =
    [
        ("Delivery", """
            select 'Delivery' as kind, x.id, x.event || case when x.action is null then '' else '.' || x.action end as what, x.repository_name as repository, x.state, coalesce(x.error, x.outcome) as detail, x.received_at as at
            from deliveries x where {0} order by x.id desc limit @limit
            """),
        ("Signal", """
            select 'Signal' as kind, x.id, x.kind as what, x.repository_name as repository, case when x.evaluated_at is null then 'Waiting' else null end as state, x.ref as detail, x.recorded_at as at
            from signals x where {0} order by x.id desc limit @limit
            """),
        ("Waiting", """
            select 'Waiting' as kind, x.id, u.name as what, (select min(w.repository_name) from pending_sources w where w.pending_id = x.id) as repository, x.state, x.detail, coalesce(x.ended_at, x.last_at) as at
            from pendings x join rules u on u.id = x.rule_id where {0} order by x.id desc limit @limit
            """),
        ("Dispatch", """
            select 'Dispatch' as kind, x.id, x.target_name || ' ' || coalesce(x.workflow, x.event_type, x.kind) as what, x.repository_name as repository, coalesce(n.conclusion, n.status, x.state) as state, coalesce(x.error, n.detail) as detail,
              coalesce(x.sent_at, x.created_at) as at
            from dispatches x left join runs n on n.dispatch_id = x.id where {0} order by x.id desc limit @limit
            """),
        ("Sync", """
            select 'Sync' as kind, x.id, x.mode as what, r.owner || '/' || r.name as repository, x.state, x.error as detail, coalesce(x.ended_at, x.started_at, x.queued_at) as at
            from syncs x join repositories r on r.id = x.repository_id where {0} order by x.id desc limit @limit
            """),
    ];

    /// <summary>The newest first. Each table is asked for as many as are wanted, so that none of them is gone over.</summary>
    public Task<List<ActivityItem>> ListAsync(string? repository, string? kind, int limit, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            var rows = new List<Row>();
            foreach (var (name, sql) in Sources)
            {
                if (kind is null || kind == name)
                {
                    var condition = repository is null ? "1 = 1" : ConditionOf(name);
                    rows.AddRange(await session.QueryAsync<Row>(sql.Replace("{0}", condition, StringComparison.Ordinal), new { repository, limit }));
                }
            }

            return rows.OrderByDescending(row => row.At).Take(limit).Select(row => new ActivityItem(
                row.Kind, TraceSteps.Text(row.Id)!, row.What, row.Repository, row.State, row.Detail, TraceSteps.Time(row.At)!.Value)).ToList();
        },
        cancellation);

    private static string ConditionOf(string kind) => kind switch
    {
        "Waiting" => "exists (select 1 from pending_sources w where w.pending_id = x.id and lower(w.repository_name) = lower(@repository))",
        "Dispatch" => "(lower(x.repository_name) = lower(@repository) or lower(x.target_name) = lower(@repository))",
        "Sync" => "x.repository_id in (select id from repositories where lower(owner || '/' || name) = lower(@repository))",
        _ => "lower(x.repository_name) = lower(@repository)",
    };

    private sealed record Row
    {
        public string Kind { get; init; } = "";

        public long Id { get; init; }

        public string What { get; init; } = "";

        public string? Repository { get; init; }

        public string? State { get; init; }

        public string? Detail { get; init; }

        public long At { get; init; }
    }
}
