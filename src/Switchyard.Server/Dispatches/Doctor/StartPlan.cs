using Switchyard.Rules;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>What an action would start, as far as can be told before a Signal comes.</summary>
/// <param name="Target"><c>owner/name</c>.</param>
/// <param name="What">The workflow file or the type of event; null where only a Signal tells.</param>
/// <param name="Ref">Branch or tag; null: the default branch, or where only a Signal tells.</param>
/// <param name="RefIsKnown">Whether <paramref name="Ref"/> can be told.</param>
internal sealed record StartPlan(string Target, string? What, string? Ref, bool RefIsKnown)
{
    /// <summary>One for each target that the sources lead to; none where only a Signal tells the target, or where there is no source.</summary>
    public static IReadOnlyList<StartPlan> Of(Rule rule, RuleAction action, IEnumerable<SourceFacts> linked)
    {
        var (target, what, reference) = action switch
        {
            WorkflowAction workflow => (workflow.Repository, workflow.File, workflow.Ref),
            DispatchAction dispatch => (dispatch.Repository, dispatch.EventType, (Template?)null),
            _ => throw new InvalidOperationException($"A {action.Kind} starts nothing in a repository."),
        };
        if (!IsKnown(target))
        {
            return [];
        }

        SourceFacts?[] none = [null];
        IEnumerable<SourceFacts?> sources = ((Template?[])[target, what, reference]).All(text => text is null || text.IsLiteral || !IsKnown(text))
            ? none
            : linked.Where(source => rule.On.Any(trigger => !trigger.Repositories.IsEmpty && trigger.Repositories.Matches(source.FullName))).Select(source => (SourceFacts?)source);
        return
        [
            .. sources.Select(source =>
            {
                var values = new Placeholders(new SignalFacts { Source = source }, rule.Name, "");
                var file = IsKnown(what) ? what.Render(values) : null;
                return new StartPlan(
                    target.Render(values),
                    action is WorkflowAction ? file?[(file.LastIndexOf('/') + 1)..] : file,
                    reference is not null && IsKnown(reference) && reference.Render(values) is { Length: > 0 } known ? known : null,
                    reference is null || IsKnown(reference));
            }).Distinct(),
        ];
    }

    /// <summary>The name of the rule and of the source are known ahead.</summary>
    private static bool IsKnown(Template text) => text.Fields.All(field => field == "rule.name" || field.StartsWith("source.", StringComparison.Ordinal));
}
