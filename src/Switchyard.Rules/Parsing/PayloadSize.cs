using System.Text;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>How many bytes of JSON a payload has at the least: all that is literal.</summary>
internal static class PayloadSize
{
    public static long Least(YamlNode node) => node switch
    {
        YamlMap map => 2 + map.Entries.Sum(entry => Text(entry.Key.Value) + 2 + Least(entry.Value)),
        YamlList list => 2 + list.Items.Sum(item => Least(item) + 1),
        YamlScalar scalar => Template.TryParse(scalar.Value, out _) is { } template
            ? template.Parts.Where(part => !part.IsField).Sum(part => Text(part.Text))
            : 0,
        _ => 0,
    };

    private static long Text(string text) => Encoding.UTF8.GetByteCount(text) + text.AsSpan().Count('"') + text.AsSpan().Count('\\') + text.AsSpan().Count('\n');
}
