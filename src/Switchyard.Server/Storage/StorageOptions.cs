namespace Switchyard.Server.Storage;

/// <summary>Where the rows are kept. Section <c>Storage</c> of the configuration.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The folder of everything that Switchyard keeps on disk; default <c>./data</c>.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>A PostgreSQL connection string. Absent: SQLite, one file in the data folder.</summary>
    public string? PostgreSql { get; set; }

    /// <summary>Write transactions of SQLite that may share one commit; 1 to 10,000, default 512.</summary>
    public int GroupCommitLimit { get; set; } = 512;

    public string DataPath => Path.GetFullPath(DataFolder);

    public string SqliteFile => Path.Combine(DataPath, "switchyard.db");
}
