using System.Diagnostics;
using System.Text;

namespace Switchyard.Simulator.Git;

/// <summary>Runs git, with nothing of the machine's own configuration.</summary>
internal sealed class GitCommand
{
    private readonly string gitPath;
    private readonly string configuration;
    private readonly string home;

    public GitCommand(string gitPath, string folder)
    {
        this.gitPath = gitPath;
        home = folder;
        configuration = Path.Combine(folder, "gitconfig");
        File.WriteAllText(configuration, """
            [safe]
            	directory = *
            [user]
            	name = Simulator
            	email = simulator@example.test
            [init]
            	defaultBranch = main
            [gc]
            	auto = 0
            [core]
            	quotePath = false
            [protocol "file"]
            	allow = always
            [uploadpack]
            	allowFilter = true
            	allowAnySHA1InWant = true
            [receive]
            	denyDeletes = false
            	denyNonFastForwards = false
            	denyDeleteCurrent = ignore
            	denyCurrentBranch = ignore
            [http]
            	receivepack = true
            	getanyfile = false

            """);
    }

    /// <exception cref="IOException">git failed; the message holds what it said.</exception>
    public async Task<byte[]> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null)
    {
        var list = arguments.ToArray();
        var (exit, output, error) = await TryAsync(folder, list, cancellationToken, input, environment);
        return exit == 0 ? output : throw new IOException($"git {string.Join(' ', list.Take(3))} ended with {exit}: {error.Trim()}");
    }

    public async Task<string> TextAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await RunAsync(folder, arguments, cancellationToken)).TrimEnd('\n');

    public async Task<(int Exit, byte[] Output, string Error)> TryAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(folder, arguments, environment);
        await using var registration = cancellationToken.Register(() => Kill(process));
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git ended before it read everything; its exit code says why.
        }

        await reading;
        var error = await errors;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output.ToArray(), error);
    }

    public Process Start(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(gitPath)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = configuration;
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["HOME"] = home;
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new IOException("git did not start.");
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It had ended by itself.
        }
    }
}
