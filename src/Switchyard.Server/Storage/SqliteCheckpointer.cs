using Microsoft.Data.Sqlite;

namespace Switchyard.Server.Storage;

/// <summary>
/// Moves what is committed from the log into the database file, in small steps on a connection of its own, so that no commit
/// waits for it. Under a load that never pauses the log cannot be begun anew that way; above a bound the writer does it, right
/// after a step, when little is left to move. While commits are many, steps are short, as the disk is not at their hand meanwhile:
/// with half a second between them, 1 % of the Deliveries waited 15 ms. The file keeps its size: writing over what is there costs
/// half of making it grow.
/// </summary>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Commits a tick from which on somebody always waits for one: Deliveries are then, and a Sync is not.</summary>
    private const int Busy = 32;

    /// <summary>Ticks between steps otherwise: fewer steps write a page that changes often fewer times.</summary>
    private const int Rest = 5;

    /// <summary>Pages of 4 KB. To write over few of them is cheapest, but to begin anew keeps commits waiting for 10 to 20 ms.</summary>
    private const long LogBound = 8 * 1024;
    private const long BusyLogBound = 4 * LogBound;

    private readonly SqliteConnection connection;
    private readonly SqliteWriter writer;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;

    public SqliteCheckpointer(SqliteConnection connection, SqliteWriter writer, TimeProvider time)
    {
        this.connection = connection;
        this.writer = writer;
        loop = Task.Run(() => RunAsync(time));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
        await connection.DisposeAsync();
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var (done, last, ticks) = (0L, 0L, 0);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var commits = writer.Commits;
                var busy = commits - last >= Busy;
                last = commits;
                if (commits != done && (++ticks >= Rest || busy) && Step(busy ? BusyLogBound : LogBound))
                {
                    (done, ticks) = (commits, 0);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>False where it has to be done again.</summary>
    private bool Step(long bound)
    {
        try
        {
            using var step = connection.CreateCommand();
            step.CommandText = "pragma wal_checkpoint(passive)";
            using var result = step.ExecuteReader();
            if (result.Read() && result.GetInt64(1) > bound)
            {
                writer.RestartLog();
            }

            return true;
        }
        catch (SqliteException)
        {
            // A full disk, say. What is committed is safe in the log; a loop that ended here would let it grow for ever.
            return false;
        }
    }
}
