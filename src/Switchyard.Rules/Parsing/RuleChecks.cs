using Switchyard.Rules.Language;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>What the table cannot say: values that must fit each other. Passes over what the table has already refused.</summary>
internal sealed class RuleChecks(RuleFileScope scope, ProblemList problems)
{
    public void Check(YamlNode root)
    {
        var names = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var rules = root.Get("rules") is YamlList list ? list.Items : [];
        for (var i = 0; i < rules.Count; i++)
        {
            var path = $"rules[{i}]";
            if (rules[i].Get("name") is YamlScalar { IsNull: false } name && !names.TryAdd(name.Value, name.Line))
            {
                problems.Error(name, $"{path}.name", RuleProblemCode.DuplicateName, $"Two rules are called \"{name.Value}\"; the first is in line {names[name.Value]}. A rule's name is its identity.", "Give each its own name.");
            }

            CheckRule(rules[i], path);
        }
    }

    private void CheckRule(YamlNode rule, string path)
    {
        CheckShortForm(rule, path);
        CheckQuiet(rule.Map("quiet"), $"{path}.quiet");
        CheckGate(rule, path);
        new PlaceholderChecks(scope, problems).Check(rule, path);
        new NotYetChecks(problems).Check(rule, path);
        foreach (var (kind, keys, inner) in rule.Actions(path))
        {
            if (kind == "workflow")
            {
                CheckInputs(keys, inner);
            }

            if (kind is "workflow" or "dispatch" && keys["repository"] is YamlScalar target)
            {
                new TargetChecks(scope, problems).Check(rule, target, $"{inner}.repository");
            }
        }
    }

    /// <summary><c>on: push</c> says no more than the kind; what must be said besides, cannot be said in that form.</summary>
    private void CheckShortForm(YamlNode rule, string path)
    {
        foreach (var (kind, at, _, _) in rule.Triggers(path).Where(_ => rule.Get("on") is not YamlMap))
        {
            var map = (MapSpec)((ListSpec)TriggerLanguage.On.Keys.First(key => key.Name == kind).Value).Item;
            var needed = map.Keys.Where(key => key.Presence == Presence.Required || (key.Presence == Presence.RequiredElsewhere && scope.Kind != RuleFileKind.Repository)).Select(key => key.Name).ToArray();
            if (needed.Length > 0)
            {
                problems.Error(at, $"{path}.on", RuleProblemCode.MissingKey, $"\"{kind}\" alone has no {Names.All(needed.Select(name => $"\"{name}\""))}.{(needed.Contains("repositories") ? " Only a repository's own .github/switchyard.yml may leave them out." : "")}", $"Write on: {{ {kind}: {{ {needed[0]}: ... }} }}.");
            }
        }
    }

    private void CheckQuiet(YamlMap? quiet, string path)
    {
        var (wait, max) = (quiet.Get("for").Duration(), quiet.Get("max").Duration());
        if (wait > max)
        {
            problems.Error(quiet!["max"]!, $"{path}.max", RuleProblemCode.Contradiction, $"max ({Durations.Write(max.Value)}) is shorter than for ({Durations.Write(wait.Value)}), so that it would never be quiet.", $"Write max: {Durations.Write(wait.Value)} or more, or leave it out for 10 times for.");
        }
    }

    private void CheckGate(YamlNode rule, string path)
    {
        var gate = rule.Map("checks");
        var settle = gate.Get("settle").Duration() ?? new CheckGate().Settle;
        var timeout = gate.Get("timeout").Duration() ?? new CheckGate().Timeout;
        if (gate is not null && settle > timeout)
        {
            var given = gate["timeout"] is null ? "settle" : "timeout";
            problems.Error(gate[given]!, $"{path}.checks.{given}", RuleProblemCode.Contradiction, $"settle ({Durations.Write(settle)}) is longer than timeout ({Durations.Write(timeout)}), so that the gate would never open.");
        }

        if (rule.Get("checks") is { } node && rule.Triggers(path).ToArray() is { Length: > 0 } triggers && !Array.Exists(triggers, trigger => HasCommit(trigger.Kind, trigger.Keys)))
        {
            problems.Error(node, $"{path}.checks", RuleProblemCode.Contradiction, "There are no checks to wait for: nothing that starts this rule has a commit.", "Remove \"checks\", or give the trigger \"repositories\".");
        }
    }

    private bool HasCommit(string kind, YamlMap? keys) => kind switch
    {
        SignalKind.Registry => false,
        SignalKind.Schedule or SignalKind.Manual => keys?["repositories"] is not null || scope.Kind == RuleFileKind.Repository,
        _ => true,
    };

    private void CheckInputs(YamlMap keys, string path)
    {
        if (keys["inputs"] is not YamlMap inputs)
        {
            return;
        }

        if (inputs.Entries.FirstOrDefault(entry => entry.Key.Value == DispatchLimits.OwnInput) is { } own)
        {
            problems.Error(own.Key, $"{path}.inputs.{DispatchLimits.OwnInput}", RuleProblemCode.Contradiction, $"The input \"{DispatchLimits.OwnInput}\" is the one that Switchyard fills itself, where the workflow declares it.", "Remove it here.");
        }

        if (inputs.Entries.Count > DispatchLimits.Inputs - 1)
        {
            problems.Error(inputs, $"{path}.inputs", RuleProblemCode.Limit, $"There are {inputs.Entries.Count} inputs. GitHub takes {DispatchLimits.Inputs}, and one of them is Switchyard's; {DispatchLimits.Inputs - 1} are left.", "Hand several values over in one input, as JSON.");
        }

        var least = inputs.Entries.Sum(entry => entry.Key.Value.Length + (entry.Value.Template()?.Parts.Where(part => !part.IsField).Sum(part => part.Text.Length) ?? 0));
        if (least > DispatchLimits.InputCharacters)
        {
            problems.Error(inputs, $"{path}.inputs", RuleProblemCode.Limit, $"The inputs have at least {least} characters. GitHub takes {DispatchLimits.InputCharacters} in all.");
        }
    }
}
