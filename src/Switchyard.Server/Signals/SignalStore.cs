using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>The rows of Signals.</summary>
internal sealed class SignalStore(Database database, Lanes lanes, SignalMetrics metrics, TimeProvider time)
{
    /// <summary>The kind of the lane worker that holds rules against what is recorded here; it is of a higher feature.</summary>
    public const string Worker = "signals";

    /// <summary>What is inserted, in the order of <see cref="ValuesOf"/>.</summary>
    public const string Inserted =
        "provider_id, identity, kind, github_repository_id, repository_name, ref, sha, actor, lane, source, delivery_id, facts, occurred_at, recorded_at";

    private const string Columns =
        """
        s.id, p.slug as provider, s.provider_id, s.identity, s.kind, s.github_repository_id, s.repository_name, s.ref, s.sha, s.actor, s.lane, s.source, s.delivery_id,
        s.facts, s.occurred_at, s.recorded_at, s.evaluated_at
        """;

    private static readonly BulkInsert<(NewSignal Signal, long Now)> Rows = new BulkInsert<(NewSignal Signal, long Now)>(
        "signals", "on conflict (provider_id, identity) do nothing returning identity, id")
        .Number("provider_id", row => row.Signal.ProviderId)
        .Text("identity", row => row.Signal.Identity)
        .Text("kind", row => row.Signal.Facts.Kind)
        .Number("github_repository_id", row => row.Signal.Facts.Source?.Id)
        .Text("repository_name", row => row.Signal.RepositoryName)
        .Text("ref", row => row.Signal.Ref)
        .Text("sha", row => row.Signal.Sha)
        .Text("actor", row => row.Signal.Actor)
        .Text("lane", row => row.Signal.Lane)
        .Text("source", row => row.Signal.Source)
        .Number("delivery_id", row => row.Signal.DeliveryId)
        .Text("facts", row => row.Signal.Facts.ToJson())
        .Number("occurred_at", row => row.Signal.OccurredAt)
        .Number("recorded_at", row => row.Now);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The lane in which Signals of a repository are evaluated; those without one share a lane.</summary>
    public static string LaneOf(long providerId, long? githubRepositoryId) => githubRepositoryId is { } id ? $"{providerId}:{id}" : $"{providerId}:other";

    /// <summary>
    /// Records the fact in the caller's transaction; gives its id, or null where it was known. After the commit
    /// <see cref="Announce"/> says so.
    /// </summary>
    public async Task<long?> RecordAsync(DbSession session, NewSignal signal)
    {
        long? id = null;
        await Rows.RunAsync(session, [(signal, Now)], (_, recorded) => id = recorded);
        return id;
    }

    /// <summary>Records many; gives those that were not known, in the order given. No two of them may have one identity.</summary>
    public async Task<List<NewSignal>> RecordAllAsync(DbSession session, IReadOnlyList<NewSignal> signals)
    {
        var recorded = new HashSet<string>(StringComparer.Ordinal);
        await Rows.RunAsync(session, [.. signals.Select(signal => (signal, Now))], (identity, _) => recorded.Add(identity));
        return [.. signals.Where(signal => recorded.Contains(signal.Identity))];
    }

    /// <summary>To be called when what was recorded is committed: it is counted, and evaluated at once.</summary>
    public void Announce(NewSignal signal)
    {
        metrics.Recorded(signal.Facts.Kind, signal.Source);
        lanes.Kick(Worker, signal.Lane);
    }

    public Task<SignalRow?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, id), cancellation);

    public static Task<SignalRow?> FindAsync(DbSession session, long id) =>
        session.FirstAsync<SignalRow>($"select {Columns} from signals s join providers p on p.id = s.provider_id where s.id = @id", new { id });

    public Task<(List<SignalRow> Rows, long Total)> ListAsync(SignalFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<SignalRow>(
                    $"select {Columns} from signals s join providers p on p.id = s.provider_id where {filter.Where} and s.id < @before order by s.id desc limit @limit",
                    new { filter.Kind, filter.Source, filter.Sha, filter.Provider, filter.GithubRepositoryId, filter.Repository, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                var total = await session.ScalarAsync<long>($"select count(*) from signals s where {filter.Where}", filter);
                return (rows, total);
            },
            cancellation);

    /// <summary>Whether any Signal names the repository: there are Signals of repositories that are not mirrored.</summary>
    public Task<bool> NamesAsync(string repository, CancellationToken cancellation) =>
        database.ReadAsync(session => session.ScalarAsync<bool>("select exists (select 1 from signals where lower(repository_name) = lower(@repository))", new { repository }), cancellation);

    /// <summary>Adds the paths that were found out for a Signal (<c>ChangedPaths</c>) to its facts.</summary>
    public Task SavePathsAsync(long id, IReadOnlyList<string> paths, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await FindAsync(session, id) is { } row)
                {
                    await session.ExecuteAsync("update signals set facts = @facts where id = @id", new { id, facts = (row.ReadFacts() with { Id = null, Paths = paths }).ToJson() });
                }
            },
            cancellation);

    /// <summary>Adds the commit that was found out for a Signal.</summary>
    public Task SaveCommitAsync(long id, string sha, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await FindAsync(session, id) is { } row)
                {
                    await session.ExecuteAsync("update signals set sha = @sha, facts = @facts where id = @id", new { id, sha, facts = (row.ReadFacts() with { Id = null, Sha = sha }).ToJson() });
                }
            },
            cancellation);

    /// <summary>What changed, or which commit it is, cannot be had: rules that ask for it are told so.</summary>
    public Task SaveProblemAsync(long id, string problem, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync("update signals set problem = @problem where id = @id", new { id, problem }), cancellation);

    /// <summary>Marks Signals as held against the rules, in the transaction that stores what came of it.</summary>
    public Task MarkEvaluatedAsync(DbSession session, IReadOnlyList<long> ids) =>
        ids.Count == 0 ? Task.CompletedTask : session.ExecuteAsync($"update signals set evaluated_at = @Now where id {session.In("ids")}", new { ids = ids.ToArray(), Now });

    /// <summary>The columns of <see cref="Inserted"/> for a statement that is prepared by hand.</summary>
    public static object?[] ValuesOf(NewSignal signal, long now) =>
    [
        signal.ProviderId, BulkInsert<NewSignal>.Clean(signal.Identity), signal.Facts.Kind, signal.Facts.Source?.Id, signal.RepositoryName, signal.Ref, signal.Sha, signal.Actor,
        signal.Lane, signal.Source, signal.DeliveryId, signal.Facts.ToJson(), signal.OccurredAt, now,
    ];
}
