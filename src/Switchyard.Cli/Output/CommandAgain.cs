using System.CommandLine;
using System.CommandLine.Parsing;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Output;

/// <summary>The command line of this run with other values for some options: advice that drops the rest would start something else.</summary>
internal static class CommandAgain
{
    // What is printed is kept in logs, and these settings hold a password and a key.
    private static readonly string[] Secrets = ["Storage:PostgreSql=", "Vault:MasterKey="];

    public static string Of(ParseResult parse, params (Option Option, string Value)[] instead)
    {
        var kept = new List<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            kept.AddRange(result.Children.OfType<OptionResult>().Where(given => !given.Implicit && instead.All(pair => pair.Option != given.Option)).SelectMany(Words));
        }

        var words = kept.Concat(instead.SelectMany(pair => (string[])[pair.Option.Name, pair.Value])).Select(ShellWord.Quote);
        return $"{UsageErrors.NameOf(parse)} {string.Join(' ', words)}";
    }

    private static IEnumerable<string> Words(OptionResult given) =>
        given.Tokens.Count == 0 || given is { Option.Name: JsonFields.Option, Tokens: [{ Value: JsonFields.All }] }
            ? [given.Option.Name]
            : given.Tokens.SelectMany(token => (string[])[given.Option.Name, WithoutSecret(token.Value)]);

    private static string WithoutSecret(string value) =>
        Array.Find(Secrets, key => value.StartsWith(key, StringComparison.OrdinalIgnoreCase)) is { } secret ? secret + "..." : value;
}
