using System.Globalization;
using System.Text.Json.Nodes;

namespace Switchyard.Cli.Output;

/// <summary>Members of JSON as text.</summary>
internal static class Members
{
    public static JsonNode? Member(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node is JsonObject members && members.TryGetPropertyValue(name, out var member) ? member : null;
        }

        return node;
    }

    public static string? At(JsonNode? node, string path) => Of(Member(node, path));

    public static long? Number(JsonNode? node, string path) =>
        long.TryParse(At(node, path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray array => string.Join(", ", array.Select(Of)),
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(Printer.Compact),
    };
}
