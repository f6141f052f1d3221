namespace Switchyard.Rules;

/// <summary>
/// Patterns as written, later ones winning over earlier ones; one that begins with <c>!</c> takes out again. A list of such alone
/// means everything but those.
/// </summary>
public sealed class PatternList
{
    /// <summary>Asks for nothing: matches everything.</summary>
    public static PatternList None { get; } = new();

    /// <summary>As in the file.</summary>
    public IReadOnlyList<string> Patterns { get; } = [];

    public bool IsEmpty => Patterns.Count == 0;

    public bool Matches(string text) => throw new NotSupportedException();

    /// <summary><c>owner/name</c> with <c>*</c> and <c>?</c>, neither over the slash, in any letter case.</summary>
    public static PatternList OfRepositories(params IReadOnlyList<string> patterns) => throw new NotSupportedException();

    /// <summary>Branches, tags and paths as in GitHub Actions: <c>*</c> not over a slash, <c>**</c>, <c>?</c>, <c>[a-z]</c>.</summary>
    public static PatternList OfPaths(params IReadOnlyList<string> patterns) => throw new NotSupportedException();

    /// <summary>Logins, labels, names of models: <c>*</c> and <c>?</c> over anything, in any letter case.</summary>
    public static PatternList OfNames(params IReadOnlyList<string> patterns) => throw new NotSupportedException();

    public override string ToString() => string.Join(", ", Patterns);
}
