using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Makes records of a file without errors.</summary>
internal sealed class RuleBinder(RuleFileScope scope)
{
    public RuleFile File(YamlMap root) => new() { Version = 1, Rules = [.. root["rules"].Items().Select((rule, i) => Rule(rule, $"rules[{i}]"))] };

    private Rule Rule(YamlNode node, string path)
    {
        var gate = Gate(node.Get("checks"));
        var triggers = new TriggerBinder(scope);
        var actions = new ActionBinder(scope);
        return new()
        {
            Name = node.Get("name").Text()!,
            Enabled = node.Get("enabled").Truth() ?? true,
            Line = node.Line,
            On = [.. node.Triggers(path).Select(trigger => triggers.Bind(trigger.Kind, trigger.At.Line, trigger.Keys))],
            Checks = gate,
            Quiet = Quiet(node.Get("quiet"), gate),
            Do = [.. node.Actions(path).Select(action => actions.Bind(action.Kind, action.Keys, action.Path))],
            Report = node.Get("report").Text() == "none" ? Report.None : Report.Check,
        };
    }

    private static CheckGate? Gate(YamlNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var standard = new CheckGate();
        return new()
        {
            Require = (node.Get("require") ?? node).Text() == "completed" ? GateRequirement.Completed : GateRequirement.Success,
            Names = node.Get("names").Texts(),
            Settle = node.Get("settle").Duration() ?? standard.Settle,
            Timeout = node.Get("timeout").Duration() ?? standard.Timeout,
        };
    }

    private static Quiet Quiet(YamlNode? node, CheckGate? gate)
    {
        if (node is null)
        {
            return gate is null ? Rules.Quiet.None : Rules.Quiet.WhileChecksRun;
        }

        var wait = (node.Get("for") ?? node).Duration()!.Value;
        return new()
        {
            For = wait,
            Max = node.Get("max").Duration() ?? wait * 10,
            Keep = node.Get("keep").Text() == "all" ? Keep.All : Keep.Latest,
            Key = node.Get("key").Template(),
        };
    }
}
