using System.Diagnostics;
using System.Globalization;
using System.Text;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Demo.Samples;

/// <summary>Makes bare repositories of samples: the whole history in one stream to <c>git fast-import</c>, with fixed dates, so that commits have the same ids everywhere.</summary>
internal static class SampleWriter
{
    private static readonly DateTimeOffset FirstCommit = new(2026, 9, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the repository into a new folder and gives its path.</summary>
    public static async Task<string> WriteAsync(string parent, SampleRepository sample, CancellationToken cancellation)
    {
        var folder = Path.Combine(parent, sample.FullName.Replace('/', '-') + ".git");
        Directory.CreateDirectory(folder);
        await GitAsync(folder, null, ["init", "--quiet", "--bare", "--initial-branch=main", "."], cancellation);
        await GitAsync(folder, Stream(sample), ["fast-import", "--quiet"], cancellation);
        return folder;
    }

    // git-fast-import(1): counts are in bytes.
    private static byte[] Stream(SampleRepository sample)
    {
        using var stream = new MemoryStream();
        void Line(string text) => stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        void Data(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Line("data " + bytes.Length.ToString(CultureInfo.InvariantCulture));
            stream.Write(bytes);
            Line("");
        }

        var at = FirstCommit;
        foreach (var commit in sample.History)
        {
            Line("commit refs/heads/main");
            Line($"committer Ann Example <ann@acme.example> {at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000");
            Data(commit.Subject + "\n");
            foreach (var (path, text) in commit.Files)
            {
                if (text is null)
                {
                    Line("D " + path);
                    continue;
                }

                Line("M 100644 inline " + path);
                Data(text);
            }

            at += TimeSpan.FromDays(3) + TimeSpan.FromHours(2);
        }

        Line("done");
        return stream.ToArray();
    }

    private static async Task GitAsync(string folder, byte[]? input, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        start.Environment.Remove("GIT_DIR");
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEndAsync(cancellation);
        var errors = git.StandardError.ReadToEndAsync(cancellation);
        await git.StandardInput.BaseStream.WriteAsync(input ?? [], cancellation);
        git.StandardInput.Close();
        await git.WaitForExitAsync(cancellation);
        await output;
        if (git.ExitCode != 0)
        {
            throw new CommandProblem(ExitCode.OtherSideFailed, "GitFailed", $"The sample repositories could not be made: git {arguments[0]} said \"{(await errors).Trim()}\".");
        }
    }
}
