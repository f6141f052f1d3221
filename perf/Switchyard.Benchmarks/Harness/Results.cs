using System.Diagnostics;

namespace Switchyard.Benchmarks.Harness;

/// <summary>Keeps the last figures of each benchmark in <c>perf/results.md</c>, with date, commit and machine.</summary>
internal static class Results
{
    public static async Task KeepAsync(string name, Report report)
    {
        var file = Path.Combine(Checkout.Root, "perf", "results.md");
        var title = "## " + name;
        var text = File.Exists(file)
            ? await File.ReadAllTextAsync(file)
            : "# Figures\n\nMade by `./perf/run`. Only ratios within one run mean something: client and server share one machine.\n";
        var section = FormattableString.Invariant(
            $"{title}\n\n{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, commit {Git("rev-parse", "--short", "HEAD")}, {Environment.ProcessorCount} processors, .NET {Environment.Version}.\n\n{report.ToMarkdown()}");
        var start = text.IndexOf(title + "\n", StringComparison.Ordinal);
        if (start >= 0)
        {
            var end = text.IndexOf("\n## ", start, StringComparison.Ordinal);
            text = text[..start] + section + (end < 0 ? "" : text[end..]);
        }
        else
        {
            text = text.TrimEnd('\n') + "\n\n" + section;
        }

        await File.WriteAllTextAsync(file, text);
        Console.Error.WriteLine("kept in perf/results.md");
    }

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = AppContext.BaseDirectory })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
