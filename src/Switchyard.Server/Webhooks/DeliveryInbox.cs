using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Npgsql;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

internal enum InboxVerdict
{
    /// <summary>A new row.</summary>
    Stored,

    /// <summary>There, and handled or waiting: nothing to do.</summary>
    Duplicate,

    /// <summary>There, and failed or dead: it is worked off again.</summary>
    Reopened,
}

/// <summary>
/// Puts Deliveries on disk. What arrives while a commit is under way shares the next one; the caller answers GitHub only
/// when its row is committed. The unique key (provider, GUID) makes a second copy a known outcome, not an error.
/// </summary>
internal sealed class DeliveryInbox(Database database, Lanes lanes) : IDisposable
{
    private const int BatchLimit = 256;

    private const string Columns =
        "provider_id, guid, event, action, lane, hook_id, installation_id, repository_id, repository_name, sender, headers, body_size, source, state, received_at, due_at";

    private const string OnBodyConflict = "on conflict (delivery_id) do update set body = excluded.body";

    private readonly ConcurrentQueue<Waiting> queue = new();
    private readonly SemaphoreSlim slots = new(2, 2);
    private int asked;
    private SqliteInsert? sqlite;

    /// <summary>Ends when the Delivery is on disk.</summary>
    public async Task<InboxVerdict> StoreAsync(NewDelivery delivery)
    {
        var waiting = new Waiting(delivery);
        queue.Enqueue(waiting);
        Ask();
        if (!FaultPoint.Protects("stored-before-answered"))
        {
            return InboxVerdict.Stored;
        }

        var verdict = await waiting.Task;
        FaultPoint.Reached("delivery-stored");
        return verdict;
    }

    public void Dispose()
    {
        sqlite?.Dispose();
        slots.Dispose();
    }

    private void Ask()
    {
        if (Interlocked.Exchange(ref asked, 1) == 0)
        {
            // Never on the thread of a request, which would do the work of others before it is answered itself.
            _ = Task.Run(StoreBatchAsync);
        }
    }

