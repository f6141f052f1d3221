using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>What came of a move that a Delivery told.</summary>
/// <param name="Recorded">The id of the new Signal.</param>
/// <param name="TakenOver">The id of the Signal that a poll had recorded of it.</param>
internal readonly record struct MoveVerdict(long? Recorded, long? TakenOver);

/// <summary>
/// Records moves of refs that Deliveries tell, each once (<see cref="PushIdentity"/>), and keeps <c>refs</c> in step. Every push
/// passes here, so it costs one round trip on PostgreSQL, and on SQLite statements that are prepared once.
/// </summary>
internal sealed class RefMoves(TimeProvider time) : IDisposable
{
    private const string Columns = SignalStore.Inserted;

    /// <summary>In terms of the parameters of the insert, and of the oldest time of a poll that may have seen the move.</summary>
    private const string TakeOver =
        $"""
        update signals set delivery_id = ?11, identity = ?2, facts = case when evaluated_at is null then ?12 else facts end, actor = coalesce(actor, ?8)
        where id = (
            select p.id from signals p
            where p.provider_id = ?1 and p.github_repository_id = ?4 and p.ref = ?6 and p.sha = ?7 and p.source = '{SignalSource.Poll}' and p.delivery_id is null
              and p.occurred_at >= ?15
            order by p.id limit 1)
          and not exists (select 1 from signals k where k.provider_id = ?1 and k.identity = ?2)
        returning id
        """;

    private const string OnRefConflict =
        """
        on conflict (provider_id, github_repository_id, ref) do update set sha = excluded.sha, moved_at = excluded.moved_at
        where refs.moved_at < excluded.moved_at or (refs.moved_at = excluded.moved_at and refs.sha = ?6)
        """;

    private const string OnSignalConflict = "on conflict (provider_id, identity) do nothing returning id";

    private static readonly string Numbers = SqliteStatement.Parameters(14);

    /// <summary>What somebody took out of the hub tells nothing any more.</summary>
    private const string UnlessUnlinked = "not exists (select 1 from repositories r where r.provider_id = ?1 and r.github_id = ?4 and r.unlinked <> 0)";

    private static readonly string PostgreSql = Dollars(
        $"""
        with taken as ({TakeOver}),
        recorded as (insert into signals ({Columns}) select {Numbers} where not exists (select 1 from taken) and {UnlessUnlinked} {OnSignalConflict}),
        moved as (
          insert into refs (provider_id, github_repository_id, ref, sha, moved_at) select ?1, ?4, ?6, ?16, ?17 where exists (select 1 from recorded)
          {OnRefConflict.Replace("?6", "?18", StringComparison.Ordinal)})
        select (select id from recorded), (select id from taken)
        """);

    private readonly Lock gate = new();
    private Prepared? sqlite;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Records the move as the Signal given, unless it is known. Its identity is made here.</summary>
    public async Task<MoveVerdict> RecordAsync(DbSession session, RefMove move, NewSignal signal)
    {
        if (move.PushedAt is not { } pushedAt)
        {
            return await CountAsync(session, move, signal);
        }

        var values = SignalStore.ValuesOf(signal with { Identity = PushIdentity.Of(move, pushedAt) }, Now);
        return session.Dialect.IsPostgreSql
            ? await RecordPostgreSqlAsync(session, [.. values, SeenSince(pushedAt), move.After, pushedAt, move.Before])
            : PreparedFor(session).Record(values, SeenSince(pushedAt), move, pushedAt);
    }

    /// <summary>
    /// Records many, each as <see cref="RecordAsync"/> would. On PostgreSQL by one statement, unless a poll may have found one of them,
    /// or one goes on from another within a second: then the order matters.
    /// </summary>
    public async Task<MoveVerdict[]> RecordAllAsync(DbSession session, IReadOnlyList<(RefMove Move, NewSignal Signal)> told)
    {
        if (session.Dialect.IsPostgreSql && told.Count > 1 && told.All(one => one.Move.PushedAt is not null)
            && told.DistinctBy(one => (one.Move.ProviderId, one.Move.RepositoryId, one.Move.Ref, one.Move.PushedAt)).Count() == told.Count
            && await RecordMoves.RunAsync(session, told, Now) is { } recorded)
        {
            return recorded;
        }

        var verdicts = new MoveVerdict[told.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = await RecordAsync(session, told[i].Move, told[i].Signal);
        }

        return verdicts;
    }

    /// <summary>A branch or tag is gone: no Signal, but a poll must not take it for news.</summary>
    public static Task DeleteAsync(DbSession session, RefMove move) =>
        session.ExecuteAsync(
            $"""
            insert into refs (provider_id, github_repository_id, ref, sha, moved_at) values (@ProviderId, @RepositoryId, @Ref, '{RefMove.Nothing}', @pushedAt)
            {OnRefConflict.Replace("?6", "@Before", StringComparison.Ordinal)} or @pushedAt = 0
            """,
            new { move.ProviderId, move.RepositoryId, move.Ref, move.Before, pushedAt = move.PushedAt ?? 0 });

