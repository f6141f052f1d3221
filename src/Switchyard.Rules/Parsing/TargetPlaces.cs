using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Finds the repositories that a file names as targets, whatever else is wrong with it.</summary>
internal static class TargetPlaces
{
    public static IEnumerable<TargetPlace> In(YamlNode root) =>
        from rule in (root.Get("rules") is YamlList list ? list.Items : []).Select((node, i) => (Node: node, Path: $"rules[{i}]"))
        from action in rule.Node.Actions(rule.Path)
        where action.Kind is "workflow" or "dispatch"
        let node = action.Keys["repository"]
        where node.Template() is { IsLiteral: true } target && target.Text.Split('/') is [{ Length: > 0 }, { Length: > 0 }]
        select new TargetPlace(rule.Node.Get("name").Text(), node.Text()!, new TextPlace(node!.Line, node.Column, $"{action.Path}.repository"));
}
