using System.CommandLine;
using Switchyard.Server.Hosting;

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

        return CommandProblem.Usage($"{string.Join(". ", messages)}.{Meant(parse)}", Help(parse));
    }

    /// <summary>The command or option that a word nobody knows was probably meant to be.</summary>
    private static string Meant(ParseResult parse)
    {
        foreach (var word in parse.UnmatchedTokens)
        {
            var command = parse.CommandResult.Command;
            var known = word.StartsWith('-')
                ? command.Options.Concat(Above(parse).SelectMany(above => above.Options.Where(option => option.Recursive))).Where(option => !option.Hidden).Select(option => option.Name)
                : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
            if (Nearest.Of(word, known) is { } near)
            {
                return word.StartsWith('-') ? $" Did you mean {near}?" : $" Did you mean {NameOf(parse)} {near}?";
            }
        }

        return "";
    }

    private static IEnumerable<Command> Above(ParseResult parse)
    {
        for (var result = parse.CommandResult.Parent as System.CommandLine.Parsing.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            yield return result.Command;
        }
    }

    // The parser lists what it allows one below the other.
    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
