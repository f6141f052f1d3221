using System.CommandLine;

namespace Switchyard.Cli.Output;

/// <summary>What is wrong with a command line, and where its help is.</summary>
internal static class UsageErrors
{
    /// <summary>A noun without a verb, or nothing at all: its help is the answer.</summary>
    public static bool AsksForHelp(ParseResult parse) =>
        parse.CommandResult.Command.Subcommands.Count > 0 && parse.CommandResult.Command.Action is null && parse.UnmatchedTokens.Count == 0;

    /// <summary>The help of the command that was called.</summary>
    public static NextStep Help(ParseResult parse) => new("Help", Command: NameOf(parse) + " --help");

    /// <summary>The command that was called, from the name of the program on.</summary>
    public static string NameOf(ParseResult parse)
    {
        var words = new List<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            words.Insert(0, result.Parent is null ? "switchyard" : result.Command.Name);
        }

        return string.Join(' ', words);
    }

    public static CommandProblem Of(ParseResult parse)
    {
        var messages = parse.Errors.Select(error => OneLine(error.Message).TrimEnd('.')).Distinct(StringComparer.Ordinal).ToList();
        if (messages.Count > 1 && parse.UnmatchedTokens.Count > 0)
        {
            // "Required command was not provided" besides the word that was meant to be one.
            messages.RemoveAll(message => parse.UnmatchedTokens.All(token => !message.Contains($"'{token}'", StringComparison.Ordinal)));
        }

        return CommandProblem.Usage($"{string.Join(". ", messages)}.", Help(parse));
    }

    // The parser lists what it allows one below the other.
    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
