namespace Switchyard.Rules.Matching;

/// <summary>Whether some text matches two name patterns at once.</summary>
internal static class GlobOverlap
{
    public static bool Exists(string first, string second) => Exists(GlobSyntax.Name(first, overSlash: false), GlobSyntax.Name(second, overSlash: false));

    /// <summary>Both of <see cref="GlobSyntax.Name"/>, so that there are characters, single wildcards and stars alone.</summary>
    public static bool Exists(Glob first, Glob second)
    {
        var (a, b) = (first.Steps, second.Steps);

        // possible[i, j]: the rest of a behind i and the rest of b behind j have a text in common.
        var possible = new bool[a.Count + 1, b.Count + 1];
        for (var i = a.Count; i >= 0; i--)
        {
            for (var j = b.Count; j >= 0; j--)
            {
                possible[i, j] = (i == a.Count && j == b.Count)
                    || (i < a.Count && IsStar(a[i]) && (possible[i + 1, j] || (j < b.Count && b[j].Takes('/') != true && possible[i, j + 1])))
                    || (j < b.Count && IsStar(b[j]) && (possible[i, j + 1] || (i < a.Count && a[i].Takes('/') != true && possible[i + 1, j])))
                    || (i < a.Count && j < b.Count && !IsStar(a[i]) && !IsStar(b[j]) && Meet(a[i], b[j]) && possible[i + 1, j + 1]);
            }
        }

        return possible[0, 0];
    }

    private static bool IsStar(GlobStep step) => step.Kind is GlobKind.Many or GlobKind.All;

    private static bool Takes(this GlobStep step, char unit) => step.Kind == GlobKind.Char && step.Value == unit;

    private static bool Meet(GlobStep first, GlobStep second) => (first.Kind, second.Kind) switch
    {
        (GlobKind.Char, GlobKind.Char) => char.ToUpperInvariant(first.Value) == char.ToUpperInvariant(second.Value),
        (GlobKind.Char, _) => first.Value != '/',
        (_, GlobKind.Char) => second.Value != '/',
        _ => true,
    };
}
