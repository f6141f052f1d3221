using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Rules.Language;

/// <summary>Writes the table of the language as a JSON Schema.</summary>
internal static class SchemaWriter
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Write(MapSpec file)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Switchyard rules",
            ["description"] = "What a change in one repository starts in others. Placeholders such as ${{ signal.sha }} read: "
                + string.Join(", ", PlaceholderFields.All.Select(field => field.Name)) + ".",
        };
        foreach (var (name, value) in Of(file).ToArray())
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonObject Of(Spec spec) => spec switch
    {
        MapSpec { Short: { } form } map => new() { ["anyOf"] = new JsonArray(Of(form), Map(map)) },
        MapSpec map => Map(map),
        ListSpec { OneAlone: true } list => new() { ["anyOf"] = new JsonArray(Of(list.Item), Array(list)) },
        ListSpec list => Array(list),
        WordSpec words => new() { ["enum"] = Texts(words.Words) },
        TruthSpec => new() { ["type"] = "boolean" },
        VersionSpec => new() { ["const"] = 1 },
        FreeMapSpec map => new() { ["type"] = "object", ["additionalProperties"] = Of(map.Value) },
        PayloadSpec => new() { ["type"] = "object", ["maxProperties"] = DispatchLimits.PayloadKeys - 1 },
        TextSpec text => OfText(text),
        _ => [],
    };

    private static JsonObject Map(MapSpec map)
    {
        var schema = new JsonObject
        {
            ["type"] = map.MayBeEmpty ? new JsonArray("object", "null") : "object",
            ["additionalProperties"] = false,
        };
        if (map.OneKey || map.SomeKey)
        {
            schema["minProperties"] = 1;
        }

        if (map.OneKey)
        {
            schema["maxProperties"] = 1;
        }

        if (map.Keys.Where(key => key.Presence == Presence.Required).Select(key => key.Name).ToArray() is { Length: > 0 } required)
        {
            schema["required"] = Texts(required);
        }

        var properties = new JsonObject();
        foreach (var key in map.Keys)
        {
            var value = Of(key.Value);
            value["description"] = key.Sentence + (key.Default is null ? "" : $" Default: {key.Default}.");
            properties[key.Name] = value;
        }

        schema["properties"] = properties;
        return schema;
    }

    private static JsonObject Array(ListSpec list) => new() { ["type"] = "array", ["minItems"] = 1, ["maxItems"] = list.Most, ["items"] = Of(list.Item) };

    private static JsonObject OfText(TextSpec text)
    {
        // A branch 1.0, an input true and a workflow's id are texts to us, whatever YAML takes them for.
        var schema = new JsonObject
        {
            ["type"] = text.Kind is TextKind.Duration or TextKind.Cron or TextKind.TimeZone ? "string" : new JsonArray("string", "number", "boolean"),
        };
        if (text.Kind != TextKind.Template)
        {
            schema["minLength"] = 1;
        }

        if (text.Pattern is not null)
        {
            schema["pattern"] = text.Pattern;
        }

        if (text.Kind == TextKind.RuleName)
        {
            schema["maxLength"] = 100;
        }

        schema["examples"] = new JsonArray(text.Example);
        return schema;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
