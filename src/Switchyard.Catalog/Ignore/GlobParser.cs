namespace Switchyard.Catalog.Ignore;

/// <summary>Reads a pattern as git's wildmatch.c does, byte by byte.</summary>
internal ref struct GlobParser(ReadOnlySpan<byte> pattern)
{
    private static readonly System.Buffers.SearchValues<byte> Wild = System.Buffers.SearchValues.Create("*?[\\"u8);

    private static readonly GlobStep[] MatchesNothing = [new(GlobKind.Never)];

    private readonly ReadOnlySpan<byte> pattern = pattern;
    private readonly List<GlobStep> steps = [];
    private int at;

    /// <summary>The byte here, or 0 behind the end, as in a C string; patterns hold no zero.</summary>
    private readonly byte Here => at < pattern.Length ? pattern[at] : (byte)0;

    private readonly byte Next => at + 1 < pattern.Length ? pattern[at + 1] : (byte)0;

    public GlobStep[] Parse()
    {
        while (at < pattern.Length)
        {
            var unit = pattern[at];
            var sound = true;
            switch (unit)
            {
                case (byte)'*': Stars(); break;
                case (byte)'?': steps.Add(new(GlobKind.One)); at++; break;
                case (byte)'[': sound = Set(); break;
                case (byte)'\\' when at + 1 >= pattern.Length: sound = false; break;
                case (byte)'\\': steps.Add(new(GlobKind.Byte, Next)); at += 2; break;
                default: steps.Add(new(GlobKind.Byte, unit)); at++; break;
            }

            if (!sound)
            {
                return MatchesNothing;
            }
        }

        return [.. steps];
    }

    private void Stars()
    {
        var start = at;
        while (Here == '*')
        {
            at++;
        }

        // git compares the beginning without wildcards by itself and hands on the rest, so that "**" behind it counts as first
        // (dir.c, match_pathname).
        var wholeName = at - start >= 2
            && (!pattern[..start].ContainsAny(Wild) || pattern[start - 1] == '/')
            && (at == pattern.Length || Here == '/' || (Here == '\\' && Next == '/'));
        if (!wholeName)
        {
            steps.Add(new(GlobKind.Many));
            return;
        }

        if (Here != '/')
        {
            steps.Add(new(GlobKind.All));
            return;
        }

        // "**/" twice is "**/" once: nothing may follow a skip but its own loop.
        at++;
        if (steps.Count < 3 || steps[^3].Kind != GlobKind.SkipTwo)
        {
            steps.AddRange([new(GlobKind.SkipTwo), new(GlobKind.All), new(GlobKind.Byte, (byte)'/')]);
        }
    }

    /// <summary>Reads <c>[...]</c>; false when git takes it for malformed.</summary>
    private bool Set()
    {
        var set = new ByteSet();
        at++;
        var negated = Here is (byte)'!' or (byte)'^';
        at += negated ? 1 : 0;
        byte previous = 0;
        do
        {
            var unit = Here;
            switch (unit)
            {
                case 0:
                    return false;
                case (byte)'\\':
                    at++;
                    unit = Here;
                    if (unit == 0)
                    {
                        return false;
                    }

                    set.Add(unit);
                    break;
                case (byte)'-' when previous != 0 && Next != 0 && Next != ']':
                    at++;
                    at += Here == '\\' ? 1 : 0;
                    if (Here == 0)
                    {
                        return false;
                    }

                    set.AddRange(previous, Here);
                    unit = 0;
                    break;
                case (byte)'[' when Next == ':':
                    switch (Class(set))
                    {
                        case ClassOutcome.Taken: unit = 0; break;
                        case ClassOutcome.Plain: set.Add(unit); break;
                        default: return false;
                    }

                    break;
                default:
                    set.Add(unit);
                    break;
            }

            previous = unit;
            at++;
        }
        while (Here != ']');

        at++;
        if (negated)
        {
            set.Invert();
        }

        steps.Add(new(GlobKind.Set, Set: set));
        return true;
    }

    /// <summary>Reads <c>[:name:]</c> inside a set and stands on its last bracket, or stays on the first one when it is none.</summary>
    private ClassOutcome Class(ByteSet set)
    {
        var start = at + 2;
        var end = start;
        while (end < pattern.Length && pattern[end] != ']')
        {
            end++;
        }

        if (end >= pattern.Length)
        {
            return ClassOutcome.Malformed;
        }

        if (end - start < 1 || pattern[end - 1] != ':')
        {
            return ClassOutcome.Plain;
        }

        if (!AddClass(set, pattern[start..(end - 1)]))
        {
            return ClassOutcome.Malformed;
        }

        at = end;
        return ClassOutcome.Taken;
    }

    private static bool AddClass(ByteSet set, ReadOnlySpan<byte> name)
    {
        Func<char, bool>? has = name switch
        {
            _ when name.SequenceEqual("alnum"u8) => char.IsAsciiLetterOrDigit,
            _ when name.SequenceEqual("alpha"u8) => char.IsAsciiLetter,
            _ when name.SequenceEqual("blank"u8) => static unit => unit is ' ' or '\t',
            _ when name.SequenceEqual("cntrl"u8) => static unit => unit is < ' ' or '\x7F',
            _ when name.SequenceEqual("digit"u8) => char.IsAsciiDigit,
            _ when name.SequenceEqual("graph"u8) => static unit => unit is > ' ' and < '\x7F',
            _ when name.SequenceEqual("lower"u8) => char.IsAsciiLetterLower,
            _ when name.SequenceEqual("print"u8) => static unit => unit is >= ' ' and < '\x7F',
            _ when name.SequenceEqual("punct"u8) => static unit => unit is > ' ' and < '\x7F' && !char.IsAsciiLetterOrDigit(unit),
            _ when name.SequenceEqual("space"u8) => static unit => unit is ' ' or (>= '\t' and <= '\r'),
            _ when name.SequenceEqual("upper"u8) => char.IsAsciiLetterUpper,
            _ when name.SequenceEqual("xdigit"u8) => char.IsAsciiHexDigit,
            _ => null,
        };
        for (var unit = 0; has is not null && unit < 128; unit++)
        {
            if (has((char)unit))
            {
                set.Add((byte)unit);
            }
        }

        return has is not null;
    }

    private enum ClassOutcome
    {
        Taken,
        Plain,
        Malformed,
    }
}
