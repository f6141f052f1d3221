using Switchyard.Rules.Language;
using Switchyard.Rules.Matching;
using Switchyard.Rules.Parsing;

namespace Switchyard.Rules.Graph;

/// <summary>Which rules what one rule starts may start in turn.</summary>
internal sealed class RuleEdges
{
    /// <summary>What a workflow may do in its own repository, besides the checks that each run makes.</summary>
    private static readonly string[] PossibleKinds =
        [SignalKind.Push, SignalKind.PullRequest, SignalKind.Tag, SignalKind.Release, SignalKind.Model, SignalKind.Checks];

    private readonly IReadOnlyList<GraphRule> rules;
    private readonly IReadOnlyDictionary<string, string> defaultBranches;
    private readonly Sink[] sinks;
    private readonly int[][] edges;

    /// <param name="rules">The rules, which the edges number.</param>
    /// <param name="defaultBranches">By <c>owner/name</c>, where it is known.</param>
    /// <param name="certain">Only what each run brings about, whatever its workflow does.</param>
    public RuleEdges(IReadOnlyList<GraphRule> rules, IReadOnlyDictionary<string, string> defaultBranches, bool certain)
    {
        this.rules = rules;
        this.defaultBranches = defaultBranches.Count == 0 ? defaultBranches : new Dictionary<string, string>(defaultBranches, StringComparer.OrdinalIgnoreCase);
        sinks = [.. rules.SelectMany((rule, i) => rule.Rule.Enabled
            ? rule.Rule.On.Where(trigger => certain ? Sink.IsCertain(trigger) : PossibleKinds.Contains(trigger.Kind)).Select(trigger => new Sink(i, trigger))
            : [])];
        edges = [.. rules.Select(rule => rule.Rule.Enabled && sinks.Length > 0 ? Reached(rule.Rule, certain) : [])];
    }

    public IReadOnlyList<int> From(int rule) => edges[rule];

    /// <summary>What must be so for one rule to start the other, as the end of a sentence; empty where it does in any case.</summary>
    public string Condition(int from, int to)
    {
        var conditions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var start in Starts(rules[from].Rule))
        {
            foreach (var sink in sinks.Where(sink => sink.Rule == to && sink.MayMatch(start.Target)))
            {
                var condition = sink.Condition(start, rules[to].Rule.Name);
                if (condition.Length == 0)
                {
                    return "";
                }

                conditions.Add(condition);
            }
        }

        return string.Join(", or ", conditions);
    }

    private int[] Reached(Rule rule, bool certain)
    {
        var reached = new SortedSet<int>();
        foreach (var start in Starts(rule))
        {
            reached.UnionWith(sinks.Where(sink => certain ? sink.MustMatch(start) : sink.MayMatch(start.Target)).Select(sink => sink.Rule));
        }

        return [.. reached];
    }

    private IEnumerable<Start> Starts(Rule rule)
    {
        var sources = rule.On.SelectMany(trigger => trigger.Repositories.Patterns).Where(pattern => !pattern.StartsWith('!')).ToArray();
        return
            from action in rule.Do
            where action.Target is not null
            from pattern in TargetChecks.Patterns(action.Target!, sources).Distinct(StringComparer.OrdinalIgnoreCase)
            select new Start(pattern, GlobSyntax.Name(pattern, overSlash: false), BranchOf(action, pattern));
    }

    /// <summary>Where a repository_dispatch runs, and a workflow without ref, is the default branch.</summary>
    private string? BranchOf(RuleAction action, string target) =>
        action is WorkflowAction { Ref: { } reference } ? reference.IsLiteral ? reference.Text : null : defaultBranches.GetValueOrDefault(target);

    /// <summary>What an action starts: in which repository, and on which branch, where that is known.</summary>
    private sealed record Start(string Pattern, Glob Target, string? Branch);

    private sealed class Sink(int rule, Trigger trigger)
    {
        private readonly Glob[] plain = [.. trigger.Repositories.Globs.Where(glob => !glob.Negated).Select(glob => glob.Glob)];

        public int Rule => rule;

        /// <summary>
        /// Names can leave out what a run adds, and a rule for failures starts only when it fails: such a loop is possible, not certain.
        /// </summary>
        public static bool IsCertain(Trigger trigger) =>
            trigger is ChecksTrigger { Names.Count: 0 } checks && checks.Conclusions.Contains(CheckConclusions.Success);

        public bool MayMatch(Glob target) => target.Literal is { } name
            ? trigger.Repositories.Matches(name)
            : Array.Exists(plain, glob => GlobOverlap.Exists(glob, target));

        public bool MustMatch(Start start)
        {
            var branches = ((ChecksTrigger)trigger).Branches;
            var everyBranch = branches.IsEmpty || (start.Branch is not null && branches.Matches(start.Branch));
            return everyBranch && (start.Target.Literal is { } name
                ? trigger.Repositories.Matches(name)
                : plain.Length == trigger.Repositories.Patterns.Count && trigger.Repositories.Patterns.Contains(start.Pattern, StringComparer.OrdinalIgnoreCase));
        }

        public string Condition(Start start, string name)
        {
            if (trigger is not ChecksTrigger checks)
            {
                return "a workflow that is started pushes, tags or opens a pull request there";
            }

            if (start.Branch is not null && !checks.Branches.IsEmpty && !checks.Branches.Matches(start.Branch))
            {
                return $"a workflow that is started pushes to a branch whose checks start \"{name}\" ({Some(checks.Branches.Patterns)})";
            }

            string[] needs =
            [
                .. checks.Branches.IsEmpty || start.Branch is not null ? [] : (string[])[$"it runs on a branch whose checks start \"{name}\" ({Some(checks.Branches.Patterns)})"],
                .. checks.Names.Count == 0 ? [] : (string[])[$"its run makes the checks that start \"{name}\" ({Some(checks.Names)})"],
                .. checks.Conclusions.Contains(CheckConclusions.Success) ? [] : (string[])[$"its checks come to what starts \"{name}\" ({Some(checks.Conclusions)})"],
                .. start.Target.Literal is not null || MustMatch(start) ? [] : (string[])[$"it runs in a repository whose checks start \"{name}\""],
            ];
            return string.Join(" and ", needs);
        }

        private static string Some(IReadOnlyCollection<string> texts) => Names.All([.. texts.Take(5)]) + (texts.Count > 5 ? ", ..." : "");
    }
}
