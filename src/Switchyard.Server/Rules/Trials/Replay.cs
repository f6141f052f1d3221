using Switchyard.Rules;

namespace Switchyard.Server.Rules.Trials;

/// <summary>Goes through Signals in order as the rules would have: what matched, what was quiet together, what came out.</summary>
internal sealed class Replay(IReadOnlyList<Rule> rules)
{
    private readonly RuleIndex<Rule> index = new(rules.Where(rule => rule.Enabled).Select(rule => KeyValuePair.Create(rule, rule)));
    private readonly Dictionary<string, Dictionary<string, List<Waiting>>> waiting = rules.ToDictionary(rule => rule.Name, _ => new Dictionary<string, List<Waiting>>(StringComparer.Ordinal), StringComparer.Ordinal);
    private readonly List<TrialDispatch> released = [];

    /// <summary>What could not be said, a sentence each.</summary>
    public List<string> Unknown { get; } = [];

    /// <param name="id">The Signal.</param>
    /// <param name="facts">Its facts; <c>OccurredAt</c> is when it was recorded, by which quiet periods go.</param>
    public void Take(long id, SignalFacts facts)
    {
        foreach (var (rule, _) in index.Candidates(facts.Kind, facts.Source?.FullName))
        {
            var evaluation = Evaluator.Evaluate(rule, facts);
            if (evaluation.Outcome == ConditionOutcome.Unknown)
            {
                Unknown.Add($"{rule.Name}: {evaluation.Sentence}");
            }

            if (evaluation.Outcome == ConditionOutcome.Matched)
            {
                Put(rule, id, facts);
            }
        }
    }

    public List<TrialDispatch> Finish()
    {
        foreach (var rule in rules)
        {
            Release(rule, DateTimeOffset.MaxValue);
        }

        return [.. released.OrderBy(dispatch => dispatch.DueAt).ThenBy(dispatch => dispatch.SignalId)];
    }

    private void Put(Rule rule, long id, SignalFacts facts)
    {
        Release(rule, facts.OccurredAt);
        var (keys, key) = (waiting[rule.Name], QuietPeriod.Key(rule, facts));
        if (!keys.TryGetValue(key, out var open))
        {
            keys[key] = open = [];
        }

        var first = open.Count > 0 ? open[0].First : facts.OccurredAt;
        var due = QuietPeriod.Due(rule.Quiet, first, facts.OccurredAt);
        if (rule.Quiet.Keep == Keep.Latest)
        {
            var count = open.Count > 0 ? open[0].Signals + 1 : 1;
            open.Clear();
            open.Add(new Waiting(id, facts, first, due, count));
            return;
        }

        for (var i = 0; i < open.Count; i++)
        {
            open[i] = open[i] with { Due = due };
        }

        open.Add(new Waiting(id, facts, first, due, 1));
    }

    /// <summary>What was quiet for long enough by then has gone out.</summary>
    private void Release(Rule rule, DateTimeOffset until)
    {
        foreach (var (key, open) in waiting[rule.Name])
        {
            foreach (var done in open.Where(one => one.Due <= until).ToList())
            {
                open.Remove(done);
                var placeholders = new Placeholders(done.Facts, rule.Name, "");
                released.AddRange(rule.Do.Select(action => new TrialDispatch(
                    rule.Name, key, Describe(action, placeholders), done.Facts.Source?.FullName, done.Facts.Sha, done.Id, done.Signals, done.Due, rule.Checks is not null)));
            }
        }
    }

    private static string Describe(RuleAction action, Placeholders placeholders) => action switch
    {
        WorkflowAction workflow => $"{workflow.Repository.Render(placeholders)} {workflow.File.Render(placeholders)}",
        DispatchAction dispatch => $"{dispatch.Repository.Render(placeholders)} {dispatch.EventType.Render(placeholders)}",
        JobAction job => $"{job.Registry} {job.File.Render(placeholders)}",
        _ => action.Kind,
    };

    private sealed record Waiting(long Id, SignalFacts Facts, DateTimeOffset First, DateTimeOffset Due, int Signals);
}
