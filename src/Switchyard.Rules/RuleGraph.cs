namespace Switchyard.Rules;

/// <param name="Source">The file it is from, by a name for people: <c>acme/.github</c>.</param>
/// <param name="Scope">Where that file is.</param>
/// <param name="Rule">An enabled rule; disabled ones are passed over.</param>
public sealed record GraphRule(string Source, RuleFileScope Scope, Rule Rule);

/// <param name="Rules">From the first back to the first, which is named once.</param>
/// <param name="Certain">Each start of the first leads to another: a run makes checks, and the checks start the rule.</param>
/// <param name="Chain"><c>a -> b -> a</c></param>
public sealed record RuleLoop(IReadOnlyList<GraphRule> Rules, bool Certain, string Chain);

/// <summary>Finds rules that start each other for ever, over all sources.</summary>
public static class RuleGraph
{
    public static IReadOnlyList<RuleLoop> Loops(IReadOnlyList<GraphRule> rules) => throw new NotSupportedException();

    /// <summary>
    /// The loops that go through rules of one source, as problems at those rules: errors where certain, warnings where possible.
    /// </summary>
    /// <param name="source">The file being loaded.</param>
    /// <param name="rules">All rules, with those of the file being loaded in its new form.</param>
    public static IReadOnlyList<RuleProblem> Problems(string source, IReadOnlyList<GraphRule> rules) => throw new NotSupportedException();
}
