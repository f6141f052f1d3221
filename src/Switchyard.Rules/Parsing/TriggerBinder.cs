using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

internal sealed class TriggerBinder(RuleFileScope scope)
{
    public Trigger Bind(string kind, int line, YamlMap? keys) => kind switch
    {
        SignalKind.Push => new PushTrigger
        {
            Line = line,
            Repositories = Repositories(keys),
            Branches = Paths(keys, "branches"),
            Paths = Paths(keys, "paths"),
            Authors = Names(keys, "authors"),
        },
        SignalKind.PullRequest => PullRequest(line, keys),
        SignalKind.Tag => new TagTrigger { Line = line, Repositories = Repositories(keys), Tags = Paths(keys, "tags") },
        SignalKind.Release => Release(line, keys),
        SignalKind.Checks => Checks(line, keys),
        SignalKind.Model => new ModelTrigger
        {
            Line = line,
            Repositories = Repositories(keys),
            Paths = Paths(keys, "paths"),
            Formats = keys.Get("formats").Texts(),
            Changes = keys.Get("changes").Texts(),
            Events = keys.Get("events").Texts(),
        },
        SignalKind.Registry => Registry(line, keys!),
        SignalKind.Schedule => new ScheduleTrigger
        {
            Line = line,
            Repositories = Optional(keys),
            Cron = Cron.TryParse(keys.Get("cron").Text()!, out _)!,
            Timezone = keys.Get("timezone").Text() is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc,
        },
        _ => new ManualTrigger { Line = line, Repositories = Optional(keys), Inputs = keys.Get("inputs").Texts() },
    };

    private PullRequestTrigger PullRequest(int line, YamlMap? keys)
    {
        var drafts = keys.Get("drafts").Truth() ?? false;
        var types = keys.Get("types").Texts();
        return new()
        {
            Line = line,
            Repositories = Repositories(keys),
            Types = types.Count > 0 ? types : PullRequestTrigger.DefaultTypes(drafts),
            Branches = Paths(keys, "branches"),
            Paths = Paths(keys, "paths"),
            Labels = Names(keys, "labels"),
            Authors = Names(keys, "authors"),
            Drafts = drafts,
            Forks = keys.Get("forks").Truth() ?? false,
        };
    }

    private ReleaseTrigger Release(int line, YamlMap? keys)
    {
        var trigger = new ReleaseTrigger
        {
            Line = line,
            Repositories = Repositories(keys),
            Tags = Paths(keys, "tags"),
            Prereleases = keys.Get("prereleases").Truth(),
        };
        return keys.Get("types").Texts() is { Count: > 0 } types ? trigger with { Types = types } : trigger;
    }

    private ChecksTrigger Checks(int line, YamlMap? keys)
    {
        var trigger = new ChecksTrigger
        {
            Line = line,
            Repositories = Repositories(keys),
            Branches = Paths(keys, "branches"),
            Names = keys.Get("names").Texts(),
        };
        return keys.Get("conclusions").Texts() is { Count: > 0 } conclusions ? trigger with { Conclusions = conclusions } : trigger;
    }

    private static RegistryTrigger Registry(int line, YamlMap keys)
    {
        var trigger = new RegistryTrigger
        {
            Line = line,
            Registry = keys["registry"].Text()!,
            Models = Names(keys, "model"),
            Aliases = Names(keys, "alias"),
            Stages = Names(keys, "stage"),
            Tags = keys["tags"].Entries().ToDictionary(tag => tag.Key.Value, tag => PatternList.OfNames(tag.Value.Texts()), StringComparer.Ordinal),
        };
        return keys["events"].Texts() is { Count: > 0 } events ? trigger with { Events = events } : trigger;
    }

    private PatternList Repositories(YamlMap? keys) =>
        keys.Get("repositories").Texts() is { Count: > 0 } patterns ? PatternList.OfRepositories(patterns) : PatternList.OfRepositories(Targets.Own(scope));

    /// <summary>Without repositories there is no source, but in a repository's own file.</summary>
    private PatternList Optional(YamlMap? keys) =>
        scope.Kind == RuleFileKind.Repository || keys?["repositories"] is not null ? Repositories(keys) : PatternList.None;

    private static PatternList Paths(YamlMap? keys, string key) => keys.Get(key).Texts() is { Count: > 0 } patterns ? PatternList.OfPaths(patterns) : PatternList.None;

    private static PatternList Names(YamlMap? keys, string key) => keys.Get(key).Texts() is { Count: > 0 } patterns ? PatternList.OfNames(patterns) : PatternList.None;
}
