using Microsoft.Data.Sqlite;
using Npgsql;
using Switchyard.Cli.Output;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Serve;

/// <summary>Why the data folder or the database cannot be used, with what to do.</summary>
internal static class StorageFailure
{
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;

    /// <summary>Makes the folder where it is missing, and refuses one that cannot be written in.</summary>
    public static void RequireWritable(StorageOptions storage)
    {
        var folder = storage.DataPath;
        if (File.Exists(folder))
        {
            throw NotWritable($"The data folder {folder} is a file.", "Name a folder with --data");
        }

        try
        {
            PrivateFolder.Create(folder);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw NotWritable($"The data folder {folder} cannot be made{Why(error)}.", $"Give the user that runs the server the right to write in {Path.GetDirectoryName(folder)}, or name another folder with --data");
        }

        if (WhyNotWritable(folder) is { } why)
        {
            throw NotWritable($"The data folder {folder} cannot be written in{why}.", $"Give the user that runs the server the right to write in {folder}, or name another folder with --data");
        }

        RequireWritableDatabase(storage);
    }

    /// <summary>The reason, as the end of a sentence; null where a file can be made in the folder.</summary>
    public static string? WhyNotWritable(string folder)
    {
        var probe = Path.Combine(folder, ".probe-" + Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return Why(error);
        }
    }

    /// <summary>The problem to show; the failure itself where it is another one.</summary>
    public static Exception Explain(Exception failure, StorageOptions storage) => failure switch
    {
        UnauthorizedAccessException denied => NotWritable(denied.Message, $"Give the user that runs the server the right to read and write what is in {storage.DataPath}"),
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } denied =>
            NotWritable($"{storage.SqliteFile} cannot be written: {denied.Message}", $"Give the user that runs the server the right to read and write what is in {storage.DataPath}"),
        PostgresException refused when ExitCodeOf(refused.SqlState) is { } code =>
            Unreachable(code, storage, $"refuses this: {refused.MessageText}"),
        PostgresException => failure,
        NpgsqlException unreachable => Unreachable(ExitCode.OtherSideFailed, storage, $"cannot be reached: {unreachable.GetBaseException().Message.TrimEnd('.')}"),
        _ => failure,
    };

    // SQLite opens a file that it may only read without a word, and the server would run and keep nothing.
    private static void RequireWritableDatabase(StorageOptions storage)
    {
        try
        {
            if (storage.PostgreSql is null && File.Exists(storage.SqliteFile))
            {
                File.OpenHandle(storage.SqliteFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            }
        }
        catch (UnauthorizedAccessException denied)
        {
            throw Explain(denied, storage);
        }
    }

    /// <summary>Of refusals only: anything else that PostgreSQL says at the start is a failure of ours.</summary>
    private static int? ExitCodeOf(string state) => state switch
    {
        PostgresErrorCodes.InsufficientPrivilege => ExitCode.Authentication,
        PostgresErrorCodes.InvalidCatalogName => ExitCode.NotFound,
        ['2', '8', ..] => ExitCode.Authentication,
        ['5', '3' or '7', ..] => ExitCode.OtherSideFailed,
        _ => null,
    };

    // Of the connection string only this: the rest of it may be a password.
    private static CommandProblem Unreachable(int code, StorageOptions storage, string why)
    {
        var named = new NpgsqlConnectionStringBuilder(storage.PostgreSql);
        return new CommandProblem(
            code,
            "PostgreSql",
            FormattableString.Invariant($"PostgreSQL at {named.Host}, port {named.Port}, database {named.Database ?? named.Username}, {why}."),
            new NextStep("Start it, or correct the setting Storage:PostgreSql"));
    }

    private static CommandProblem NotWritable(string what, string next) => new(ExitCode.Usage, "NotWritable", what, new NextStep(next));

    // Missing rights are told as such, with the name of a probe, or as a folder that was not found; the advice says enough.
    private static string Why(Exception error) => error is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException ? "" : ": " + error.Message.TrimEnd('.');
}
