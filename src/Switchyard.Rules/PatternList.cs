using Switchyard.Rules.Matching;

namespace Switchyard.Rules;

/// <summary>
/// Patterns as written, later ones winning over earlier ones; one that begins with <c>!</c> takes out again. A list of such alone
/// means everything but those.
/// </summary>
public sealed class PatternList
{
    private readonly Entry[] entries;
    private readonly string text;

    private PatternList(IReadOnlyList<string> patterns, Func<string, Glob> glob)
    {
        Patterns = [.. patterns];
        text = string.Join(", ", Patterns);
        entries = [.. patterns.Select(pattern => pattern.StartsWith('!') ? new Entry(glob(pattern[1..]), true) : new Entry(glob(pattern), false))];
    }

    /// <summary>Asks for nothing: matches everything.</summary>
    public static PatternList None { get; } = new([], _ => throw new ArgumentException("No patterns."));

    /// <summary>As in the file.</summary>
    public IReadOnlyList<string> Patterns { get; }

    public bool IsEmpty => entries.Length == 0;

    internal IEnumerable<(Glob Glob, bool Negated)> Globs => entries.Select(entry => (entry.Glob, entry.Negated));

    /// <summary><c>owner/name</c> with <c>*</c> and <c>?</c>, neither over the slash, in any letter case.</summary>
    public static PatternList OfRepositories(params IReadOnlyList<string> patterns) =>
        new(patterns, pattern => GlobSyntax.Name(pattern, overSlash: false));

    /// <summary>
    /// Branches, tags and paths as in GitHub Actions: <c>*</c> not over a slash, <c>**</c>, <c>[a-z]</c>, and <c>?</c> and <c>+</c> for
    /// the character before them.
    /// </summary>
    /// <exception cref="FormatException">A pattern is malformed.</exception>
    public static PatternList OfPaths(params IReadOnlyList<string> patterns) =>
        new(patterns, pattern => GlobSyntax.Path(pattern, out var problem) ?? throw new FormatException($"{pattern}: {problem}"));

    /// <summary>Logins, labels, names of models: <c>*</c> over anything, <c>?</c> for one character but a slash, in any letter case.</summary>
    public static PatternList OfNames(params IReadOnlyList<string> patterns) =>
        new(patterns, pattern => GlobSyntax.Name(pattern, overSlash: true));

    public bool Matches(string text)
    {
        // The last pattern that matches decides; before the first, only a list without any plain pattern says yes.
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].Glob.Matches(text))
            {
                return !entries[i].Negated;
            }
        }

        return Array.TrueForAll(entries, entry => entry.Negated);
    }

    /// <summary>
    /// For things that come several at once, such as labels: one matches a plain pattern (if there is any), and none matches one
    /// that begins with <c>!</c>.
    /// </summary>
    public bool MatchesSet(IReadOnlyCollection<string> texts)
    {
        bool IsThere(Entry entry) => texts.Any(text => entry.Glob.Matches(text));

        return !Array.Exists(entries, entry => entry.Negated && IsThere(entry))
            && (Array.TrueForAll(entries, entry => entry.Negated) || Array.Exists(entries, entry => !entry.Negated && IsThere(entry)));
    }

    public override string ToString() => text;

    private readonly record struct Entry(Glob Glob, bool Negated);
}
