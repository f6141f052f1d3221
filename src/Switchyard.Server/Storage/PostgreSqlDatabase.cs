using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Switchyard.Server.Storage;

/// <summary>PostgreSQL 14 or later: several stateless nodes share it, and its advisory locks decide who works on a lane.</summary>
public sealed class PostgreSqlDatabase(IOptions<StorageOptions> options) : Database
{
    private const int DeadlockAttempts = 5;

    private readonly NpgsqlDataSource source = BuildSource(options.Value.PostgreSql!);
    private LimitedPostgreSql? limited;

    public override Dialect Dialect => Dialect.PostgreSql;

    public override async Task OpenAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (connection.PostgreSqlVersion.Major < 14)
        {
            throw new InvalidOperationException(
                $"PostgreSQL {connection.PostgreSqlVersion} is too old. Switchyard needs PostgreSQL 14 or later: upgrade the server, or name another in Storage:PostgreSql.");
        }
    }

    public override async Task OpenLimitedAsync(CancellationToken cancellation) => limited = await LimitedPostgreSql.OpenAsync(source, Settings(options.Value.PostgreSql!), cancellation);

    public override async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        if (ReadLimit.UserId is { } userId)
        {
            await using var reader = await (limited ?? throw new InvalidOperationException("Reading is limited, and the views for it were not made.")).ConnectAsync(userId, cancellation);
            return await work(new DbSession(reader, null, Dialect, cancellation));
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await work(new DbSession(connection, null, Dialect, cancellation));
    }

    public override async Task<T> WriteAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                var result = await work(new DbSession(connection, transaction, Dialect, cancellation));
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            }
            catch (PostgresException victim) when (victim.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < DeadlockAttempts)
            {
                // The other transaction went on; what this one wrote is undone, so the work is done again from its beginning.
            }
        }
    }

    public override async Task<IAsyncDisposable?> TryHoldAsync(string name, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
            command.Parameters.AddWithValue(name);
            if (await command.ExecuteScalarAsync(cancellation) is true)
            {
                return new Held(source, connection, name);
            }
        }
        catch
        {
            // The lock may have been taken before that: it ends with the connection.
            source.Clear();
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>
    /// One round trip, yet two statements: one that locks as it reads would see what was there before the lock. The same short
    /// statements run for each batch, so they are planned once, and with indexes: a plan made while the table was small, or with
    /// statistics from before a burst, would read or sort all that waits for each batch. The commit is not waited for to be on
    /// disk: what a crash of PostgreSQL undoes is still due.
    /// </summary>
    public override async Task<List<T>?> TryLockAndReadAsync<T>(DbSession session, string name, string sql, object parameters)
    {
        const string Lock =
            """
            select pg_try_advisory_xact_lock(hashtextextended(@lockName, 0)), set_config('plan_cache_mode', 'force_generic_plan', true),
              set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true), set_config('synchronous_commit', 'off', true);
            """;
        var both = new DynamicParameters(parameters);
        both.Add("lockName", name);
        await using var results = await session.Connection.QueryMultipleAsync(Lock + sql, both, session.Transaction);
        return await results.ReadSingleAsync<bool>() ? (await results.ReadAsync<T>()).AsList() : null;
    }

    public override async ValueTask DisposeAsync()
    {
        if (limited is not null)
        {
            await limited.DisposeAsync();
        }

        await source.DisposeAsync();
    }

    private static NpgsqlDataSource BuildSource(string connectionString) => NpgsqlDataSource.Create(Settings(connectionString));

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "switchyard" };
        // The same few statements all day: planning them anew each time costs more than running them.
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 200;
        }

        // What a session sets here ends with its transaction, and its locks are let go by name: resetting it each time it goes back
        // to the pool would be a tenth of PostgreSQL's work on intake.
        settings.NoResetOnClose = true;
        // A frozen node must not keep its lanes for ever (design, section 4).
        settings.Options ??= "-c idle_in_transaction_session_timeout=60s";
        return settings;
    }

    private sealed class Held(NpgsqlDataSource source, NpgsqlConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended($1, 0))", connection);
                command.Parameters.AddWithValue(name);
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // Where the connection is not gone, it must go: the lock ends with it.
                source.Clear();
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
    }
}
