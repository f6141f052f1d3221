using Npgsql;
using Switchyard.Server.Storage;
using Xunit;

namespace Switchyard.Tests.Infrastructure;

/// <summary>A data folder of its own, and on PostgreSQL a database of its own; gone when it is disposed. Nothing has opened it yet.</summary>
internal sealed class DatabasePlace : IAsyncDisposable
{
    private readonly string? server;

    private DatabasePlace(string folder, string? server, string? postgreSql)
    {
        Folder = folder;
        this.server = server;
        PostgreSql = postgreSql;
    }

    public string Folder { get; }

    /// <summary>The connection string; null with SQLite.</summary>
    public string? PostgreSql { get; }

    public StorageOptions Options => new() { DataFolder = Folder, PostgreSql = PostgreSql };

    /// <summary>Skips the test where it needs a PostgreSQL server and there is none.</summary>
    public static async Task<DatabasePlace> CreateAsync(DatabaseKind kind)
    {
        var server = kind == DatabaseKind.PostgreSql ? Environment.GetEnvironmentVariable(TestDatabases.Variable) ?? "" : null;
        Assert.SkipWhen(server?.Length == 0, $"No PostgreSQL server to test on: {TestDatabases.Variable} holds no connection string (./test sets it).");
        string? postgreSql = null;
        if (server is not null)
        {
            var name = "switchyard_" + Guid.NewGuid().ToString("N");
            await RunAsync(server, $"create database {name}");
            postgreSql = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
        }

        return new DatabasePlace(Directory.CreateTempSubdirectory("switchyard-test-").FullName, server, postgreSql);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        if (server is not null)
        {
            await RunAsync(server, $"drop database if exists {new NpgsqlConnectionStringBuilder(PostgreSql).Database} with (force)");
        }
    }

    private static async Task RunAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
