using System.Text.RegularExpressions;
using Switchyard.Cli;
using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>A command that an error prints runs as printed.</summary>
public sealed partial class NextStepTests
{
    [Fact]
    public void Every_command_in_a_next_step_is_one_that_the_command_line_takes()
    {
        var commands = Commands().ToList();

        Assert.True(commands.Count > 20, $"Only {commands.Count} commands were found.");
        Assert.DoesNotContain(commands, command => !Parses(command));
    }

    private static IEnumerable<string> Commands() =>
        from folder in (string[])["Switchyard.Cli", "Switchyard.Server"]
        from file in Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "src", folder), "*.cs", SearchOption.AllDirectories)
        from step in Step().Matches(File.ReadAllText(file))
        from command in Command().Matches(step.Value)
        select command.Value;

    /// <summary>Parses the command with a value where the source has an expression; a placeholder in capitals is none that runs.</summary>
    private static bool Parses(string command)
    {
        var text = Expression().Replace(command.Replace("{needed}", "admin", StringComparison.Ordinal).Replace("{verb}", "view", StringComparison.Ordinal), "7").Replace("\\\"", "\"", StringComparison.Ordinal);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        var shell = new Shell(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null, Environment = _ => null, Time = TimeProvider.System, Folder = Path.GetTempPath() });
        return Program.Commands(shell).Parse(JsonFields.Untangle(words, Fields.Known)).Errors.Count == 0 && !words.Any(word => Placeholder().IsMatch(word));
    }

    [GeneratedRegex(@"NextStep\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", RegexOptions.None, 5000)]
    private static partial Regex Step();

    [GeneratedRegex(@"(?<=[""} ])switchyard (?:[^""\\]|\\"")*", RegexOptions.None, 5000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\{(?:[^{}]|\{[^{}]*\})*\}", RegexOptions.None, 5000)]
    private static partial Regex Expression();

    [GeneratedRegex("^(NAME|ROLE|DIR|URL|ID|FILE|R|P)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Placeholder();
}
