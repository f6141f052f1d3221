namespace Switchyard.Catalog.Ignore;

/// <summary>
/// A pattern of git's wildmatch with WM_PATHNAME as a list of steps, run as a set of states side by side, one bit each: no
/// pattern makes it try again, so the time is that of the path times the words the pattern fills.
/// </summary>
internal sealed class Glob
{
    private readonly int steps;
    private readonly int words;
    private readonly int shortest;

    /// <summary>For each byte, the states that it leads on from; then those it leaves active.</summary>
    private readonly ulong[] goesOn;
    private readonly ulong[] stays;
    private readonly ulong[] loops;
    private readonly ulong[] skips;

    private Glob(GlobStep[] steps)
    {
        this.steps = steps.Length;
        words = (steps.Length / 64) + 1;
        goesOn = new ulong[256 * words];
        stays = new ulong[256 * words];
        loops = new ulong[words];
        skips = new ulong[words];
        for (var i = 0; i < steps.Length; i++)
        {
            Add(steps[i], i);
        }

        // A skip jumps over the slash behind "**", the only byte that may be missing.
        shortest = steps.Count(step => step.Kind is GlobKind.Byte or GlobKind.One or GlobKind.Set) - steps.Count(step => step.Kind == GlobKind.SkipTwo);
    }

    /// <summary>Always gives a glob: what git takes for malformed matches nothing.</summary>
    public static Glob Parse(ReadOnlySpan<byte> pattern) => new(new GlobParser(pattern).Parse());

    public bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.Length < shortest)
        {
            return false;
        }

        Span<ulong> states = words <= 64 ? stackalloc ulong[words] : new ulong[words];
        states.Clear();
        states[0] = 1;
        Close(states);
        foreach (var unit in text)
        {
            if (!Step(states, unit))
            {
                return false;
            }
        }

        return (states[steps >> 6] & (1UL << (steps & 63))) != 0;
    }

    private void Add(GlobStep step, int at)
    {
        var (word, bit) = (at >> 6, 1UL << (at & 63));
        for (var unit = 0; unit < 256; unit++)
        {
            var on = step.Kind switch
            {
                GlobKind.Byte => unit == step.Value,
                GlobKind.One => unit != '/',
                GlobKind.Set => unit != '/' && step.Set!.Contains((byte)unit),
                _ => false,
            };
            var stay = step.Kind == GlobKind.All || (step.Kind == GlobKind.Many && unit != '/');
            goesOn[(unit * words) + word] |= on ? bit : 0;
            stays[(unit * words) + word] |= stay ? bit : 0;
        }

        loops[word] |= step.Kind is GlobKind.Many or GlobKind.All ? bit : 0;
        skips[word] |= step.Kind == GlobKind.SkipTwo ? bit : 0;
    }

    private bool Step(Span<ulong> states, byte unit)
    {
        ulong carry = 0;
        ulong any = 0;
        for (var i = 0; i < words; i++)
        {
            var on = states[i] & goesOn[(unit * words) + i];
            var stay = states[i] & stays[(unit * words) + i];
            states[i] = (on << 1) | carry | stay;
            carry = on >> 63;
            any |= states[i];
        }

        if (any != 0)
        {
            Close(states);
        }

        return any != 0;
    }

    /// <summary>
    /// Adds the states that are reached without a byte. The parser leaves no two such steps in a row but skip, loop, so that one
    /// pass for each is enough.
    /// </summary>
    private void Close(Span<ulong> states)
    {
        ulong carry = 0;
        for (var i = 0; i < words; i++)
        {
            var skip = states[i] & skips[i];
            states[i] |= (skip << 1) | (skip << 3) | carry;
            carry = (skip >> 63) | (skip >> 61);
        }

        carry = 0;
        for (var i = 0; i < words; i++)
        {
            var loop = states[i] & loops[i];
            states[i] |= (loop << 1) | carry;
            carry = loop >> 63;
        }
    }
}

internal enum GlobKind
{
    Byte,
    One,
    Set,

    /// <summary>Any number of bytes that are no slash.</summary>
    Many,

    /// <summary>Any number of bytes.</summary>
    All,

    /// <summary>Goes on with the next step or behind the two that follow: "**/" may stand for nothing.</summary>
    SkipTwo,

    Never,
}

internal readonly record struct GlobStep(GlobKind Kind, byte Value = 0, ByteSet? Set = null);

internal sealed class ByteSet
{
    private readonly ulong[] bits = new ulong[4];

    public void Add(byte unit) => bits[unit >> 6] |= 1UL << (unit & 63);

    public void AddRange(byte from, byte to)
    {
        for (int unit = from; unit <= to; unit++)
        {
            Add((byte)unit);
        }
    }

    public void Invert()
    {
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = ~bits[i];
        }
    }

    public bool Contains(byte unit) => (bits[unit >> 6] & (1UL << (unit & 63))) != 0;
}
