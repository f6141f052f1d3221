using System.Globalization;

namespace Switchyard.Rules.Language;

/// <summary>The sets of numbers that five fields of cron stand for.</summary>
internal sealed class CronFields
{
    private static readonly (string Name, int From, int To, string[] Words)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day of month", 1, 31, []),
        ("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        ("day of week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    private readonly bool[][] sets;
    private readonly bool anyDayOfMonth;
    private readonly bool anyDayOfWeek;

    private CronFields(bool[][] sets, string[] texts)
    {
        this.sets = sets;
        sets[4][0] |= sets[4][7];
        anyDayOfMonth = texts[2].StartsWith('*');
        anyDayOfWeek = texts[4].StartsWith('*');
        Minutes = Numbers(sets[0]);
        Hours = Numbers(sets[1]);
    }

    public IReadOnlyList<int> Minutes { get; }

    public IReadOnlyList<int> Hours { get; }

    public bool EveryHour => Hours.Count == 24;

    public static CronFields? TryParse(string text, out string? problem)
    {
        var texts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        problem = text.StartsWith('@') ? $"{text} is no part of POSIX cron. Expected five fields, such as \"0 0 * * *\" for every midnight."
            : texts.Length != Fields.Length ? $"it has {texts.Length} fields. Expected five: minute, hour, day of month, month, day of week."
            : null;
        if (problem is not null)
        {
            return null;
        }

        var sets = new bool[Fields.Length][];
        for (var i = 0; i < Fields.Length; i++)
        {
            sets[i] = new bool[Fields[i].To + 1];
            foreach (var item in texts[i].Split(','))
            {
                problem = Take(item, i, sets[i]);
                if (problem is not null)
                {
                    return null;
                }
            }
        }

        return new CronFields(sets, texts);
    }

    /// <summary>When both days are restricted, either is enough; a field that begins with * restricts nothing by itself.</summary>
    public bool HasDay(DateTime day)
    {
        var (ofMonth, ofWeek) = (sets[2][day.Day], sets[4][(int)day.DayOfWeek]);
        return sets[3][day.Month] && (anyDayOfMonth || anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private static string? Take(string item, int field, bool[] set)
    {
        var (name, lowest, highest, _) = Fields[field];
        var slash = item.Split('/');
        var step = 1;
        if (slash.Length > 2 || (slash.Length == 2 && (!int.TryParse(slash[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step == 0)))
        {
            return $"the step in \"{item}\" ({name}) is no number above 0.";
        }

        int from, to;
        var range = slash[0].Split('-');
        if (slash[0] == "*")
        {
            (from, to) = (lowest, field == 4 ? 6 : highest);
        }
        else if (range.Length > 2 || Number(range[0], field) is not { } first || Number(range[^1], field) is not { } last)
        {
            var words = field == 3 ? ", JAN to DEC" : field == 4 ? ", SUN to SAT" : "";
            return $"\"{item}\" is no {name}. Expected {lowest} to {highest}{words}, *, a range such as {lowest}-{highest}, a step such as */2, or a list of them with commas.";
        }
        else
        {
            (from, to) = (first, range.Length == 1 && slash.Length == 2 ? highest : last);
        }

        if (from > to)
        {
            return $"the range \"{item}\" ({name}) runs backwards. Write two, with a comma between them.";
        }

        for (var number = from; number <= to; number += step)
        {
            set[number] = true;
        }

        return null;
    }

    private static int? Number(string text, int field)
    {
        var word = Array.FindIndex(Fields[field].Words, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word >= 0)
        {
            return word + Fields[field].From;
        }

        return text.Length <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Fields[field].From && number <= Fields[field].To
            ? number
            : null;
    }

    private static int[] Numbers(bool[] set) => [.. Enumerable.Range(0, set.Length).Where(number => set[number])];
}
