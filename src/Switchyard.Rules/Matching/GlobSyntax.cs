namespace Switchyard.Rules.Matching;

/// <summary>Reads the two kinds of patterns; what is wrong is said in a sentence.</summary>
internal static class GlobSyntax
{
    /// <summary>
    /// As in GitHub Actions' filters: <c>*</c> not over a slash, <c>**</c> over all, <c>?</c> and <c>+</c> for the character before
    /// them, <c>[a-z]</c>, and <c>\</c> before a character that is meant as itself.
    /// </summary>
    public static Glob? Path(string pattern, out string? problem)
    {
        var steps = new List<GlobStep>();
        problem = null;
        for (var at = 0; at < pattern.Length && problem is null;)
        {
            switch (pattern[at])
            {
                case '*':
                    at = Stars(pattern, at, steps);
                    break;
                case '?' or '+':
                    problem = Repeat(pattern[at++], steps);
                    break;
                case '[':
                    problem = Set(pattern, ref at, steps);
                    break;
                case '\\':
                    problem = Escaped(pattern, ref at, steps);
                    break;
                default:
                    steps.Add(new(GlobKind.Char, pattern[at++]));
                    break;
            }
        }

        return problem is null ? new Glob(steps, ignoreCase: false) : null;
    }

    /// <summary><c>*</c> and <c>?</c> (one character); with <paramref name="overSlash"/> a star goes over slashes, too.</summary>
    public static Glob Name(string pattern, bool overSlash)
    {
        var steps = new List<GlobStep>();
        foreach (var unit in pattern)
        {
            if (unit != '*' || steps is not [.., { Kind: GlobKind.Many or GlobKind.All }])
            {
                steps.Add(unit switch
                {
                    '*' => new(overSlash ? GlobKind.All : GlobKind.Many),
                    '?' => new(GlobKind.One),
                    _ => new(GlobKind.Char, unit),
                });
            }
        }

        return new Glob(steps, ignoreCase: true);
    }

    private static int Stars(string pattern, int at, List<GlobStep> steps)
    {
        var start = at;
        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        if (at - start == 1)
        {
            steps.Add(new(GlobKind.Many));
        }
        else if ((start == 0 || pattern[start - 1] == '/') && at < pattern.Length && pattern[at] == '/')
        {
            steps.AddRange([new(GlobKind.SkipTwo), new(GlobKind.All), new(GlobKind.Char, '/')]);
            at++;
        }
        else
        {
            steps.Add(new(GlobKind.All));
        }

        return at;
    }

    private static string? Repeat(char sign, List<GlobStep> steps)
    {
        if (steps is not [.., { Kind: GlobKind.Char or GlobKind.Set } last])
        {
            return $"\"{sign}\" repeats the character before it, and there is none; write \"\\{sign}\" for the character itself.";
        }

        if (sign == '?')
        {
            steps[^1] = last with { Kind = GlobKind.Maybe };
        }
        else
        {
            steps.Add(last with { Kind = GlobKind.Loop });
        }

        return null;
    }

    private static string? Set(string pattern, ref int at, List<GlobStep> steps)
    {
        var end = pattern.IndexOf(']', at + 1);
        if (end < 0)
        {
            return "\"[\" has no \"]\" that closes it; write \"\\[\" for the character itself.";
        }

        var inner = pattern[(at + 1)..end];
        var negated = inner is ['!' or '^', ..];
        inner = negated ? inner[1..] : inner;
        if (inner.Length == 0)
        {
            return "\"[]\" names no character.";
        }

        var ranges = new List<(char, char)>();
        for (var i = 0; i < inner.Length; i++)
        {
            var to = i + 2 < inner.Length && inner[i + 1] == '-' ? inner[i + 2] : inner[i];
            if (to < inner[i])
            {
                return $"The range {inner[i]}-{to} runs backwards.";
            }

            ranges.Add((inner[i], to));
            i += to == inner[i] && !(i + 2 < inner.Length && inner[i + 1] == '-') ? 0 : 2;
        }

        steps.Add(new(GlobKind.Set, Set: ranges, Negated: negated));
        at = end + 1;
        return null;
    }

    private static string? Escaped(string pattern, ref int at, List<GlobStep> steps)
    {
        if (at + 1 >= pattern.Length || char.IsLetterOrDigit(pattern[at + 1]))
        {
            return "\"\\\" only stands before a special character (* ? + [ ] ! \\); folders are parted by \"/\".";
        }

        steps.Add(new(GlobKind.Char, pattern[at + 1]));
        at += 2;
        return null;
    }
}
