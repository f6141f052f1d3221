using System.ComponentModel;
using System.Diagnostics;

namespace Switchyard.Cli.Rule.Files;

/// <summary>The clone that a folder is in, and which repository that is by its remote <c>origin</c>; null where that cannot be told.</summary>
internal sealed record GitPlace(string Root, string? Owner, string? Name)
{
    public string? FullName => Owner is null ? null : $"{Owner}/{Name}";

    /// <summary>Null where the folder is in no clone, or there is no git. It need not exist yet.</summary>
    public static async Task<GitPlace?> FindAsync(string folder, CancellationToken cancellation)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        if (await AskAsync(folder, ["rev-parse", "--show-toplevel"], cancellation) is not { Length: > 0 } root)
        {
            return null;
        }

        var (owner, name) = Parse(await AskAsync(folder, ["config", "--get", "remote.origin.url"], cancellation));
        return new GitPlace(Path.GetFullPath(root), owner, name);
    }

    /// <summary>The last two parts of an address: <c>https://host/owner/name.git</c>, <c>git@host:owner/name</c>, <c>ssh://git@host/owner/name</c>.</summary>
    public static (string? Owner, string? Name) Parse(string? remote)
    {
        if (remote is null || (!remote.Contains("://", StringComparison.Ordinal) && !remote.Contains('@', StringComparison.Ordinal)))
        {
            // A folder of this machine is a remote as well, and names no repository of GitHub.
            return (null, null);
        }

        var parts = remote.TrimEnd('/').Split('/', ':')[^2..];
        var name = parts[1].EndsWith(".git", StringComparison.Ordinal) && parts[1].Length > 4 ? parts[1][..^4] : parts[1];
        return IsName(parts[0]) && IsName(name) ? (parts[0], name) : (null, null);
    }

    private static bool IsName(string text) => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private static async Task<string?> AskAsync(string folder, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder, UseShellExecute = false };
            Array.ForEach(arguments, start.ArgumentList.Add);
            using var git = Process.Start(start)!;
            var errors = git.StandardError.ReadToEndAsync(cancellation);
            var said = (await git.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await errors;
            await git.WaitForExitAsync(cancellation);
            return git.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
