using Microsoft.Extensions.Options;
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
    private readonly DatabasePlace place;

    private TestDatabase(Database database, IOptions<StorageOptions> options, DatabasePlace place)
    {
        Database = database;
        Options = options;
        this.place = place;
    }

    public Database Database { get; }

    public IOptions<StorageOptions> Options { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind)
    {
        var place = await DatabasePlace.CreateAsync(kind);
        var options = Microsoft.Extensions.Options.Options.Create(place.Options);
        Database database = kind == DatabaseKind.Sqlite ? new SqliteDatabase(options, TimeProvider.System) : new PostgreSqlDatabase(options);
        await database.OpenAsync(CancellationToken.None);
        await new Migrations(database, TimeProvider.System).ApplyAsync(CancellationToken.None);
        return new TestDatabase(database, options, place);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await place.DisposeAsync();
    }
}
