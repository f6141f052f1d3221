using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Git;

namespace Switchyard.Cli.Git;

/// <summary>
/// Runs the person's own git, on their terminal and with their configuration. The token goes through its environment;
/// no argument, address or file holds it.
/// </summary>
internal static class GitTool
{
    private static readonly string[] NotForGit =
    [
        // What made the token is of no use to git, its hooks and its filters.
        "SWITCHYARD_PRIVATE_KEY", "SWITCHYARD_GITHUB_TOKEN", "SWITCHYARD_TOKEN", "GH_TOKEN", "GITHUB_TOKEN",
        // Would print the header with the token.
        "GIT_TRACE_REDACT",
    ];

    public static Task<int> RunAsync(Terminal terminal, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        RunAsync(terminal, arguments, new Dictionary<string, string>(StringComparer.Ordinal), cancellation);

    /// <summary>Runs git with a token for the remote's host, and for no other.</summary>
    public static Task<int> RunAsync(Terminal terminal, IReadOnlyList<string> arguments, Uri remote, string token, CancellationToken cancellation)
    {
        var count = int.TryParse(terminal.Environment("GIT_CONFIG_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var existing) ? existing : 0;
        var environment = new Dictionary<string, string>(GitCredential.Environment(remote, token, count), StringComparer.Ordinal);

        // After a redirect git would show the header to whatever host it was sent to.
        var next = count + 1;
        environment[FormattableString.Invariant($"GIT_CONFIG_KEY_{next}")] = "http.followRedirects";
        environment[FormattableString.Invariant($"GIT_CONFIG_VALUE_{next}")] = "false";
        environment["GIT_CONFIG_COUNT"] = (next + 1).ToString(CultureInfo.InvariantCulture);
        environment["GIT_TERMINAL_PROMPT"] = "0";
        return RunAsync(terminal, arguments, environment, cancellation);
    }

    private static async Task<int> RunAsync(Terminal terminal, IReadOnlyList<string> arguments, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        await terminal.Out.FlushAsync(cancellation);
        await terminal.Error.FlushAsync(cancellation);
        var start = new ProcessStartInfo("git") { UseShellExecute = false, WorkingDirectory = terminal.Folder };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(NotForGit.Contains).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var git = Process.Start(start)!;
            try
            {
                await git.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                git.Kill(entireProcessTree: true);
                await git.WaitForExitAsync(CancellationToken.None);
                throw;
            }

            return git.ExitCode;
        }
        catch (Win32Exception missing)
        {
            throw new CommandProblem(ExitCode.Failure, "GitMissing", $"git could not be started: {missing.Message}. Install git 2.36 or newer and see that it is on the path.");
        }
    }
}
