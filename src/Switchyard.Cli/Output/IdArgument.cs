using System.CommandLine;

namespace Switchyard.Cli.Output;

/// <summary>An argument that takes what a list shows under Id; another text is refused before a server is asked.</summary>
internal static class IdArgument
{
    /// <param name="list">The command that shows the ids, such as <c>delivery list</c>.</param>
    /// <param name="several">Whether any number of them can be given.</param>
    /// <param name="orGuid">Whether GitHub's own id will do as well.</param>
    /// <param name="prefix">The letter that the id has in sentences, such as <c>d</c> in <c>d-12</c>; what was printed can be given.</param>
    public static Argument<T> Create<T>(string list, bool several = false, bool orGuid = false, char? prefix = null)
    {
        var argument = new Argument<T>("id") { Description = several ? $"Ids that `{list}` shows; none with filters" : $"The id that `{list}` shows{(orGuid ? ", or the GUID that GitHub shows" : "")}" };
        argument.Arity = several ? ArgumentArity.ZeroOrMore : ArgumentArity.ExactlyOne;
        argument.Validators.Add(result =>
        {
            foreach (var given in result.Tokens.Select(token => token.Value).Where(text => !(orGuid && Guid.TryParseExact(text, "D", out _)) && (!Number(text, prefix).All(char.IsAsciiDigit) || Number(text, prefix).Length is 0 or > 18)))
            {
                result.AddError($"\"{given}\" is no id; `{list}` shows them");
            }
        });
        if (prefix is not null)
        {
            argument.CustomParser = result =>
            {
                var numbers = result.Tokens.Select(token => Number(token.Value, prefix)).ToArray();
                return (T)(object)(typeof(T) == typeof(string[]) ? numbers : numbers[0]);
            };
        }

        return argument;
    }

    private static string Number(string text, char? prefix) => prefix is { } letter && text.StartsWith(letter + "-", StringComparison.Ordinal) ? text[2..] : text;
}
