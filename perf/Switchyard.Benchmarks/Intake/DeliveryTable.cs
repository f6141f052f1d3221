using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>What became of the deliveries, read in the database itself; times are Unix milliseconds.</summary>
internal sealed class DeliveryTable(string dataFolder, string? postgreSql)
{
    public async Task UntilEmptyAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await ReadAsync("select 1 from deliveries where state in ('Received', 'Failed') limit 1")).Count > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(3))
            {
                throw new TimeoutException("After three minutes there are still deliveries that were not worked off.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Those that wait to be worked off.</summary>
    public async Task<long> CountAsync() => (await ReadAsync("select count(*) from deliveries where state in ('Received', 'Failed')"))[0];

    /// <summary>From received to handled, of those received since then.</summary>
    public async Task<Latencies> HandlingAsync(long since) =>
        new([.. (await ReadAsync(string.Create(CultureInfo.InvariantCulture, $"select handled_at - received_at from deliveries where received_at >= {since}"))).Select(value => (double)value)]);

    /// <summary>For each lane of the repositories that has one: when the first Delivery was handled after that time.</summary>
    public Task<List<long>> FirstHandledAsync(int firstRepository, int lastRepository, long after) =>
        ReadAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"select min(handled_at) from deliveries where repository_id between {firstRepository} and {lastRepository} and handled_at > {after} group by lane"));

    private async Task<List<long>> ReadAsync(string sql)
    {
        await using DbConnection connection = postgreSql is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, "switchyard.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(postgreSql);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<long>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetInt64(0));
        }

        return values;
    }
}
