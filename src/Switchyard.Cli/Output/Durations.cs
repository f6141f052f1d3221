using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Switchyard.Cli.Output;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>; shown as <c>1m 12s</c>.</summary>
internal static partial class Durations
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = Written().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        duration = Part(match, "d", TimeSpan.FromDays(1)) + Part(match, "h", TimeSpan.FromHours(1))
            + Part(match, "m", TimeSpan.FromMinutes(1)) + Part(match, "s", TimeSpan.FromSeconds(1));
        return true;
    }

    /// <summary>An option that takes a duration of more than nothing; another text is refused with the command line.</summary>
    public static Option<string?> Option(string name, string description, string? standard = null)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (!TryParse(given.Value, out var duration) || duration == TimeSpan.Zero))
            {
                result.AddError($"{name} is \"{given.Value}\"; it must be a time of more than 0 as 30s, 5m or 1h30m");
            }
        });
        return option;
    }

    /// <summary>What such an option holds.</summary>
    public static TimeSpan Parse(string text) => TryParse(text, out var duration) ? duration : throw new FormatException($"\"{text}\" is no time.");

    public static string Show(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 1 } => $"{(int)duration.TotalDays}d {duration.Hours}h",
        { TotalHours: >= 1 } => $"{duration.Hours}h {duration.Minutes}m",
        { TotalMinutes: >= 1 } => $"{duration.Minutes}m {duration.Seconds}s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#}s"),
    };

    private static TimeSpan Part(Match match, string unit, TimeSpan size) =>
        match.Groups[unit] is { Success: true } group ? size * int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : TimeSpan.Zero;

    [GeneratedRegex(@"^(?:(?<d>\d{1,4})d)?(?:(?<h>\d{1,5})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,7})s?)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Written();
}
