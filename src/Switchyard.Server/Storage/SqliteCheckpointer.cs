using Microsoft.Data.Sqlite;

namespace Switchyard.Server.Storage;

/// <summary>
/// Moves what is committed from the log into the database file, in small steps on a connection of its own, so that no commit
/// waits for it. Under a load that never pauses the log cannot be begun anew that way; above a bound the writer does it, right
/// after a step, when little is left to move. The file keeps its size: writing over what is there costs half of making it grow.
/// </summary>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    /// <summary>Pages of 4 KB. To begin the log anew keeps commits waiting for 10 to 20 ms, so it is done once in seconds.</summary>
    private const long LogBound = 32 * 1024;

    /// <summary>Longer steps keep the disk from commits for longer: of what arrives at half the full rate, 1 % then waits for one.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

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
        using var timer = new PeriodicTimer(Interval, time);
        var seen = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var commits = writer.Commits;
                if (commits != seen && Step())
                {
                    seen = commits;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>False where it has to be done again.</summary>
    private bool Step()
    {
        try
        {
            using var step = connection.CreateCommand();
            step.CommandText = "pragma wal_checkpoint(passive)";
            using var result = step.ExecuteReader();
            if (result.Read() && result.GetInt64(1) > LogBound)
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
