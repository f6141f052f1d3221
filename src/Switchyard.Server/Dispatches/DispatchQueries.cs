using System.Globalization;
using Switchyard.Server.Hosting;
using Switchyard.Server.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>What to list: each filter is left out where it is null.</summary>
internal sealed record DispatchFilter(string? Rule, string? Repository, string? Target, string? State, string? Run, string? Provider)
{
    public string Where => Conditions.Of(
        (State is not null, "d.state = @State"),
        (Provider is not null, "d.provider_id = (select id from providers where slug = @Provider)"),
        (Rule is not null, "d.rule_id in (select id from rules where name = @Rule or cast(id as text) = @Rule)"),
        (Repository is not null, "lower(d.repository_name) = lower(@Repository)"),
        (Target is not null, "lower(d.target_name) = lower(@Target)"),
        (Run is not null, "d.id in (select r.dispatch_id from runs r where r.status = @Run or r.conclusion = @Run or r.match = @Run)"));
}

/// <summary>A Dispatch with what belongs to it by name, as it is listed.</summary>
internal sealed record ListedDispatch
{
    public Dispatch Dispatch { get; init; } = new();

    public RunRow? Run { get; init; }

    public string Provider { get; init; } = "";

    public string? Rule { get; init; }

    public string? SignalKind { get; init; }
}

/// <summary>The rest of the trace.</summary>
internal sealed record DispatchTrace(
    IReadOnlyList<AttemptRow> Attempts, TracedPending? Pending, IReadOnlyList<TracedSource> Sources, TracedSignal? Signal, long EchoCount, IReadOnlyList<TracedReport> Reports);

internal sealed record TracedPending
{
    public long Id { get; init; }

    public string State { get; init; } = "";

    public string? Detail { get; init; }

    public long FirstAt { get; init; }

    public long? EndedAt { get; init; }
}

internal sealed record TracedSource
{
    public string RepositoryName { get; init; } = "";

    public string Ref { get; init; } = "";

    public string Sha { get; init; } = "";

    public long Signals { get; init; }
}

internal sealed record TracedSignal
{
    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string? Actor { get; init; }

    public string? Sha { get; init; }

    public string? Ref { get; init; }

    public long OccurredAt { get; init; }

    public long? DeliveryId { get; init; }

    public string? Guid { get; init; }

    public long? EvaluationId { get; init; }

    public string? Result { get; init; }
}

internal sealed record TracedReport
{
    public string RepositoryName { get; init; } = "";

    public string Sha { get; init; } = "";

    public string Name { get; init; } = "";

    public long? CheckRunId { get; init; }

    public string? Error { get; init; }
}

/// <summary>Reads Dispatches for people: lists, and one with all that led to it and came of it.</summary>
internal sealed class DispatchQueries(Database database)
{
    private const string From =
        """
        dispatches d join providers p on p.id = d.provider_id left join rules u on u.id = d.rule_id left join signals s on s.id = d.signal_id
        """;

    public Task<(List<ListedDispatch> Rows, long Total)> ListAsync(DispatchFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var ids = await session.QueryAsync<long>(
                    $"select d.id from dispatches d where {filter.Where} and d.id < @before order by d.id desc limit @limit",
                    new { filter.Rule, filter.Repository, filter.Target, filter.State, filter.Run, filter.Provider, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                var total = await session.ScalarAsync<long>($"select count(*) from dispatches d where {filter.Where}", filter);
                return (await ReadAsync(session, [.. ids]), total);
            },
            cancellation);

    public Task<(ListedDispatch Dispatch, DispatchTrace Trace)?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync<(ListedDispatch, DispatchTrace)?>(
            async session => await ReadAsync(session, [id]) is [var found] ? (found, await TraceAsync(session, found.Dispatch)) : null, cancellation);

    private static async Task<List<ListedDispatch>> ReadAsync(DbSession session, long[] ids)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var dispatches = await session.QueryAsync<Dispatch>($"select {DispatchStore.Columns} from dispatches d where d.id {session.In("ids")} order by d.id desc", new { ids });
        var runs = (await session.QueryAsync<RunRow>($"select {RunRow.Columns} from runs r where r.dispatch_id {session.In("ids")}", new { ids })).ToDictionary(run => run.DispatchId);
        var names = (await session.QueryAsync<Names>(
            $"select d.id, p.slug as provider, u.name as rule, s.kind as signal_kind from {From} where d.id {session.In("ids")}", new { ids })).ToDictionary(row => row.Id);
        return dispatches.ConvertAll(dispatch => new ListedDispatch
        {
            Dispatch = dispatch,
            Run = runs.GetValueOrDefault(dispatch.Id),
            Provider = names.GetValueOrDefault(dispatch.Id)?.Provider ?? dispatch.ProviderId.ToString(CultureInfo.InvariantCulture),
            Rule = names.GetValueOrDefault(dispatch.Id)?.Rule,
            SignalKind = names.GetValueOrDefault(dispatch.Id)?.SignalKind,
        });
    }

    private static async Task<DispatchTrace> TraceAsync(DbSession session, Dispatch dispatch) => new(
        await session.QueryAsync<AttemptRow>("select dispatch_id, number, started_at, ended_at, result, status, message from dispatch_attempts where dispatch_id = @Id order by number", dispatch),
        await session.FirstAsync<TracedPending>("select id, state, detail, first_at, ended_at from pendings where id = @PendingId", dispatch),
        await session.QueryAsync<TracedSource>("select repository_name, ref, sha, signals from pending_sources where pending_id = @PendingId order by signal_id", dispatch),
        await session.FirstAsync<TracedSignal>(
            """
            select s.id, s.kind, s.actor, s.sha, s.ref, s.occurred_at, s.delivery_id, v.guid, e.id as evaluation_id, e.result
            from signals s left join deliveries v on v.id = s.delivery_id left join evaluations e on e.signal_id = s.id and e.rule_id = @RuleId where s.id = @SignalId
            """,
            dispatch),
        await session.ScalarAsync<long>("select count(*) from dispatch_echoes where token = @Token", dispatch),
        await session.QueryAsync<TracedReport>(
            $"""
            select o.repository_name, o.sha, o.name, o.check_run_id, o.error from reports o join pending_sources c on c.github_repository_id = o.github_repository_id and c.sha = o.sha
            where c.pending_id = @PendingId and o.provider_id = @ProviderId and o.kind = '{RuleReports.Kind}' and o.subject = @RuleId order by o.id
            """,
            dispatch));

    private sealed record Names
    {
        public long Id { get; init; }

        public string Provider { get; init; } = "";

        public string? Rule { get; init; }

        public string? SignalKind { get; init; }
    }
}
