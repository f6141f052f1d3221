using Npgsql;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>The configuration of a fresh database for one server: a file in its data folder, or a new database on the test's PostgreSQL.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? administration;
    private readonly string? name;

    private TestDatabase(string? administration, string? name, string? connectionString)
    {
        this.administration = administration;
        this.name = name;
        ConnectionString = connectionString;
    }

    /// <summary>Null: SQLite.</summary>
    public string? ConnectionString { get; }

    public IReadOnlyDictionary<string, string> Environment => ConnectionString is null
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            ["SWITCHYARD_Storage__PostgreSql"] = ConnectionString,
            ["SWITCHYARD_Vault__MasterKey"] = Convert.ToBase64String(new byte[32]),
        };

    /// <param name="kind"><c>sqlite</c> or <c>postgresql</c>; the test is skipped where there is no PostgreSQL.</param>
    public static async Task<TestDatabase> CreateAsync(string kind)
    {
        if (kind == "sqlite")
        {
            return new TestDatabase(null, null, null);
        }

        var server = System.Environment.GetEnvironmentVariable("SWITCHYARD_TEST_POSTGRES");
        Assert.SkipWhen(server is null, "No PostgreSQL: SWITCHYARD_TEST_POSTGRES is not set (./test sets it).");
        var fresh = "e2e_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server!, $"create database {fresh}");
        return new TestDatabase(server, fresh, new NpgsqlConnectionStringBuilder(server) { Database = fresh }.ToString());
    }

    /// <summary>Every row of every table as text (PostgreSQL; SQLite's are in its file).</summary>
    public async Task<string> DumpAsync()
    {
        if (ConnectionString is null)
        {
            return "";
        }

        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select query_to_xml('select * from ' || quote_ident(tablename), true, false, '')::text from pg_tables where schemaname = 'public'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var text = new System.Text.StringBuilder();
        while (await reader.ReadAsync())
        {
            text.AppendLine(reader.GetString(0));
        }

        return text.ToString();
    }

    /// <summary>Ends every connection of the servers, as a restart of PostgreSQL does.</summary>
    public Task CutConnectionsAsync() => ExecuteAsync(
        administration!, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");

    public async ValueTask DisposeAsync()
    {
        if (name is not null)
        {
            await ExecuteAsync(administration!, $"drop database if exists {name} with (force)");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
