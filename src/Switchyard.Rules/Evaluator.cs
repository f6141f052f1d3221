using Switchyard.Rules.Matching;

namespace Switchyard.Rules;

public enum ConditionOutcome
{
    Matched,
    NotMatched,

    /// <summary>It cannot be said yet.</summary>
    Unknown,
}

/// <summary>One condition held against one Signal, in words for people.</summary>
/// <param name="Name">As in the file: <c>branches</c>.</param>
/// <param name="Expected">What the rule asks for.</param>
/// <param name="Actual">What the Signal has.</param>
public sealed record ConditionResult(string Name, string Expected, string Actual, ConditionOutcome Outcome);

/// <summary>One rule held against one Signal.</summary>
public sealed record RuleEvaluation
{
    public required ConditionOutcome Outcome { get; init; }

    /// <summary>All conditions of the trigger that came closest, in the order of the language.</summary>
    public required IReadOnlyList<ConditionResult> Conditions { get; init; }

    /// <summary>The trigger that matched, or came closest; null when the rule has none of the Signal's kind.</summary>
    public Trigger? Trigger { get; init; }

    /// <summary>
    /// The outcome hangs on paths that are null in the facts: find them and evaluate again. False where another condition has
    /// decided already.
    /// </summary>
    public bool NeedsPaths { get; init; }

    /// <summary>One sentence: why it matched, or the first condition that did not.</summary>
    public required string Sentence { get; init; }
}

/// <summary>Holds rules against Signals. Pure: the same rule and facts give the same answer at any time.</summary>
public static class Evaluator
{
    /// <summary>Whether the rule is enabled is not asked: that is for the caller to say.</summary>
    public static RuleEvaluation Evaluate(Rule rule, SignalFacts facts)
    {
        RuleEvaluation? best = null;
        var needsPaths = false;
        foreach (var trigger in rule.On)
        {
            if (trigger.Kind == facts.Kind)
            {
                var evaluation = Evaluate(trigger, facts);
                needsPaths |= evaluation.NeedsPaths;
                best = best is null || IsCloser(evaluation, best) ? evaluation : best;
            }
        }

        if (best is null)
        {
            var kinds = string.Join(", ", rule.On.Select(trigger => trigger.Kind).Distinct(StringComparer.Ordinal));
            return new()
            {
                Outcome = ConditionOutcome.NotMatched,
                Conditions = [new("on", kinds, facts.Kind, ConditionOutcome.NotMatched)],
                Sentence = $"on: expected {kinds}, found {facts.Kind}",
            };
        }

        return best with { NeedsPaths = needsPaths && best.Outcome != ConditionOutcome.Matched };
    }

    private static RuleEvaluation Evaluate(Trigger trigger, SignalFacts facts)
    {
        var conditions = Conditions.Of(trigger, facts);
        var failed = conditions.FirstOrDefault(condition => condition.Outcome == ConditionOutcome.NotMatched);
        var unknown = conditions.FirstOrDefault(condition => condition.Outcome == ConditionOutcome.Unknown);
        var first = failed ?? unknown;
        return new()
        {
            Outcome = first?.Outcome ?? ConditionOutcome.Matched,
            Conditions = conditions,
            Trigger = trigger,
            NeedsPaths = failed is null && unknown is { Name: "paths" } && facts.Paths is null,
            Sentence = first is null ? "all conditions hold" : $"{first.Name}: expected {first.Expected}, found {first.Actual}",
        };
    }

    private static bool IsCloser(RuleEvaluation one, RuleEvaluation other)
    {
        static int Rank(ConditionOutcome outcome) => outcome switch
        {
            ConditionOutcome.Matched => 2,
            ConditionOutcome.Unknown => 1,
            _ => 0,
        };
        static int Misses(RuleEvaluation evaluation) => evaluation.Conditions.Count(condition => condition.Outcome == ConditionOutcome.NotMatched);

        return Rank(one.Outcome) != Rank(other.Outcome) ? Rank(one.Outcome) > Rank(other.Outcome) : Misses(one) < Misses(other);
    }
}
