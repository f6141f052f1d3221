using Microsoft.Data.Sqlite;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Sees Versions the moment they are committed, which is when any reader sees them, in the server's SQLite file: to ask its
/// API every few milliseconds would be a load of its own.
/// </summary>
internal sealed class VersionWatch : IAsyncDisposable
{
    private readonly SqliteConnection connection;
    private long last;

    private VersionWatch(SqliteConnection connection) => this.connection = connection;

    public static async Task<VersionWatch> OpenAsync(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync();
        var watch = new VersionWatch(connection);
        await watch.NextAsync();
        return watch;
    }

    /// <summary>The commits of the Versions that are new since the last call.</summary>
    public async Task<List<string>> NextAsync()
    {
        var seen = await ReadAsync(FormattableString.Invariant($"select v.id, c.sha from versions v join commits c on c.id = v.commit_id where v.id > {last} order by v.id"));
        last = seen.Count > 0 ? seen[^1].Number : last;
        return seen.ConvertAll(row => row.Text);
    }

    /// <summary>When each push was received, in Unix milliseconds, by its GUID.</summary>
    public async Task<Dictionary<string, long>> ReceivedAsync() =>
        (await ReadAsync("select received_at, guid from deliveries where event = 'push'")).ToDictionary(row => row.Text, row => row.Number, StringComparer.Ordinal);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<List<(long Number, string Text)>> ReadAsync(string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(long, string)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        return rows;
    }
}
