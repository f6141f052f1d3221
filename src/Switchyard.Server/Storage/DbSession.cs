using System.Data.Common;
using Dapper;

namespace Switchyard.Server.Storage;

/// <summary>
/// One connection, and one transaction where it writes. Work inside a session awaits nothing but the session: what calls
/// out (git, GitHub) holds no transaction meanwhile, and SQLite's single writer is never kept waiting.
/// </summary>
public sealed class DbSession(DbConnection connection, DbTransaction? transaction, Dialect dialect, CancellationToken cancellation)
{
    static DbSession() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public DbConnection Connection => connection;

    public DbTransaction? Transaction => transaction;

    public Dialect Dialect => dialect;

    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>The first row, or null.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) =>
        connection.ExecuteScalarAsync<T>(Command(sql, parameters));

    /// <summary>Runs a statement, once for each element where the parameters are a list; gives the rows affected.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>
    /// Runs the work in a savepoint: if it throws, only what it wrote is undone and the session can go on.
    /// </summary>
    public async Task SavepointAsync(Func<Task> work)
    {
        await ExecuteAsync("savepoint part");
        try
        {
            await work();
        }
        catch
        {
            await ExecuteAsync("rollback to savepoint part");
            await ExecuteAsync("release savepoint part");
            throw;
        }

        await ExecuteAsync("release savepoint part");
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, cancellationToken: cancellation);
}