    public void Dispose() => sqlite?.Dispose();

    /// <summary>A poll must have looked after the push to have seen it; in milliseconds.</summary>
    private static long SeenSince(long pushedAt) => (pushedAt - PushIdentity.ClockNoise) * 1000;

    private static string Dollars(string sql) => sql.Replace('?', '$');

    private static async Task<MoveVerdict> RecordPostgreSqlAsync(DbSession session, object?[] values)
    {
        await using var command = new NpgsqlCommand(PostgreSql, (NpgsqlConnection)session.Connection, (NpgsqlTransaction?)session.Transaction);
        for (var i = 0; i < values.Length; i++)
        {
            // A null has no type of its own: 4 (repository), 11 (Delivery) are the numbers that may be null.
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = values[i] is long || (values[i] is null && i is 3 or 10) ? NpgsqlDbType.Bigint : NpgsqlDbType.Text,
                Value = values[i] ?? DBNull.Value,
            });
        }

        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new MoveVerdict(await Number(0), await Number(1));

        async Task<long?> Number(int column) => await reader.IsDBNullAsync(column) ? null : reader.GetInt64(column);
    }

    private async Task<MoveVerdict> CountAsync(DbSession session, RefMove move, NewSignal signal)
    {
        var number = 1;
        while (await KnownAsync(session, move.ProviderId, PushIdentity.Counted(move, number)) is { } known)
        {
            if (known.DeliveryId == signal.DeliveryId)
            {
                return default;
            }

            number++;
        }

        var at = await session.ScalarAsync<string>(
            "select sha from refs where provider_id = @ProviderId and github_repository_id = @RepositoryId and ref = @Ref", new { move.ProviderId, move.RepositoryId, move.Ref });
        if (number > 1 && at != move.Before)
        {
            return default;
        }

        var values = SignalStore.ValuesOf(signal with { Identity = PushIdentity.Counted(move, number) }, Now);
        var verdict = session.Dialect.IsPostgreSql
            ? await RecordPostgreSqlAsync(session, [.. values, 0L, move.After, 0L, move.Before])
            : PreparedFor(session).Record(values, 0, move, 0);
        if (verdict.Recorded is not null)
        {
            await session.ExecuteAsync(
                "update refs set sha = @After where provider_id = @ProviderId and github_repository_id = @RepositoryId and ref = @Ref",
                new { move.After, move.ProviderId, move.RepositoryId, move.Ref });
        }

        return verdict;
    }

    private static Task<KnownRow?> KnownAsync(DbSession session, long providerId, string identity) =>
        session.FirstAsync<KnownRow>("select id, delivery_id from signals where provider_id = @providerId and identity = @identity", new { providerId, identity });

    private Prepared PreparedFor(DbSession session)
    {
        lock (gate)
        {
            if (sqlite?.Connection != session.Connection)
            {
                sqlite = new Prepared((SqliteConnection)session.Connection);
            }

            return sqlite!;
        }
    }

    private sealed record KnownRow
    {
        public long Id { get; init; }

        public long? DeliveryId { get; init; }
    }

    /// <summary>The statements, for the connection of the writer, which they end with.</summary>
    private sealed class Prepared(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteStatement takeOver = new(connection, TakeOver);
        private readonly SqliteStatement insert = new(connection, $"insert into signals ({Columns}) select {Numbers} where {UnlessUnlinked} {OnSignalConflict}");
        private readonly SqliteStatement move = new(connection, $"insert into refs (provider_id, github_repository_id, ref, sha, moved_at) values (?1, ?2, ?3, ?4, ?5) {OnRefConflict}");

        public SqliteConnection Connection => connection;

        public MoveVerdict Record(object?[] values, long seenSince, RefMove moved, long pushedAt)
        {
            if (Run(takeOver, [.. values, seenSince]) is { } taken)
            {
                return new MoveVerdict(null, taken);
            }

            var recorded = Run(insert, values);
            if (recorded is not null)
            {
                Run(move, [moved.ProviderId, moved.RepositoryId, moved.Ref, moved.After, pushedAt, moved.Before]);
            }

            return new MoveVerdict(recorded, null);
        }

        public void Dispose()
        {
            takeOver.Dispose();
            insert.Dispose();
            move.Dispose();
        }

        private static long? Run(SqliteStatement statement, object?[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                statement.Bind(i + 1, values[i]);
            }

            long? id = null;
            while (statement.Step())
            {
                id = statement.Number(0);
            }

            return id;
        }
    }
}
