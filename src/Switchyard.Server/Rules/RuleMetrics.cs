using System.Diagnostics.Metrics;
using Switchyard.Server.Rules.Evaluations;

namespace Switchyard.Server.Rules;

/// <summary>How many evaluations there were, by result.</summary>
internal sealed class RuleMetrics(IMeterFactory factory)
{
    private readonly Counter<long> evaluations = factory.Create("Switchyard.Rules").CreateCounter<long>("switchyard.rule.evaluations", description: "Rules held against Signals, by result.");

    public void Evaluated(IReadOnlyList<NewEvaluation> stored)
    {
        foreach (var group in stored.GroupBy(evaluation => evaluation.Result))
        {
            evaluations.Add(group.Count(), new KeyValuePair<string, object?>("result", group.Key));
        }
    }
}
