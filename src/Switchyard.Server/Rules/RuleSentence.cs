using Switchyard.Rules;

namespace Switchyard.Server.Rules;

/// <summary>What starts a rule, as a sentence for each trigger, with all that it asks for.</summary>
internal static class RuleSentence
{
    public static string Of(Trigger trigger)
    {
        var conditions = Conditions(trigger).Where(condition => condition.Value.Length > 0).Select(condition => $"{condition.Name}: {condition.Value}").ToList();
        return $"{trigger.Kind}{(trigger.Repositories.IsEmpty ? "" : $" in {trigger.Repositories}")}{(conditions.Count == 0 ? "" : $" ({string.Join("; ", conditions)})")}";
    }

    private static IEnumerable<(string Name, string Value)> Conditions(Trigger trigger) => trigger switch
    {
        PushTrigger push => [("branches", push.Branches.ToString()), ("paths", push.Paths.ToString()), ("authors", push.Authors.ToString())],
        PullRequestTrigger pull =>
        [
            ("branches", pull.Branches.ToString()), ("types", List(pull.Types)), ("paths", pull.Paths.ToString()), ("labels", pull.Labels.ToString()), ("authors", pull.Authors.ToString()),
            ("drafts", pull.Drafts ? "too" : ""), ("forks", pull.Forks ? "too" : ""),
        ],
        TagTrigger tag => [("tags", tag.Tags.ToString())],
        ReleaseTrigger release => [("types", List(release.Types)), ("tags", release.Tags.ToString()), ("prereleases", release.Prereleases switch { true => "alone", false => "none", null => "" })],
        ChecksTrigger checks => [("branches", checks.Branches.ToString()), ("names", List(checks.Names)), ("conclusions", List(checks.Conclusions))],
        ModelTrigger model => [("paths", model.Paths.ToString()), ("formats", List(model.Formats)), ("changes", List(model.Changes)), ("events", List(model.Events))],
        RegistryTrigger registry =>
        [
            ("registry", registry.Registry), ("events", List(registry.Events)), ("model", registry.Models.ToString()), ("alias", registry.Aliases.ToString()), ("stage", registry.Stages.ToString()),
            ("tags", string.Join(", ", registry.Tags.Select(tag => $"{tag.Key} {tag.Value}"))),
        ],
        ScheduleTrigger schedule => [("cron", schedule.Cron.Text), ("timezone", schedule.Timezone.Id)],
        ManualTrigger manual => [("inputs", List(manual.Inputs))],
        _ => [],
    };

    private static string List(IReadOnlyList<string> words) => string.Join(", ", words);
}
