namespace Switchyard.Rules;

/// <summary>All rules by what may start them. Immutable; made anew when a source changes.</summary>
/// <typeparam name="TKey">What the caller knows a rule by.</typeparam>
public sealed class RuleIndex<TKey>
{
    /// <summary>Disabled rules are kept: that a rule is disabled is an answer to why it did nothing.</summary>
    public RuleIndex(IEnumerable<KeyValuePair<TKey, Rule>> rules) => throw new NotSupportedException();

    public int Count => throw new NotSupportedException();

    /// <summary>
    /// The rules with a trigger of that kind whose repository patterns match, each once, in the order given; a trigger without
    /// repositories matches any source, and none.
    /// </summary>
    /// <param name="kind">One of <see cref="SignalKind"/>.</param>
    /// <param name="source"><c>owner/name</c> in any letter case; null when the Signal has none.</param>
    public IReadOnlyList<KeyValuePair<TKey, Rule>> Candidates(string kind, string? source) => throw new NotSupportedException();
}
