using System.Diagnostics;

namespace Switchyard.Benchmarks.Harness;

/// <summary>One git process: what a floor is made of.</summary>
internal static class GitCommand
{
    /// <summary>Runs it in the folder, feeds it, and gives what it wrote.</summary>
    public static async Task<byte[]> RunAsync(string? folder, IEnumerable<string> arguments, Func<Stream, Task>? input = null)
    {
        var start = new ProcessStartInfo("git")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var git = Process.Start(start)!;
        var error = git.StandardError.ReadToEndAsync();
        var feeding = FeedAsync(git, input);
        using var output = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(output);
        await feeding;
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {await error}");
    }

    private static async Task FeedAsync(Process git, Func<Stream, Task>? input)
    {
        if (input is not null)
        {
            // Not disposed: the process closes the pipe under it.
            var buffered = new BufferedStream(git.StandardInput.BaseStream, 1 << 16);
            await input(buffered);
            await buffered.FlushAsync();
        }

        git.StandardInput.Close();
    }
}
