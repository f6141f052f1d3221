namespace Switchyard.Benchmarks.Harness;

/// <summary>The databases that are there to be measured on.</summary>
/// <param name="Name">As it is called in the figures.</param>
/// <param name="Administration">A connection to PostgreSQL that may make databases; null for SQLite.</param>
internal sealed record DatabaseKind(string Name, string? Administration)
{
    public static readonly DatabaseKind Sqlite = new("SQLite", null);

    /// <summary>Null, and said, where there is none.</summary>
    public static DatabaseKind? FindPostgreSql()
    {
        if (Environment.GetEnvironmentVariable("SWITCHYARD_TEST_POSTGRES") is { } administration)
        {
            return new DatabaseKind("PostgreSQL", administration);
        }

        Console.Error.WriteLine("  SKIPPED PostgreSQL: SWITCHYARD_TEST_POSTGRES is not set (./perf/run sets it)");
        return null;
    }
}
