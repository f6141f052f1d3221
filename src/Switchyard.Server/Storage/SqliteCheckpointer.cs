using Microsoft.Data.Sqlite;

namespace Switchyard.Server.Storage;

/// <summary>
/// Moves what is committed from the log into the database file, in small steps on a connection of its own, so that no commit
/// waits for it. Under a load that never pauses the log cannot be begun anew that way; above a bound the writer does it once.
/// </summary>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    private const long LogBound = 256 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

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
                if (commits == seen)
                {
                    continue;
                }

                seen = commits;
                using var step = connection.CreateCommand();
                step.CommandText = "pragma wal_checkpoint(passive)";
                step.ExecuteNonQuery();
                var log = new FileInfo(connection.DataSource + "-wal");
                if (log.Exists && log.Length > LogBound)
                {
                    writer.TruncateLog();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
