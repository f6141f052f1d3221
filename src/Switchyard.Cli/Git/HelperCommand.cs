using Switchyard.Cli.Output;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Git;

/// <summary>The value of <c>credential.helper</c> that runs this program.</summary>
internal static class HelperCommand
{
    public static string Of(Terminal terminal, IReadOnlyList<string> options)
    {
        var words = Program(terminal).Append("git-credential").Concat(options).Select(ShellWord.Quote);
        return "!" + string.Join(' ', words);
    }

    /// <summary>By name where the path has it; otherwise by the file that runs, so that it works from a build as well.</summary>
    private static string[] Program(Terminal terminal)
    {
        var onPath = (terminal.Environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "switchyard.exe" : "switchyard")));
        if (onPath)
        {
            return ["switchyard"];
        }

        var process = Environment.ProcessPath ?? "switchyard";
        return Path.GetFileNameWithoutExtension(process) == "switchyard" ? [process] : [process, typeof(HelperCommand).Assembly.Location];
    }
}
