using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Switchyard.Server.Storage;

/// <summary>
/// SQLite in one file: one writer thread groups transactions into one commit (WAL, synchronous=FULL: a commit is on disk),
/// readers have connections of their own. One process a file: a lock file beside it says so.
/// </summary>
public sealed class SqliteDatabase(IOptions<StorageOptions> options, TimeProvider time) : Database
{
    private readonly StorageOptions options = options.Value;
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    private readonly ConcurrentBag<LimitedSqlite> limitedReaders = [];
    private readonly ConcurrentDictionary<string, bool> held = new(StringComparer.Ordinal);
    private FileStream? processLock;
    private SqliteWriter? writer;
    private SqliteCheckpointer? checkpointer;

    public override Dialect Dialect => Dialect.Sqlite;

    public override Task OpenAsync(CancellationToken cancellation)
    {
        PrivateFolder.Create(options.DataPath);
        try
        {
            processLock = new FileStream(
                options.SqliteFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException inUse)
        {
            throw new DataFolderInUseException(options.DataPath, inUse);
        }

        SystemSqlite.Use();
        writer = new SqliteWriter(Connect(), options.GroupCommitLimit);
        checkpointer = new SqliteCheckpointer(Connect(), writer, time);
        return Task.CompletedTask;
    }

    public override async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        if (ReadLimit.UserId is { } userId)
        {
            return await ReadLimitedAsync(userId, work, cancellation);
        }

        if (!readers.TryTake(out var connection))
        {
            connection = Connect();
        }

        try
        {
            return await Task.Run(() => work(new DbSession(connection, null, Dialect, cancellation)), cancellation);
        }
        finally
        {
            readers.Add(connection);
        }
    }

    public override Task<T> WriteAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation) =>
        writer!.RunAsync(work, cancellation);

    public override Task<IAsyncDisposable?> TryHoldAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<IAsyncDisposable?>(held.TryAdd(name, true) ? new Held(held, name) : null);

    /// <summary>There is one process and one writer, so the lock is always free.</summary>
    public override async Task<List<T>?> TryLockAndReadAsync<T>(DbSession session, string name, string sql, object parameters) =>
        await session.QueryAsync<T>(sql, parameters);

    public override async ValueTask DisposeAsync()
    {
        if (checkpointer is not null)
        {
            await checkpointer.DisposeAsync();
        }

        if (writer is not null)
        {
            await writer.DisposeAsync();
        }

        while (readers.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }

        while (limitedReaders.TryTake(out var limited))
        {
            await limited.Connection.DisposeAsync();
        }

        if (processLock is not null)
        {
            await processLock.DisposeAsync();
        }
    }

    private async Task<T> ReadLimitedAsync<T>(long userId, Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        if (!limitedReaders.TryTake(out var limited))
        {
            limited = new LimitedSqlite(Connect());
        }

        try
        {
            limited.UserId = userId;
            return await Task.Run(() => work(new DbSession(limited.Connection, null, Dialect, cancellation)), cancellation);
        }
        finally
        {
            limitedReaders.Add(limited);
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.SqliteFile,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=0; pragma temp_store=memory; pragma cache_size=-16384;";
        settings.ExecuteNonQuery();
        return connection;
    }

    private sealed class Held(ConcurrentDictionary<string, bool> held, string name) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.TryRemove(name, out _);
            return ValueTask.CompletedTask;
        }
    }
}
