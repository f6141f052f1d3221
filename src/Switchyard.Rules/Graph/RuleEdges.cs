using Switchyard.Rules.Matching;
using Switchyard.Rules.Parsing;

namespace Switchyard.Rules.Graph;

/// <summary>Which rules what one rule starts may start in turn.</summary>
internal sealed class RuleEdges
{
    /// <summary>What a workflow may do in its own repository, besides the checks that each run makes.</summary>
    private static readonly string[] PossibleKinds =
        [SignalKind.Push, SignalKind.PullRequest, SignalKind.Tag, SignalKind.Release, SignalKind.Model, SignalKind.Checks];

    private readonly int[][] edges;

    public RuleEdges(IReadOnlyList<GraphRule> rules, bool certain)
    {
        var sinks = rules.SelectMany((rule, i) => rule.Rule.Enabled
            ? rule.Rule.On.Where(trigger => certain ? IsCertain(trigger) : PossibleKinds.Contains(trigger.Kind)).Select(trigger => new Sink(i, trigger))
            : []).ToArray();
        edges = [.. rules.Select(rule => rule.Rule.Enabled && sinks.Length > 0 ? Reached(rule.Rule, sinks, certain) : [])];
    }

    public IReadOnlyList<int> From(int rule) => edges[rule];

    /// <summary>
    /// Names can leave out what a run adds, and a rule for failures starts only when it fails: such a loop is possible, not certain.
    /// </summary>
    private static bool IsCertain(Trigger trigger) =>
        trigger is ChecksTrigger { Names.Count: 0 } checks && checks.Conclusions.Contains(CheckConclusions.Success);

    private static int[] Reached(Rule rule, Sink[] sinks, bool certain)
    {
        var sources = rule.On.SelectMany(trigger => trigger.Repositories.Patterns).Where(pattern => !pattern.StartsWith('!')).ToArray();
        var reached = new SortedSet<int>();
        foreach (var action in rule.Do)
        {
            if (action.Target is not { } target)
            {
                continue;
            }

            var reference = (action as WorkflowAction)?.Ref is { IsLiteral: true } literal ? literal.Text : null;
            foreach (var pattern in TargetChecks.Patterns(target, sources).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var glob = GlobSyntax.Name(pattern, overSlash: false);
                reached.UnionWith(sinks
                    .Where(sink => certain ? sink.MustMatch(pattern, glob, reference) : sink.MayMatch(glob))
                    .Select(sink => sink.Rule));
            }
        }

        return [.. reached];
    }

    private sealed class Sink(int rule, Trigger trigger)
    {
        private readonly Glob[] plain = [.. trigger.Repositories.Globs.Where(glob => !glob.Negated).Select(glob => glob.Glob)];

        public int Rule => rule;

        public bool MayMatch(Glob target) => target.Literal is { } name
            ? trigger.Repositories.Matches(name)
            : Array.Exists(plain, glob => GlobOverlap.Exists(glob, target));

        public bool MustMatch(string pattern, Glob target, string? reference)
        {
            var branches = ((ChecksTrigger)trigger).Branches;
            var everyBranch = branches.IsEmpty || (reference is not null && branches.Matches(reference));
            return everyBranch && (target.Literal is { } name
                ? trigger.Repositories.Matches(name)
                : plain.Length == trigger.Repositories.Patterns.Count && trigger.Repositories.Patterns.Contains(pattern, StringComparer.OrdinalIgnoreCase));
        }
    }
}
