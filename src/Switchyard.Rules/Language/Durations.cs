using System.Globalization;
using System.Text.RegularExpressions;

namespace Switchyard.Rules.Language;

/// <summary>Durations as people write them: <c>30s</c>, <c>2m</c>, <c>2h</c>, <c>1d</c>, <c>1h30m</c>.</summary>
internal static partial class Durations
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static readonly TextSpec Spec = new("a duration such as 30s, 2m, 2h or 1d", TextKind.Duration, "2m", "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$");

    public static TimeSpan? TryParse(string text, out string? problem, out string? suggestion)
    {
        (problem, suggestion) = (null, null);
        var match = Form().Match(text);
        if (text.Length == 0 || !match.Success)
        {
            problem = "is no duration";
            suggestion = Meant(text);
            return null;
        }

        var seconds = 0m;
        foreach (var (unit, length) in new[] { ("d", 86_400m), ("h", 3_600m), ("m", 60m), ("s", 1m) })
        {
            var group = match.Groups[unit];
            seconds += group.Success ? decimal.Parse(group.Value, CultureInfo.InvariantCulture) * length : 0;
        }

        if (seconds > (decimal)Longest.TotalSeconds)
        {
            problem = "is longer than 30d";
            return null;
        }

        return TimeSpan.FromSeconds((double)seconds);
    }

    /// <summary>The shortest spelling: <c>90s</c> is <c>1m30s</c>.</summary>
    public static string Write(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
        {
            return "0s";
        }

        string Part(int count, string unit) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture) + unit;
        return Part(span.Days, "d") + Part(span.Hours, "h") + Part(span.Minutes, "m") + Part(span.Seconds, "s");
    }

    private static string? Meant(string text)
    {
        var match = Loose().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var number = match.Groups["number"].Value;
        var unit = match.Groups["unit"].Value;
        return unit.Length == 0 ? $"Write {number}s for seconds or {number}m for minutes." : $"Write {number}{char.ToLowerInvariant(unit[0])}.";
    }

    [GeneratedRegex("^(?:(?<d>[0-9]{1,9})d)?(?:(?<h>[0-9]{1,9})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,9})s)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("^ *(?<number>[0-9]{1,9}) *(?<unit>(s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)?) *$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Loose();
}
