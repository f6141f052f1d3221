using Switchyard.Rules.Graph;
using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <param name="Source">The file it is from, by a name for people: <c>acme/.github</c>.</param>
/// <param name="Rule">Disabled rules are passed over.</param>
public sealed record GraphRule(string Source, Rule Rule);

/// <param name="Rules">From the first back to the first, which is in it once.</param>
/// <param name="Certain">Each start of the first leads to another: a run makes checks, and the checks start the rule.</param>
/// <param name="Chain"><c>a -> b -> a</c></param>
/// <param name="If">What must be so for it to close, as the end of a sentence; empty where it is certain.</param>
public sealed record RuleLoop(IReadOnlyList<GraphRule> Rules, bool Certain, string Chain, string If);

/// <summary>Finds rules that start each other for ever, over all sources.</summary>
public static class RuleGraph
{
    /// <summary>Each loop once, the certain ones first; for rules in many loops a shortest one of each.</summary>
    /// <param name="rules">All rules.</param>
    /// <param name="defaultBranches">By <c>owner/name</c> in any letter case, where it is known: a workflow without <c>ref</c> runs there.</param>
    public static IReadOnlyList<RuleLoop> Loops(IReadOnlyList<GraphRule> rules, IReadOnlyDictionary<string, string>? defaultBranches = null)
    {
        var branches = defaultBranches ?? new Dictionary<string, string>();
        var certain = new RuleEdges(rules, branches, certain: true);
        var loops = Cycles.Of(rules.Count, certain.From).Select(cycle => Loop(rules, cycle, "")).ToList();
        var known = loops.Select(loop => Identity(loop.Rules)).ToHashSet(StringComparer.Ordinal);
        var possible = new RuleEdges(rules, branches, certain: false);
        loops.AddRange(Cycles.Of(rules.Count, possible.From).Select(cycle => Loop(rules, cycle, If(possible, cycle))).Where(loop => !known.Contains(Identity(loop.Rules))));
        return loops;
    }

    /// <summary>
    /// The loops that go through rules of one source, as problems at the first of those rules: errors where certain, warnings where
    /// possible.
    /// </summary>
    /// <param name="source">The file being loaded.</param>
    /// <param name="rules">All rules, with those of the file being loaded in its new form, in its order.</param>
    /// <param name="defaultBranches">By <c>owner/name</c>, where it is known.</param>
    public static IReadOnlyList<RuleProblem> Problems(string source, IReadOnlyList<GraphRule> rules, IReadOnlyDictionary<string, string>? defaultBranches = null)
    {
        var problems = new List<RuleProblem>();
        var own = rules.Where(rule => rule.Source == source).Select(rule => rule.Rule).ToList();
        foreach (var loop in Loops(rules, defaultBranches))
        {
            if (loop.Rules.FirstOrDefault(rule => rule.Source == source) is { } at)
            {
                problems.Add(Problem(loop, at, own.IndexOf(at.Rule)));
            }
        }

        return [.. problems.OrderBy(problem => problem.Line)];
    }

    private static RuleProblem Problem(RuleLoop loop, GraphRule at, int index)
    {
        var others = loop.Rules.Select(rule => rule.Source).Where(source => source != at.Source).Distinct(StringComparer.Ordinal).ToArray();
        var elsewhere = others.Length == 0 ? "" : $" The others are in {Names.All(others)}.";
        return new()
        {
            Line = at.Rule.Line,
            Column = 1,
            Path = $"rules[{index}]",
            Severity = loop.Certain ? RuleProblemSeverity.Error : RuleProblemSeverity.Warning,
            Code = RuleProblemCode.Loop,
            Message = loop.Certain
                ? $"Rule \"{at.Rule.Name}\" would start itself for ever: {loop.Chain}. What it starts makes checks in a repository whose checks start it.{elsewhere}"
                : $"Rule \"{at.Rule.Name}\" may start itself again: {loop.Chain}, if {loop.If}.{elsewhere} Switchyard ends such a chain at its hop limit, or holds it to its brake.",
            Suggestion = loop.Certain ? "Let it be started by push or pull_request, and wait for the checks with \"checks\" as a gate." : null,
        };
    }

    private static RuleLoop Loop(IReadOnlyList<GraphRule> rules, IReadOnlyList<int> cycle, string condition) =>
        new([.. cycle.Select(i => rules[i])], condition.Length == 0, string.Join(" -> ", cycle.Append(cycle[0]).Select(i => rules[i].Rule.Name)), condition);

    private static string If(RuleEdges edges, IReadOnlyList<int> cycle) =>
        string.Join(", and ", cycle.Select((rule, at) => edges.Condition(rule, cycle[(at + 1) % cycle.Count])).Where(condition => condition.Length > 0).Distinct(StringComparer.Ordinal));

    private static string Identity(IReadOnlyList<GraphRule> rules) =>
        string.Join('\n', rules.Select(rule => $"{rule.Source}\t{rule.Rule.Name}").Order(StringComparer.Ordinal));
}
