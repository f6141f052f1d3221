using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Switchyard.Benchmarks.Intake;

/// <summary>Deliveries that wait to be worked off, counted in the database itself.</summary>
internal sealed class Backlog(string dataFolder, string? postgreSql)
{
    public async Task UntilEmptyAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await CountAsync() > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(3))
            {
                throw new TimeoutException("After three minutes there are still deliveries that were not worked off.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public async Task<long> CountAsync()
    {
        await using DbConnection connection = postgreSql is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, "switchyard.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(postgreSql);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from deliveries where state in ('Received', 'Failed')";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
