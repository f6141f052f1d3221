using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary><c>--permission contents=read</c>, repeated; reading contents where nothing is said.</summary>
internal static class PermissionOption
{
    public static Option<string[]> Create() => new("--permission")
    {
        Description = "What the token may do, e.g. contents=write; may be repeated. Default contents=read",
        HelpName = "NAME=LEVEL",
    };

    public static IReadOnlyDictionary<string, string> Of(string[]? pairs)
    {
        if (pairs is not { Length: > 0 })
        {
            return GitHubAccess.ReadContents;
        }

        // GitHub grants metadata=read with everything else anyway.
        var permissions = new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata"] = "read" };
        foreach (var pair in pairs.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            permissions[Key(pair)] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        return permissions;
    }

    private static string Key(string pair) => pair.Split('=') is [{ Length: > 0 } key, "read" or "write" or "admin"]
        ? key.Replace('-', '_')
        : throw CommandProblem.Usage($"--permission wants NAME=read, NAME=write or NAME=admin, not \"{pair}\".");
}
