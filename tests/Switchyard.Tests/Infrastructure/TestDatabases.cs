using Microsoft.Extensions.Options;
using Npgsql;
using Switchyard.Server.Storage;
using Xunit;

namespace Switchyard.Tests.Infrastructure;

/// <summary>The databases that everything stored must work on.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>
/// <c>[Theory, MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]</c> runs a test on SQLite in a
/// temporary folder and on PostgreSQL, on the server that the environment variable SWITCHYARD_TEST_POSTGRES names.
/// </summary>
public static class TestDatabases
{
    public const string Variable = "SWITCHYARD_TEST_POSTGRES";

    public static TheoryData<DatabaseKind> All => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];
}

/// <summary>A fresh database with all migrations applied; gone when it is disposed.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? server;

    private TestDatabase(Database database, IOptions<StorageOptions> options, string? server)
    {
        Database = database;
        Options = options;
        this.server = server;
    }

    public Database Database { get; }

    public IOptions<StorageOptions> Options { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
        var home = kind == DatabaseKind.PostgreSql ? RequireServer() : null;
        var settings = new StorageOptions { DataFolder = folder };
        if (home is not null)
        {
            var name = "switchyard_" + Guid.NewGuid().ToString("N");
            await RunAsync(home, $"create database {name}");
            settings.PostgreSql = new NpgsqlConnectionStringBuilder(home) { Database = name, MaxPoolSize = 20 }.ConnectionString;
        }

        var options = Microsoft.Extensions.Options.Options.Create(settings);
        Database database = home is null ? new SqliteDatabase(options, TimeProvider.System) : new PostgreSqlDatabase(options);
        await database.OpenAsync(CancellationToken.None);
        await new Migrations(database, TimeProvider.System).ApplyAsync(CancellationToken.None);
        return new TestDatabase(database, options, home);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (server is not null)
        {
            await RunAsync(server, $"drop database {new NpgsqlConnectionStringBuilder(Options.Value.PostgreSql).Database} with (force)");
        }

        Directory.Delete(Options.Value.DataPath, recursive: true);
    }

    private static string RequireServer()
    {
        var home = Environment.GetEnvironmentVariable(TestDatabases.Variable);
        if (string.IsNullOrEmpty(home))
        {
            Assert.Skip($"No PostgreSQL server to test on: {TestDatabases.Variable} holds no connection string.");
        }

        return home;
    }

    private static async Task RunAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
