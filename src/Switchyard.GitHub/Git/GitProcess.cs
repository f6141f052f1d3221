using System.ComponentModel;
using System.Diagnostics;

namespace Switchyard.GitHub.Git;

/// <summary>
/// One running git command. Standard error is always drained; the caller reads <see cref="Output"/> to its end and then
/// awaits <see cref="EnsureSuccessAsync"/>. Cancellation, the time-out and disposal kill the whole process tree.
/// </summary>
internal sealed class GitProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenSource timeout;
    private readonly CancellationTokenSource linked;
    private readonly CancellationTokenRegistration kill;
    private readonly Task<string> errors;
    private readonly string? token;
    private readonly string doing;
    private readonly bool isAlone;

    private GitProcess(Process process, GitCommand command, GitOptions options, CancellationToken cancellation)
    {
        this.process = process;
        this.cancellation = cancellation;
        token = command.Access?.Token;
        doing = command.Doing;
        isAlone = command.HasInput;
        timeout = new CancellationTokenSource(command.Timeout ?? options.CommandTimeout, options.Time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        errors = GitErrorText.DrainAsync(process.StandardError.BaseStream, command.Progress);
        kill = linked.Token.UnsafeRegister(static state => ((GitProcess)state!).Kill(), this);
    }

    public Stream Output => process.StandardOutput.BaseStream;

    public Stream Input => process.StandardInput.BaseStream;

    public static GitProcess Start(GitOptions options, GitCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(options.GitPath)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = command.Directory is { } folder && Directory.Exists(folder) ? folder : Path.GetTempPath(),
        };
        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        GitEnvironment.Fill(start, options, command.Directory, command.Access);
        try
        {
            var started = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
            var git = new GitProcess(started, command, options, cancellation);
            if (!command.HasInput)
            {
                started.StandardInput.Close();
            }

            return git;
        }
        catch (Win32Exception error)
        {
            throw new GitException(
                GitErrorKind.GitMissing,
                $"Could not start git: \"{options.GitPath}\" said \"{error.Message}\". Install git 2.36 or newer, or set the path of git.",
                error);
        }
    }

    /// <summary>Runs a command to its end and gives its standard output (meant for small ones).</summary>
    public static async Task<byte[]> RunAsync(GitOptions options, GitCommand command, CancellationToken cancellation)
    {
        await using var git = Start(options, command, cancellation);
        using var output = new MemoryStream();
        await git.Output.CopyToAsync(output, cancellation);
        await git.EnsureSuccessAsync();
        return output.ToArray();
    }

    /// <summary>Waits for the end; throws when the command was stopped or failed.</summary>
    /// <exception cref="GitException">The command failed or took too long.</exception>
    public async Task EnsureSuccessAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        var text = await errors;
        cancellation.ThrowIfCancellationRequested();
        if (timeout.IsCancellationRequested)
        {
            throw new GitException(
                GitErrorKind.Timeout,
                $"Could not {doing}: git did not finish in time and was stopped. Try again later, or allow more time.");
        }

        if (process.ExitCode != 0)
        {
            throw GitErrorText.ToException(doing, process.ExitCode, Redaction.Scrub(text, token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await kill.DisposeAsync();
        Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await errors;
        linked.Dispose();
        timeout.Dispose();
        process.Dispose();
    }

    /// <summary>Ends the command and all it started; what reads its output comes to the end of it.</summary>
    public void Kill()
    {
        try
        {
            if (!process.HasExited)
            {
                // To find the tree all processes of the machine are looked at; what reads blobs on demand starts none.
                process.Kill(entireProcessTree: !isAlone);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile.
        }
    }
}

/// <summary>
/// What to run: <c>Doing</c> completes "Could not ...", <c>Directory</c> is the bare repository or null outside of one.
/// </summary>
internal sealed record GitCommand(string Doing, string? Directory, params IReadOnlyList<string> Arguments)
{
    public GitAccess? Access { get; init; }

    public bool HasInput { get; init; }

    public TimeSpan? Timeout { get; init; }

    public IProgress<GitProgress>? Progress { get; init; }
}
