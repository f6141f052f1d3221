using Switchyard.Rules.Matching;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>What is good and still does not do what one may think: what only later versions do, and what starts a rule twice.</summary>
internal sealed class NotYetChecks(ProblemList problems)
{
    public void Check(YamlNode rule, string path)
    {
        var triggers = rule.Triggers(path).ToArray();
        foreach (var (kind, at, keys, inner) in triggers)
        {
            if (kind == SignalKind.Registry)
            {
                problems.Warning(at, inner, RuleProblemCode.NotYet, "This version is not connected to registries yet, so that nothing starts this.");
            }

            if (kind == SignalKind.Model && keys?["changes"] is { } changes)
            {
                problems.Warning(changes, $"{inner}.changes", RuleProblemCode.NotYet, "This version does not compare versions of models yet, so that \"changes\" is unknown, and nothing starts this.", "Leave \"changes\" out.");
            }
        }

        foreach (var (_, keys, inner) in rule.Actions(path).Where(action => action.Kind == "job"))
        {
            problems.Warning(keys, inner, RuleProblemCode.NotYet, "This version does not run jobs yet: it would fail.", "Start it from a workflow.");
        }

        CheckTwice(triggers);
    }

    /// <summary>A release has a tag: both are told of, and are two Signals.</summary>
    private void CheckTwice((string Kind, YamlNode At, YamlMap? Keys, string Path)[] triggers)
    {
        foreach (var (_, at, _, path) in triggers.Where(trigger => trigger.Kind == SignalKind.Release
            && Array.Exists(triggers, other => other.Kind == SignalKind.Tag && Overlap(Repositories(trigger.Keys), Repositories(other.Keys)))))
        {
            problems.Warning(at, path, RuleProblemCode.Twice, "A release that makes its tag is told of as a tag and as a release, so that it starts this rule twice.", "Name \"tag\" or \"release\" alone.");
        }
    }

    private static string[] Repositories(YamlMap? keys) => [.. keys.Get("repositories").Texts().Where(pattern => !pattern.StartsWith('!'))];

    private static bool Overlap(string[] first, string[] second) =>
        first.Length == 0 || second.Length == 0 || Array.Exists(first, one => Array.Exists(second, other => GlobOverlap.Exists(one, other)));
}
