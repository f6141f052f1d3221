using Switchyard.Rules.Language;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Reads nodes that may be wrong: what cannot be read is null or left out, and was reported by <see cref="SpecChecker"/>.</summary>
internal static class NodeReading
{
    public static YamlMap? Map(this YamlNode? node, string key) => (node as YamlMap)?[key] as YamlMap;

    public static YamlNode? Get(this YamlNode? node, string key) => (node as YamlMap)?[key];

    public static string? Text(this YamlNode? node) => node is YamlScalar { IsNull: false } scalar ? scalar.Value : null;

    /// <summary>The entries of a list, or one that stands alone.</summary>
    public static IReadOnlyList<YamlNode> Items(this YamlNode? node) => node switch
    {
        null => [],
        YamlList list => list.Items,
        _ => [node],
    };

    public static IReadOnlyList<string> Texts(this YamlNode? node) => [.. node.Items().Select(Text).OfType<string>()];

    public static TimeSpan? Duration(this YamlNode? node) => node.Text() is { } text ? Durations.TryParse(text, out _, out _) : null;

    public static Template? Template(this YamlNode? node) => node.Text() is { } text ? Rules.Template.TryParse(text, out _) : null;

    public static bool? Truth(this YamlNode? node) => (node as YamlScalar)?.Truth;

    public static IEnumerable<YamlEntry> Entries(this YamlNode? node) => (node as YamlMap)?.Entries ?? [];

    /// <summary>The triggers of a rule in any of the ways to write them: kind, node (a mapping, or null for the short form), path.</summary>
    public static IEnumerable<(string Kind, YamlNode At, YamlMap? Keys, string Path)> Triggers(this YamlNode? rule, string path)
    {
        var on = rule.Get("on");
        if (on is not YamlMap map)
        {
            foreach (var item in on.Items())
            {
                if (item.Text() is { } kind && SignalKind.All.Contains(kind))
                {
                    yield return (kind, item, null, $"{path}.on");
                }
            }

            yield break;
        }

        foreach (var entry in map.Entries.Where(entry => SignalKind.All.Contains(entry.Key.Value)))
        {
            var inner = $"{path}.on.{entry.Key.Value}";
            var items = entry.Value.Items();
            for (var i = 0; i < items.Count; i++)
            {
                yield return (entry.Key.Value, items[i] is YamlMap ? items[i] : entry.Key, items[i] as YamlMap, entry.Value is YamlList ? $"{inner}[{i}]" : inner);
            }
        }
    }

    /// <summary>The actions of a rule: kind, node, path.</summary>
    public static IEnumerable<(string Kind, YamlMap Keys, string Path)> Actions(this YamlNode? rule, string path)
    {
        var node = rule.Get("do");
        var items = node.Items();
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var entry in items[i].Entries())
            {
                if (entry.Value is YamlMap keys)
                {
                    yield return (entry.Key.Value, keys, $"{path}.do{(node is YamlList ? $"[{i}]" : "")}.{entry.Key.Value}");
                }
            }
        }
    }
}
