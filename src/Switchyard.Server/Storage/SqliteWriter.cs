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
    private bool restart;

    public SqliteWriter(SqliteConnection connection, int limit)
    {
        this.connection = connection;
        this.limit = limit;
        savepoints = new Savepoints(connection);
        thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        thread.Start();
    }

    /// <summary>Commits made so far.</summary>
    public long Commits => Interlocked.Read(ref commits);

    public Task<T> RunAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation)
    {
        var unit = new Unit<T>(work, cancellation);
        return queue.Writer.TryWrite(unit)
            ? unit.Task
            : Task.FromException<T>(new ObjectDisposedException(nameof(SqliteDatabase), "The database is closed."));
    }

    /// <summary>Asks for the log to be written into the database file as a whole and begun anew, after the next commit.</summary>
    public void RestartLog() => Volatile.Write(ref restart, true);

    public ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        thread.Join();
        return connection.DisposeAsync();
    }

    private void Run()
    {
        var group = new List<Unit>();
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < limit && queue.Reader.TryRead(out var unit))
            {
                group.Add(unit);
            }

            Commit(group);
            if (Volatile.Read(ref restart))
            {
                Volatile.Write(ref restart, false);
                WriteLogBack();
            }
        }
    }

    private void WriteLogBack()
    {
        try
        {
            using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "pragma wal_checkpoint(restart)";
            checkpoint.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // A full disk, say. What is committed is safe in the log, which only stays as long as it is until the checkpointer
            // asks again; an exception that left this thread would end the process.
        }
    }

    private void Commit(List<Unit> group)
    {
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var unit in group)
            {
                unit.Run(connection, transaction, group.Count == 1 ? null : savepoints);
            }

            if (group.Count == 1 && group[0].Failed)
            {
                transaction.Rollback();
            }
            else
            {
                transaction.Commit();
                Interlocked.Increment(ref commits);
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

        public void Begin(SqliteTransaction transaction) => Execute(begin, transaction);

        public void Undo(SqliteTransaction transaction) => Execute(undo, transaction);

        public void End(SqliteTransaction transaction) => Execute(end, transaction);

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

        public Task<T> Task => completion.Task;

        public override bool Failed => failure is not null;

        public override void Run(SqliteConnection connection, SqliteTransaction transaction, Savepoints? savepoints)
        {
            if (cancellation.IsCancellationRequested)
            {
                failure = new OperationCanceledException(cancellation);
                return;
            }

            savepoints?.Begin(transaction);
            try
            {
                // Once begun, a piece of work is finished or undone: its token is not handed on.
                result = work(new DbSession(connection, transaction, Dialect.Sqlite, CancellationToken.None)).GetAwaiter().GetResult();
            }
            catch (Exception thrown)
            {
                failure = thrown;
                savepoints?.Undo(transaction);
            }

            savepoints?.End(transaction);
        }

        public override void Fail(Exception failure) => this.failure ??= failure;

        public override void Complete()
        {
            switch (failure)
            {
                case null:
                    completion.TrySetResult(result!);
                    break;
                case OperationCanceledException cancelled:
                    completion.TrySetCanceled(cancelled.CancellationToken);
                    break;
                default:
                    completion.TrySetException(failure);
                    break;
            }
        }
    }
}
