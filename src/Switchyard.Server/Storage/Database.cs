namespace Switchyard.Server.Storage;

/// <summary>The rows of Switchyard, on SQLite or PostgreSQL. Features write their SQL in their own store and run it here.</summary>
public abstract class Database : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>Opens what must be open before the first use; fails with the reason where the database cannot be used.</summary>
    public abstract Task OpenAsync(CancellationToken cancellation);

    /// <summary>
    /// Runs the work on a connection of its own, without a transaction. Where it is for a person who may not read every repository,
    /// it finds what they may read (<see cref="ReadLimit"/>).
    /// </summary>
    public abstract Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation);

    /// <summary>The same with all rows, whoever it is for: for what is kept in memory for everybody.</summary>
    public async Task<T> ReadAllAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        ReadLimit.Lift();
        return await ReadAsync(work, cancellation);
    }

    /// <summary>Makes what limited reading needs; called once, after the migrations, where reading may be limited.</summary>
    public virtual Task OpenLimitedAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// Runs the work in a transaction. When the task ends without an exception, what was written is on disk; when it throws,
    /// nothing of it was. The work may be done again from its beginning (PostgreSQL: the victim of a deadlock), so it changes
    /// nothing but rows before it ends.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation);

    public Task WriteAsync(Func<DbSession, Task> work, CancellationToken cancellation) =>
        WriteAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation);

    /// <summary>
    /// Takes the named lock for work that spans several transactions (a Sync), until it is disposed or the process or node
    /// dies; null when somebody else holds it.
    /// </summary>
    public abstract Task<IAsyncDisposable?> TryHoldAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Takes the named lock until the end of the transaction, and then reads the next rows of what it guards, in the order of an
    /// index: what was committed before the lock was free is seen. Null when another node holds it. Such a transaction need not be
    /// on disk when it ends, as only work that is then due again may be lost with it.
    /// </summary>
    public abstract Task<List<T>?> TryLockAndReadAsync<T>(DbSession session, string name, string sql, object parameters);

    public abstract ValueTask DisposeAsync();
}
