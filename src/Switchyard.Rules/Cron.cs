namespace Switchyard.Rules;

/// <summary>
/// Five fields of POSIX cron as GitHub's: minute, hour, day of month, month, day of week, with names, lists, ranges and steps.
/// When both days are given, either is enough.
/// </summary>
public sealed record Cron
{
    private Cron(string text) => Text = text;

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <param name="problem">What is wrong and what was expected; null when the result is not.</param>
    public static Cron? TryParse(string text, out string? problem) => throw new NotSupportedException();

    /// <summary>
    /// The next minute after a moment. A time that the clocks skip is the first minute after the gap; one that comes twice is its
    /// first. Null when it never comes (30 February).
    /// </summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone) => throw new NotSupportedException();

    public override string ToString() => Text;
}
