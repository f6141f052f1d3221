using Switchyard.Server.Storage;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>The process is gone: what a test throws at a boundary.</summary>
internal sealed class ProcessStopped() : Exception("The process stopped here.");

/// <summary>A database that "loses its process" before or after the n-th write.</summary>
internal sealed class StoppingDatabase(Database inner) : Database
{
    private int writes;
    private int stopAt;
    private bool afterCommit;

    public override Dialect Dialect => inner.Dialect;

    /// <summary>Writes since the last <see cref="StopAt"/>.</summary>
    public int Writes => writes;

    public bool Stopped { get; private set; }

    /// <summary>Stops at the n-th write from now on, counted from 1; 0 never.</summary>
    public void StopAt(int write, bool after) => (stopAt, afterCommit, writes, Stopped) = (write, after, 0, false);

    public override Task OpenAsync(CancellationToken cancellation) => inner.OpenAsync(cancellation);

    public override Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation) =>
        Stopped ? throw new ProcessStopped() : inner.ReadAsync(work, cancellation);

    public override async Task<T> WriteAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        if (Stopped)
        {
            throw new ProcessStopped();
        }

        var number = Interlocked.Increment(ref writes);
        if (number == stopAt && !afterCommit)
        {
            Stopped = true;
            throw new ProcessStopped();
        }

        var result = await inner.WriteAsync(work, cancellation);
        if (number == stopAt)
        {
            Stopped = true;
            throw new ProcessStopped();
        }

        return result;
    }

    public override Task<IAsyncDisposable?> TryHoldAsync(string name, CancellationToken cancellation) => inner.TryHoldAsync(name, cancellation);

    public override Task<List<T>?> TryLockAndReadAsync<T>(DbSession session, string name, string sql, object parameters) => inner.TryLockAndReadAsync<T>(session, name, sql, parameters);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
