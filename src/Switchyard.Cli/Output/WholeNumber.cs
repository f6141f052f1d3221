using System.CommandLine.Parsing;
using System.Globalization;

namespace Switchyard.Cli.Output;

/// <summary>Judges the text of a number itself: asking the parser for a number that is none ends the program.</summary>
internal static class WholeNumber
{
    public static readonly Action<OptionResult> Port = From(0, 65535);

    /// <summary>A validator that names the option and what it takes.</summary>
    public static Action<OptionResult> From(long least, long most) => result =>
    {
        if (result.Tokens is [var given] && (!long.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most))
        {
            var range = most is int.MaxValue or long.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
            result.AddError($"{result.Option.Name} is \"{given.Value}\"; it must be a whole number {range}");
        }
    };
}
