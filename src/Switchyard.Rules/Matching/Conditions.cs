namespace Switchyard.Rules.Matching;

/// <summary>The conditions of a trigger, each held against a Signal; what the rule does not ask for has no line.</summary>
internal static class Conditions
{
    public static IReadOnlyList<ConditionResult> Of(Trigger trigger, SignalFacts facts)
    {
        var list = new ConditionList();
        list.Repositories(trigger, facts);
        switch (trigger)
        {
            case PushTrigger push:
                list.Patterns("branches", push.Branches, facts.Branch, "a push without a branch");
                list.Paths(push.Paths, facts.Paths);
                list.Patterns("authors", push.Authors, facts.Actor, "nobody");
                break;
            case PullRequestTrigger pull:
                PullRequest(list, pull, facts);
                break;
            case TagTrigger tag:
                list.Patterns("tags", tag.Tags, facts.Tag, "no tag");
                break;
            case ReleaseTrigger release:
                list.Words("types", release.Types, facts.Action, "no action");
                list.Patterns("tags", release.Tags, facts.Release?.Tag ?? facts.Tag, "no tag");
                if (release.Prereleases is { } wanted)
                {
                    var actual = facts.Release?.Prerelease == true;
                    list.Add("prereleases", wanted ? "a prerelease" : "no prerelease", actual ? "a prerelease" : "no prerelease", wanted == actual);
                }

                break;
            case ChecksTrigger checks:
                Checks(list, checks, facts);
                break;
            case ModelTrigger model:
                Model(list, model, facts);
                break;
            case RegistryTrigger registry:
                Registry(list, registry, facts.Registry ?? new());
                break;
            case ScheduleTrigger schedule:
                list.Words("cron", [schedule.Cron.Text], facts.Schedule?.Cron, "no schedule");
                break;
            default:
                break;
        }

        return list.Done;
    }

    private static void PullRequest(ConditionList list, PullRequestTrigger trigger, SignalFacts facts)
    {
        var pull = facts.PullRequest ?? new();
        list.Patterns("branches", trigger.Branches, pull.BaseRef ?? facts.Branch, "no base branch");
        list.Words("types", trigger.Types, facts.Action, "no action");
        list.Paths(trigger.Paths, facts.Paths);
        if (!trigger.Labels.IsEmpty)
        {
            list.Add("labels", trigger.Labels.ToString(), pull.Labels.Count == 0 ? "no label" : string.Join(", ", pull.Labels), trigger.Labels.MatchesSet(pull.Labels));
        }

        list.Patterns("authors", trigger.Authors, pull.Author, "nobody");
        if (!trigger.Drafts)
        {
            list.Add("drafts", "no draft", pull.Draft ? "a draft" : "no draft", !pull.Draft);
        }

        if (!trigger.Forks)
        {
            list.Add("forks", "not from a fork", pull.FromFork ? $"from {pull.HeadRepository ?? "a fork that is gone"}" : "not from a fork", !pull.FromFork);
        }
    }

    private static void Checks(ConditionList list, ChecksTrigger trigger, SignalFacts facts)
    {
        var checks = facts.Checks ?? new();
        list.Patterns("branches", trigger.Branches, facts.Branch, "a commit that is on no branch of the repository");
        var runs = checks.Runs;
        if (trigger.Names.Count > 0)
        {
            var names = PatternList.OfNames(trigger.Names);
            var missing = trigger.Names.Where(name => !checks.Runs.Any(run => PatternList.OfNames(name).Matches(run.Name))).ToArray();
            runs = [.. checks.Runs.Where(run => names.Matches(run.Name))];
            list.Add("names", string.Join(", ", trigger.Names), missing.Length == 0 ? ConditionList.Some(runs.Select(run => run.Name)) : $"no {string.Join(", no ", missing)}", missing.Length == 0);
        }

        var overall = trigger.Names.Count > 0 ? CheckConclusions.Overall(runs.Select(run => run.Conclusion)) : checks.Conclusion;
        var worst = overall is null or CheckConclusions.Success ? null : runs.FirstOrDefault(run => !CheckConclusions.Passes(run.Conclusion))?.Name;
        list.Add("conclusions", string.Join(", ", trigger.Conclusions), (overall ?? "no checks") + (worst is null ? "" : $" ({worst})"), overall is not null && trigger.Conclusions.Contains(overall));
    }

    private static void Model(ConditionList list, ModelTrigger trigger, SignalFacts facts)
    {
        var model = facts.Model ?? new();
        list.Patterns("paths", trigger.Paths, model.Path, "no path");
        list.Words("formats", trigger.Formats, model.Format, "no format");
        if (trigger.Changes.Count == 0)
        {
            if (model.Change == "cosmetic")
            {
                list.Add("changes", "anything but cosmetic", "cosmetic", false);
            }
        }
        else if (model.Change is not null)
        {
            list.Words("changes", trigger.Changes, model.Change, "");
        }
        else if (model.Event == "added")
        {
            list.Add("changes", string.Join(", ", trigger.Changes), "a new model, which has nothing to differ from", false);
        }
        else
        {
            list.Add("changes", string.Join(", ", trigger.Changes), "NotCompared: the two versions have not been compared, so the class of change is not known", ConditionOutcome.Unknown);
        }

        list.Words("events", trigger.Events, model.Event, "no event");
    }

    private static void Registry(ConditionList list, RegistryTrigger trigger, RegistryFacts facts)
    {
        list.Add("registry", trigger.Registry, facts.Name, trigger.Registry.Equals(facts.Name, StringComparison.OrdinalIgnoreCase));
        list.Words("events", trigger.Events, facts.Event, "no event");
        list.Patterns("model", trigger.Models, facts.Model, "no model");
        list.Patterns("alias", trigger.Aliases, facts.Alias, "no alias");
        list.Patterns("stage", trigger.Stages, facts.Stage, "no stage");
        foreach (var (name, values) in trigger.Tags)
        {
            list.Patterns($"tags.{name}", values, facts.Tags?.GetValueOrDefault(name), "no such tag");
        }
    }
}
