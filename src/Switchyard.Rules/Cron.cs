using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <summary>
/// Five fields of POSIX cron as GitHub's: minute, hour, day of month, month, day of week, with names, lists, ranges and steps.
/// When both days are given, either is enough.
/// </summary>
public sealed record Cron
{
    /// <summary>29 February comes at the latest after 8 years (around 2100); what does not come in this time never does.</summary>
    private const int MaxDays = 9 * 366;

    private readonly CronFields fields;

    private Cron(string text, CronFields fields) => (Text, this.fields) = (text, fields);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <param name="problem">What is wrong and what was expected; null when the result is not.</param>
    public static Cron? TryParse(string text, out string? problem)
    {
        var fields = CronFields.TryParse(text, out problem);
        var cron = fields is null ? null : new Cron(text, fields);
        if (cron is not null && cron.Next(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is null)
        {
            problem = "no month has that day.";
            return null;
        }

        return cron;
    }

    /// <summary>
    /// The next minute after a moment. A time that the clocks skip is the first minute after the gap; one that comes twice is its
    /// first. What runs in every hour just goes on by the minute, through both. Null when it never comes (30 February).
    /// </summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(after, zone).Date;
        for (var i = 0; i < MaxDays && day < DateTime.MaxValue.Date.AddDays(-2); i++, day = day.AddDays(1))
        {
            if (fields.HasDay(day) && (fields.EveryHour ? NextByMinute(day, after, zone) : NextByClock(day, after, zone)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    public bool Equals(Cron? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    private DateTimeOffset? NextByClock(DateTime day, DateTimeOffset after, TimeZoneInfo zone)
    {
        foreach (var hour in fields.Hours)
        {
            foreach (var minute in fields.Minutes)
            {
                if (At(day.AddHours(hour).AddMinutes(minute), zone) is var moment && moment > after)
                {
                    return moment;
                }
            }
        }

        return null;
    }

    private DateTimeOffset? NextByMinute(DateTime day, DateTimeOffset after, TimeZoneInfo zone)
    {
        var (begin, end) = (At(day, zone).ToUniversalTime(), At(day.AddDays(1), zone).ToUniversalTime());
        var first = after < begin ? begin : new DateTimeOffset(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1);
        for (var moment = first; moment < end; moment = moment.AddMinutes(1))
        {
            var local = TimeZoneInfo.ConvertTime(moment, zone);
            if (fields.Minutes.Contains(local.Minute))
            {
                return local;
            }
        }

        return null;
    }

    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        // One zone has skipped a whole day (Samoa, 2011).
        for (var i = 0; i <= 1_440 && zone.IsInvalidTime(local); i++)
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
