using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Switchyard.Benchmarks.Harness;

/// <summary>Reads numbers in the database of a server, without the server.</summary>
internal sealed class DatabaseReader(string dataFolder, string? postgreSql)
{
    /// <summary>The first column of each row.</summary>
    public async Task<List<long>> ReadAsync(string sql)
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
