using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Switchyard.Server.Storage;

/// <summary>
/// The one thread that writes to SQLite. What is waiting when it comes by shares one commit, so that a disk flush is paid once
/// for many; each piece of work stands in a savepoint of its own and fails alone.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly Channel<Unit> queue = Channel.CreateUnbounded<Unit>(new() { SingleReader = true });
    private readonly SqliteConnection connection;
    private readonly int limit;
    private readonly Savepoints savepoints;
    private readonly Thread thread;
    private long commits;
    private bool truncate;

    public SqliteWriter(SqliteConnection connection, int limit)
    {
        this.connection = connection;
        this.limit = limit;
        this.savepoints = new Savepoints(connection);
        this.thread = new Thread(this.Run) { IsBackground = true, Name = "sqlite-writer" };
        this.thread.Start();
    }

    /// <summary>Commits made so far.</summary>
    public long Commits => Interlocked.Read(ref this.commits);

    public Task<T> RunAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        var unit = new Unit<T>(work, cancellation);
        return this.queue.Writer.TryWrite(unit)
            ? unit.Task
            : Task.FromException<T>(new ObjectDisposedException(nameof(SqliteDatabase), "The database is closed."));
    }

    /// <summary>Asks for the log to be written into the database file as a whole and emptied, after the next commit.</summary>
    public void TruncateLog() => Volatile.Write(ref this.truncate, true);

    public ValueTask DisposeAsync()
    {
        this.queue.Writer.TryComplete();
        this.thread.Join();
        return this.connection.DisposeAsync();
    }

    private void Run()
    {
        var group = new List<Unit>();
        while (this.queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < this.limit && this.queue.Reader.TryRead(out var unit))
            {
                group.Add(unit);
            }

            this.Commit(group);
            if (Volatile.Read(ref this.truncate))
            {
                Volatile.Write(ref this.truncate, false);
                using var checkpoint = this.connection.CreateCommand();
                checkpoint.CommandText = "pragma wal_checkpoint(truncate)";
                checkpoint.ExecuteNonQuery();
            }
        }
    }

    private void Commit(List<Unit> group)
    {
        try
        {
            using var transaction = this.connection.BeginTransaction(deferred: false);
            foreach (var unit in group)
            {
                unit.Run(this.connection, transaction, group.Count == 1 ? null : this.savepoints);
            }

            if (group.Count == 1 && group[0].Failed)
            {
                transaction.Rollback();
            }
            else
            {
                transaction.Commit();
                Interlocked.Increment(ref this.commits);
            }
        }
        catch (Exception failure)
        {
            foreach (var unit in group)
            {
                unit.Fail(failure);
            }
        }

        foreach (var unit in group)
        {
            unit.Complete();
        }
    }

    /// <summary>Prepared once: they are run for every unit of a group.</summary>
    private sealed class Savepoints(SqliteConnection connection)
    {
        private readonly SqliteCommand begin = New(connection, "savepoint unit");
        private readonly SqliteCommand undo = New(connection, "rollback to savepoint unit");
        private readonly SqliteCommand end = New(connection, "release savepoint unit");

        public void Begin(SqliteTransaction transaction) => Execute(this.begin, transaction);

        public void Undo(SqliteTransaction transaction) => Execute(this.undo, transaction);

        public void End(SqliteTransaction transaction) => Execute(this.end, transaction);

        private static SqliteCommand New(SqliteConnection connection, string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }

        private static void Execute(SqliteCommand command, SqliteTransaction transaction)
        {
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    }

    private abstract class Unit
    {
        public abstract bool Failed { get; }

        public abstract void Run(SqliteConnection connection, SqliteTransaction transaction, Savepoints? savepoints);

        public abstract void Fail(Exception failure);

        public abstract void Complete();
    }

    private sealed class Unit<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation) : Unit
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? failure;

        public Task<T> Task => this.completion.Task;

        public override bool Failed => this.failure is not null;

        public override void Run(SqliteConnection connection, SqliteTransaction transaction, Savepoints? savepoints)
        {
            if (cancellation.IsCancellationRequested)
            {
                this.failure = new OperationCanceledException(cancellation);
                return;
            }

            savepoints?.Begin(transaction);
            try
            {
                // Once begun, a piece of work is finished or undone: its token is not handed on.
                this.result = work(new DbSession(connection, transaction, Dialect.Sqlite, CancellationToken.None)).GetAwaiter().GetResult();
            }
            catch (Exception thrown)
            {
                this.failure = thrown;
                savepoints?.Undo(transaction);
            }

            savepoints?.End(transaction);
        }

        public override void Fail(Exception failure) => this.failure ??= failure;

        public override void Complete()
        {
            switch (this.failure)
            {
                case null:
                    this.completion.TrySetResult(this.result!);
                    break;
                case OperationCanceledException cancelled:
                    this.completion.TrySetCanceled(cancelled.CancellationToken);
                    break;
                default:
                    this.completion.TrySetException(this.failure);
                    break;
            }
        }
    }
}
