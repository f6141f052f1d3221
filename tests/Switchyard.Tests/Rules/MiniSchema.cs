using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Rules.Yaml;

namespace Switchyard.Tests.Rules;

/// <summary>As much of JSON Schema as ours uses; a keyword that it does not know fails, so that none goes unchecked.</summary>
internal static class MiniSchema
{
    private static readonly HashSet<string> Said = new(StringComparer.Ordinal) { "$schema", "title", "description", "examples" };

    public static IReadOnlyList<string> Problems(JsonNode? value, JsonNode schema, string path = "")
    {
        var problems = new List<string>();
        foreach (var (keyword, given) in schema.AsObject().Where(entry => !Said.Contains(entry.Key)))
        {
            var holds = keyword switch
            {
                "type" => Types(given!).Any(type => Is(value, type)),
                "enum" => given!.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
                "const" => JsonNode.DeepEquals(given, value),
                "anyOf" => given!.AsArray().Any(one => Problems(value, one!, path).Count == 0),
                "required" => value is not JsonObject map || given!.AsArray().All(name => map.ContainsKey((string)name!)),
                "minProperties" => value is not JsonObject map || map.Count >= (int)given!,
                "maxProperties" => value is not JsonObject map || map.Count <= (int)given!,
                "minItems" => value is not JsonArray list || list.Count >= (int)given!,
                "maxItems" => value is not JsonArray list || list.Count <= (int)given!,
                "minLength" => Text(value) is not { } text || text.Length >= (int)given!,
                "maxLength" => Text(value) is not { } text || text.Length <= (int)given!,
                "pattern" => Text(value) is not { } text || Regex.IsMatch(text, (string)given!, RegexOptions.NonBacktracking),
                "items" or "properties" or "additionalProperties" => true,
                _ => throw new NotSupportedException(keyword),
            };
            if (!holds)
            {
                problems.Add($"{path}: {keyword}");
            }
        }

        if (value is JsonArray items && schema["items"] is { } item)
        {
            problems.AddRange(items.SelectMany((one, i) => Problems(one, item, $"{path}[{i}]")));
        }

        if (value is JsonObject members)
        {
            foreach (var (name, member) in members)
            {
                var known = schema["properties"]?[name];
                var other = schema["additionalProperties"];
                if (known is not null || other is JsonObject)
                {
                    problems.AddRange(Problems(member, known ?? other!, $"{path}.{name}"));
                }
                else if (other is not null)
                {
                    problems.Add($"{path}.{name}: additionalProperties");
                }
            }
        }

        return problems;
    }

    private static IEnumerable<string> Types(JsonNode given) => given is JsonArray list ? list.Select(type => (string)type!) : [(string)given!];

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? (string)value! : null;

    private static bool Is(JsonNode? value, string type) => (type, value?.GetValueKind()) switch
    {
        ("null", null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };
}

/// <summary>A rule file as an editor's schema check sees it.</summary>
internal static class YamlJson
{
    public static JsonNode? Of(string yaml) => Of(YamlReader.Read(yaml, out _) ?? throw new FormatException(yaml));

    private static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, Of(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Of)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { Truth: { } truth } => JsonValue.Create(truth),
        YamlScalar { IsPlain: true } scalar when long.TryParse(scalar.Value, out var number) => JsonValue.Create(number),
        YamlScalar scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
