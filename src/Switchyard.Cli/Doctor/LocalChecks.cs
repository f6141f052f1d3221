using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Doctor;

internal static partial class LocalChecks
{
    private const long LittleSpace = 1L << 30;
    private static readonly Version NeededGit = new(2, 36);

    public static async Task<Finding> GitAsync(Terminal terminal, CancellationToken cancellation)
    {
        const string Check = "git";
        try
        {
            var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = terminal.Folder, UseShellExecute = false };
            start.ArgumentList.Add("--version");
            using var git = Process.Start(start)!;
            var errors = git.StandardError.ReadToEndAsync(cancellation);
            var said = (await git.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await errors;
            await git.WaitForExitAsync(cancellation);
            return JudgeGit(Check, said);
        }
        catch (Win32Exception missing)
        {
            return Finding.Failed(Check, $"git could not be started: {missing.Message}.", $"Install git {NeededGit} or newer and see that it is on the path.");
        }
    }

    public static Finding JudgeGit(string check, string said) => VersionIn().Match(said) is not { Success: true } match
        ? Finding.Warning(check, $"\"{said}\" tells no version.", $"See that git on the path is git {NeededGit} or newer.")
        : Version.Parse(match.Value) >= NeededGit ? Finding.Ok(check, said)
        : Finding.Failed(check, $"{said} is too old.", $"Install git {NeededGit} or newer: blobs are read with cat-file --batch-command.");

    public static async Task<IReadOnlyList<Finding>> DataAsync(Invocation run, string? data, CancellationToken cancellation)
    {
        var folder = run.PathOf(data ?? run.Terminal.Environment("SWITCHYARD_DATA") ?? "data");
        if (!Directory.Exists(folder))
        {
            return [Finding.Skipped("data folder", $"{folder} is not there yet; serve makes it."), Finding.Skipped("database", "No data folder."), Finding.Skipped("vault key", "No data folder.")];
        }

        return [Folder(folder), await DatabaseAsync(folder, cancellation), VaultKey(run.Terminal, folder)];
    }

    private static Finding Folder(string folder)
    {
        const string Check = "data folder";
        if (StorageFailure.WhyNotWritable(folder) is { } why)
        {
            return Finding.Failed(Check, $"{folder} cannot be written in{why}.", $"Give the user that runs the server the right to write in {folder}.");
        }

        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return free >= LittleSpace
            ? Finding.Ok(Check, string.Create(CultureInfo.InvariantCulture, $"{folder}, {free / (double)LittleSpace:0.0} GiB free"))
            : Finding.Warning(Check, $"{folder} has {free / (1 << 20)} MiB left.", "Make room, or move the data folder: mirrors and contents grow with the repositories.");
    }

    private static async Task<Finding> DatabaseAsync(string folder, CancellationToken cancellation)
    {
        const string Check = "database";
        var configured = Environment.GetEnvironmentVariable("SWITCHYARD_Storage__PostgreSql") is { Length: > 0 };
        if (!configured && !File.Exists(Path.Combine(folder, "switchyard.db")) && !File.Exists(Path.Combine(folder, "appsettings.json")))
        {
            return Finding.Skipped(Check, "There is none yet; serve makes it.");
        }

        try
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:DataFolder"] = folder };
            var tokens = await LocalServer.WithDatabaseAsync(settings, services => services.GetRequiredService<TokenStore>().ListAsync(cancellation), cancellation);
            return tokens.Any(token => token.RevokedAt is null)
                ? Finding.Ok(Check, "It opens, and its schema is current.")
                : Finding.Warning(Check, "It opens, but holds no API token, so nobody can sign in.", $"switchyard admin token create --name me --role admin --data {folder}");
        }
        catch (DataFolderInUseException)
        {
            return Finding.Ok(Check, "A running server holds it.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Finding.Failed(Check, error.Message, "Check the connection string or the file and its rights; a damaged file is replaced from a backup.");
        }
    }

    private static Finding VaultKey(Terminal terminal, string folder)
    {
        const string Check = "vault key";
        if (terminal.Environment("SWITCHYARD_Vault__MasterKey") is { } text)
        {
            return IsKey(text) ? Finding.Ok(Check, "It comes from SWITCHYARD_Vault__MasterKey.") : Finding.Failed(Check, "SWITCHYARD_Vault__MasterKey is not 32 bytes in base64.", "Set it to the key that the secrets were stored under.");
        }

        var file = terminal.Environment("SWITCHYARD_Vault__MasterKeyFile") ?? Path.Combine(folder, "master.key");
        if (!File.Exists(file))
        {
            return Finding.Skipped(Check, $"{file} is not there; it is made at the first start with SQLite.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
        {
            return Finding.Failed(Check, $"{file} can be read by other users.", $"chmod 600 {file}");
        }

        return IsKey(File.ReadAllText(file))
            ? Finding.Ok(Check, $"{file}; keep a copy apart from the database.")
            : Finding.Failed(Check, $"{file} is not 32 bytes in base64.", "Put the key back that the secrets were stored under; without it they have to be set anew.");
    }

    private static bool IsKey(string text)
    {
        Span<byte> key = stackalloc byte[64];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == 32;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionIn();
}