    /// <summary>
    /// What a transaction stores is taken only once it has begun: until then more arrives. One is being committed while the next
    /// is waiting for the writer or, on PostgreSQL, at work beside it.
    /// </summary>
    private async Task StoreBatchAsync()
    {
        var batch = new List<Waiting>();
        await slots.WaitAsync();
        try
        {
            var touched = await database.WriteAsync(
                session =>
                {
                    Take(batch);
                    FaultPoint.Reached("delivery-before-store");
                    // One row a key: PostgreSQL refuses a statement that would touch a row twice.
                    var distinct = batch.DistinctBy(waiting => waiting.Key).ToList();
                    return session.Dialect.IsPostgreSql ? InsertPostgreSqlAsync(session, distinct) : Task.FromResult(InsertSqlite(session, distinct));
                },
                CancellationToken.None);
            FaultPoint.Reached("delivery-committed");
            foreach (var waiting in batch)
            {
                waiting.Complete(touched);
            }

            foreach (var lane in batch.Where(waiting => touched.ContainsKey(waiting.Key)).Select(waiting => waiting.Delivery.Lane).Distinct(StringComparer.Ordinal))
            {
                lanes.Kick<DeliveryLane>(lane);
            }
        }
        catch (Exception failure)
        {
            // Where no transaction could begin, nothing has been taken yet.
            Take(batch);
            foreach (var waiting in batch)
            {
                waiting.Fail(failure);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>A transaction that is begun again, as a deadlock's victim is, keeps what it has.</summary>
    private void Take(List<Waiting> batch)
    {
        if (batch.Count > 0)
        {
            return;
        }

        // A full fence: a queue that was looked at before the flag is down could hide what somebody has just added without asking.
        Interlocked.Exchange(ref asked, 0);
        while (batch.Count < BatchLimit && queue.TryDequeue(out var waiting))
        {
            batch.Add(waiting);
        }

        if (!queue.IsEmpty)
        {
            Ask();
        }
    }

    private Dictionary<(long, string), long> InsertSqlite(DbSession session, List<Waiting> batch)
    {
        var touched = new Dictionary<(long, string), long>(batch.Count);
        if (sqlite?.Connection != session.Connection)
        {
            sqlite = new SqliteInsert((SqliteConnection)session.Connection);
        }

        foreach (var waiting in batch)
        {
            if (sqlite.Store(waiting.Delivery) is { } receivedAt)
            {
                touched[waiting.Key] = receivedAt;
            }
        }

        return touched;
    }

    /// <summary>One statement: a round trip costs as much as some of the rows.</summary>
    private static async Task<Dictionary<(long, string), long>> InsertPostgreSqlAsync(DbSession session, List<Waiting> batch)
    {
        await using var insert = new NpgsqlCommand(
            $"""
            with stored as (
              insert into deliveries ({Columns})
              select a, b, c, d, e, f, g, h, i, j, k, l, m, '{DeliveryState.Received}', n, n
              from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
                $10::text[], $11::text[], $12::bigint[], $13::text[], $14::bigint[]) as t(a, b, c, d, e, f, g, h, i, j, k, l, m, n)
              on conflict (provider_id, guid) do update set state = '{DeliveryState.Failed}', due_at = excluded.due_at, body_size = excluded.body_size
                where deliveries.state in ('{DeliveryState.Failed}', '{DeliveryState.Dead}')
              returning id, provider_id, guid, received_at
            ), bodies as (
              insert into delivery_bodies (delivery_id, body)
              select id, body from stored join unnest($1::bigint[], $2::text[], $15::bytea[]) as t(provider_id, guid, body) using (provider_id, guid)
              {OnBodyConflict}
            )
            select provider_id, guid, received_at from stored
            """,
            (NpgsqlConnection)session.Connection,
            (NpgsqlTransaction?)session.Transaction);
        Add(delivery => delivery.ProviderId);
        Add(delivery => delivery.Guid);
        Add(delivery => delivery.Event);
        Add(delivery => delivery.Action);
        Add(delivery => delivery.Lane);
        Add(delivery => delivery.HookId);
        Add(delivery => delivery.InstallationId);
        Add(delivery => delivery.RepositoryId);
        Add(delivery => delivery.RepositoryName);
        Add(delivery => delivery.Sender);
        Add(delivery => delivery.Headers);
        Add(delivery => delivery.BodySize);
        Add(delivery => delivery.Source);
        Add(delivery => delivery.ReceivedAt);
        Add(delivery => delivery.Body);

        var touched = new Dictionary<(long, string), long>(batch.Count);
        await using var reader = await insert.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            touched[(reader.GetInt64(0), reader.GetString(1))] = reader.GetInt64(2);
        }

        return touched;

        void Add<T>(Func<NewDelivery, T> value) =>
            insert.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. batch.Select(waiting => value(waiting.Delivery))] });
    }

    /// <summary>
    /// The statements, prepared once for the connection of the writer, which they end with. What is there already is rare, so
    /// it is looked at only after the insert has found it.
    /// </summary>
    private sealed class SqliteInsert(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteStatement row = new(
            connection, $"insert into deliveries ({Columns}) values ({SqliteStatement.Parameters(13)}, '{DeliveryState.Received}', ?14, ?14) on conflict (provider_id, guid) do nothing");

        private readonly SqliteStatement reopen = new(
            connection,
            $"""
            update deliveries set state = '{DeliveryState.Failed}', due_at = ?1, body_size = ?2
            where provider_id = ?3 and guid = ?4 and state in ('{DeliveryState.Failed}', '{DeliveryState.Dead}')
            returning id, received_at
            """);

        private readonly SqliteStatement body = new(connection, $"insert into delivery_bodies (delivery_id, body) values (?1, ?2) {OnBodyConflict}");

        public SqliteConnection Connection => connection;

        /// <summary>When it was first received; null where it is there and needs nothing.</summary>
        public long? Store(NewDelivery delivery)
        {
            var values = delivery.Values();
            for (var i = 0; i < values.Length; i++)
            {
                row.Bind(i + 1, values[i]);
            }

            row.Execute();
            var (id, receivedAt) = row.Changes > 0 ? (row.LastRowId, delivery.ReceivedAt) : Reopen(delivery);
            if (id is null)
            {
                return null;
            }

            body.Bind(1, id);
            body.Bind(2, delivery.Body);
            body.Execute();
            return receivedAt;
        }

        public void Dispose()
        {
            row.Dispose();
            reopen.Dispose();
            body.Dispose();
        }

        private (long? Id, long ReceivedAt) Reopen(NewDelivery delivery)
        {
            reopen.Bind(1, delivery.ReceivedAt);
            reopen.Bind(2, delivery.BodySize);
            reopen.Bind(3, delivery.ProviderId);
            reopen.Bind(4, delivery.Guid);
            if (!reopen.Step())
            {
                return (null, 0);
            }

            var found = (reopen.Number(0), reopen.Number(1));
            reopen.Execute();
            return found;
        }
    }

    private sealed class Waiting(NewDelivery delivery)
    {
        private readonly TaskCompletionSource<InboxVerdict> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NewDelivery Delivery => delivery;

        public (long, string) Key => (delivery.ProviderId, delivery.Guid);

        public Task<InboxVerdict> Task => completion.Task;

        public void Complete(Dictionary<(long, string), long> touched) =>
            completion.TrySetResult(
                !touched.TryGetValue(Key, out var receivedAt) ? InboxVerdict.Duplicate
                : receivedAt == delivery.ReceivedAt ? InboxVerdict.Stored
                : InboxVerdict.Reopened);

        public void Fail(Exception failure) => completion.TrySetException(failure);
    }
}
