using Switchyard.Rules.Graph;
using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <param name="Source">The file it is from, by a name for people: <c>acme/.github</c>.</param>
/// <param name="Rule">Disabled rules are passed over.</param>
public sealed record GraphRule(string Source, Rule Rule);

/// <param name="Rules">From the first back to the first, which is in it once.</param>
/// <param name="Certain">Each start of the first leads to another: a run makes checks, and the checks start the rule.</param>
/// <param name="Chain"><c>a -> b -> a</c></param>
public sealed record RuleLoop(IReadOnlyList<GraphRule> Rules, bool Certain, string Chain);

/// <summary>Finds rules that start each other for ever, over all sources.</summary>
public static class RuleGraph
{
    /// <summary>Each loop once, the certain ones first; for rules in many loops a shortest one of each.</summary>
    public static IReadOnlyList<RuleLoop> Loops(IReadOnlyList<GraphRule> rules)
    {
        var certain = new RuleEdges(rules, certain: true);
        var loops = Cycles.Of(rules.Count, certain.From).Select(cycle => Loop(rules, cycle, certain: true)).ToList();
        var known = loops.Select(loop => Identity(loop.Rules)).ToHashSet(StringComparer.Ordinal);
        var possible = new RuleEdges(rules, certain: false);
        loops.AddRange(Cycles.Of(rules.Count, possible.From).Select(cycle => Loop(rules, cycle, certain: false)).Where(loop => !known.Contains(Identity(loop.Rules))));
        return loops;
    }

    /// <summary>
    /// The loops that go through rules of one source, as problems at the first of those rules: errors where certain, warnings where
    /// possible.
    /// </summary>
    /// <param name="source">The file being loaded.</param>
    /// <param name="rules">All rules, with those of the file being loaded in its new form, in its order.</param>
    public static IReadOnlyList<RuleProblem> Problems(string source, IReadOnlyList<GraphRule> rules)
    {
        var problems = new List<RuleProblem>();
        var own = rules.Where(rule => rule.Source == source).Select(rule => rule.Rule).ToList();
        foreach (var loop in Loops(rules))
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
                : $"Rule \"{at.Rule.Name}\" may start itself again: {loop.Chain}, if a workflow that is started pushes, tags or opens a pull request there.{elsewhere} Switchyard ends such a chain at its hop limit.",
            Suggestion = loop.Certain ? "Let it be started by push or pull_request, and wait for the checks with \"checks\" as a gate." : null,
        };
    }

    private static RuleLoop Loop(IReadOnlyList<GraphRule> rules, IReadOnlyList<int> cycle, bool certain) =>
        new([.. cycle.Select(i => rules[i])], certain, string.Join(" -> ", cycle.Append(cycle[0]).Select(i => rules[i].Rule.Name)));

    private static string Identity(IReadOnlyList<GraphRule> rules) =>
        string.Join('\n', rules.Select(rule => $"{rule.Source}\t{rule.Rule.Name}").Order(StringComparer.Ordinal));
}
