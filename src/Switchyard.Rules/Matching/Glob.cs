namespace Switchyard.Rules.Matching;

/// <summary>
/// A pattern as a row of steps, run as a set of states side by side: no pattern makes it try again, so the time is that of the text
/// times the pattern, whoever wrote either.
/// </summary>
internal sealed class Glob
{
    private readonly GlobStep[] steps;
    private readonly string prefix;
    private readonly string suffix;
    private readonly GlobKind[] wildcards;
    private readonly bool ignoreCase;

    public Glob(IReadOnlyList<GlobStep> steps, bool ignoreCase)
    {
        this.steps = [.. steps];
        this.ignoreCase = ignoreCase;
        prefix = new string([.. steps.TakeWhile(step => step.Kind == GlobKind.Char).Select(step => step.Value)]);
        var end = steps.Count;
        while (end > prefix.Length && steps[end - 1].Kind == GlobKind.Char && !(end >= 3 && steps[end - 3].Kind == GlobKind.SkipTwo))
        {
            end--;
        }

        suffix = new string([.. steps.Skip(end).Select(step => step.Value)]);
        wildcards = [.. steps.Take(end).Skip(prefix.Length).Select(step => step.Kind)];
    }

    /// <summary>The text itself, where the pattern stands for that alone.</summary>
    public string? Literal => prefix.Length == steps.Length ? prefix : null;

    public IReadOnlyList<GlobStep> Steps => steps;

    public bool Matches(ReadOnlySpan<char> text)
    {
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (prefix.Length == steps.Length)
        {
            return text.Equals(prefix, comparison);
        }

        // Most texts are told apart by their ends, without a single step.
        return text.Length >= prefix.Length + suffix.Length && text.StartsWith(prefix, comparison) && text.EndsWith(suffix, comparison)
            && (MatchesBetween(text[prefix.Length..^suffix.Length]) ?? Run(text[prefix.Length..], prefix.Length));
    }

    /// <summary>The patterns that nearly everybody writes need no run: one star between two texts, and <c>**/*.md</c>.</summary>
    private bool? MatchesBetween(ReadOnlySpan<char> text) => wildcards switch
    {
        [GlobKind.All] => true,
        [GlobKind.Many] => !text.Contains('/'),
        [GlobKind.SkipTwo, GlobKind.All, GlobKind.Char, GlobKind.Many] => prefix.Length == 0 && !suffix.Contains('/', StringComparison.Ordinal) ? true : null,
        _ => null,
    };

    private bool Run(ReadOnlySpan<char> text, int first)
    {
        var length = steps.Length - first + 1;
        Span<bool> now = length <= 256 ? stackalloc bool[length] : new bool[length];
        Span<bool> next = length <= 256 ? stackalloc bool[length] : new bool[length];
        now.Clear();
        now[0] = true;
        Close(now, first);
        foreach (var unit in text)
        {
            next.Clear();
            var any = false;
            for (var i = 0; i < length - 1; i++)
            {
                if (now[i] && steps[first + i].Takes(unit, ignoreCase))
                {
                    next[steps[first + i].Kind is GlobKind.Many or GlobKind.All or GlobKind.Loop ? i : i + 1] = true;
                    any = true;
                }
            }

            if (!any)
            {
                return false;
            }

            Close(next, first);
            var old = now;
            now = next;
            next = old;
        }

        return now[length - 1];
    }

    /// <summary>Adds the states that are reached without a character; they only ever lie further on.</summary>
    private void Close(Span<bool> states, int first)
    {
        for (var i = 0; i < states.Length - 1; i++)
        {
            if (!states[i])
            {
                continue;
            }

            switch (steps[first + i].Kind)
            {
                case GlobKind.Many or GlobKind.All or GlobKind.Loop or GlobKind.Maybe:
                    states[i + 1] = true;
                    break;
                case GlobKind.SkipTwo:
                    states[i + 1] = true;
                    states[i + 3] = true;
                    break;
                default:
                    break;
            }
        }
    }
}

internal enum GlobKind
{
    Char,
    Set,

    /// <summary>One character that is no slash.</summary>
    One,

    /// <summary>Any number of characters that are no slash.</summary>
    Many,

    /// <summary>Any number of characters.</summary>
    All,

    /// <summary>The character or set, any number of times: what is left of <c>x+</c> behind its first.</summary>
    Loop,

    /// <summary>The character or set, or nothing.</summary>
    Maybe,

    /// <summary>Goes on with the next step or behind the two that follow: <c>**/</c> may stand for nothing.</summary>
    SkipTwo,
}

/// <param name="Kind">What it does.</param>
/// <param name="Value">The character of <c>Char</c>, and of <c>Loop</c> and <c>Maybe</c> without a set.</param>
/// <param name="Set">Ranges of characters, both ends included.</param>
/// <param name="Negated">Takes what is not in the set.</param>
internal sealed record GlobStep(GlobKind Kind, char Value = '\0', IReadOnlyList<(char From, char To)>? Set = null, bool Negated = false)
{
    public bool Takes(char unit, bool ignoreCase) => Kind switch
    {
        GlobKind.All => true,
        GlobKind.Many or GlobKind.One => unit != '/',
        GlobKind.SkipTwo => false,
        _ when Set is not null => unit != '/' && In(Set, unit) != Negated,
        _ => unit == Value || (ignoreCase && char.ToUpperInvariant(unit) == char.ToUpperInvariant(Value)),
    };

    private static bool In(IReadOnlyList<(char From, char To)> set, char unit)
    {
        for (var i = 0; i < set.Count; i++)
        {
            if (unit >= set[i].From && unit <= set[i].To)
            {
                return true;
            }
        }

        return false;
    }
}
