using Switchyard.Rules.Language;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>A field that nothing which starts the rule has is an error; one that only some have is a warning, as it can be empty.</summary>
internal sealed class PlaceholderChecks(RuleFileScope scope, ProblemList problems)
{
    public void Check(YamlNode rule, string path)
    {
        var triggers = rule.Triggers(path).ToArray();
        if (triggers.Length == 0)
        {
            return;
        }

        Check(rule.Map("quiet").Get("key"), $"{path}.quiet.key", triggers);
        foreach (var (_, keys, inner) in rule.Actions(path))
        {
            foreach (var entry in keys.Entries)
            {
                Check(entry.Value, $"{inner}.{entry.Key.Value}", triggers);
            }
        }
    }

    private void Check(YamlNode? node, string path, (string Kind, YamlNode At, YamlMap? Keys, string Path)[] triggers)
    {
        switch (node)
        {
            case YamlScalar when node.Template() is { } template:
                foreach (var field in template.Fields.Distinct(StringComparer.Ordinal))
                {
                    CheckField(node, path, field, triggers);
                }

                break;
            case YamlList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Check(list.Items[i], $"{path}[{i}]", triggers);
                }

                break;
            case YamlMap map:
                foreach (var entry in map.Entries)
                {
                    Check(entry.Value, $"{path}.{entry.Key.Value}", triggers);
                }

                break;
            default:
                break;
        }
    }

    private void CheckField(YamlNode node, string path, string name, (string Kind, YamlNode At, YamlMap? Keys, string Path)[] triggers)
    {
        var field = PlaceholderFields.Find(name)!;
        var without = triggers.Where(trigger => !Has(trigger.Kind, trigger.Keys, field, name)).Select(trigger => trigger.Kind).Distinct(StringComparer.Ordinal).ToArray();
        if (without.Length == 0)
        {
            return;
        }

        if (triggers.All(trigger => without.Contains(trigger.Kind)))
        {
            var suggestion = name.StartsWith(PlaceholderFields.Inputs, StringComparison.Ordinal) && without.Contains(SignalKind.Manual)
                ? $"Name it below on.manual.inputs: [{name[PlaceholderFields.Inputs.Length..]}]."
                : field.NeedsSource && without.Any(kind => kind is SignalKind.Schedule or SignalKind.Manual) ? "Give the trigger \"repositories\"." : null;
            problems.Error(node, path, RuleProblemCode.Placeholder, $"{name} is always empty: {Names.All(without.Select(kind => Said(kind, field)))} {(without.Length == 1 ? "has" : "have")} no such field, and nothing else starts this rule.{KindsOf(field)}", suggestion);
            return;
        }

        problems.Warning(node, path, RuleProblemCode.Placeholder, $"{name} is empty when the rule is started by {Names.OneOf(without.Select(kind => Said(kind, field)))}, which {(without.Length == 1 ? "has" : "have")} no such field.");
    }

    private static string Said(string kind, PlaceholderField field) =>
        field.NeedsSource && kind is SignalKind.Schedule or SignalKind.Manual ? $"{kind} without repositories" : kind;

    private static string KindsOf(PlaceholderField field) =>
        field.Kinds.Count is 0 or > 5 ? "" : $" It belongs to {Names.All(field.Kinds)}.";

    private bool Has(string kind, YamlMap? keys, PlaceholderField field, string name)
    {
        if (field.Kinds.Count > 0 && !field.Kinds.Contains(kind))
        {
            return false;
        }

        return kind switch
        {
            SignalKind.Schedule or SignalKind.Manual when field.NeedsSource => keys?["repositories"] is not null || scope.Kind == RuleFileKind.Repository,
            SignalKind.Manual when field.Name == PlaceholderFields.Inputs + "*" => keys?["inputs"].Texts().Contains(name[PlaceholderFields.Inputs.Length..]) == true,
            _ => true,
        };
    }
}
