using System.Text.Json;
using System.Text.RegularExpressions;

namespace Switchyard.Simulator.OpenApi;

/// <summary>Compiles schemas when first needed; references are resolved once, so recursive ones end.</summary>
internal sealed class SchemaCompiler(JsonElement root)
{
    private readonly Dictionary<string, Schema> compiled = new(StringComparer.Ordinal);

    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = Find(reference.GetString()!);
        }

        return element;
    }

    public Schema Compile(JsonElement element)
    {
        if (!element.TryGetProperty("$ref", out var reference))
        {
            return Fill(Shell(element), element);
        }

        var name = reference.GetString()!;
        if (!compiled.TryGetValue(name, out var schema))
        {
            var target = Resolve(element);
            // Known before its members are compiled: they may refer back to it.
            compiled[name] = schema = Shell(target);
            Fill(schema, target);
        }

        return schema;
    }

    private JsonElement Find(string reference)
    {
        var element = root;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
        {
            element = element.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return element;
    }

    private static Schema Shell(JsonElement element)
    {
        bool? additional = null;
        if (element.TryGetProperty("additionalProperties", out var rest))
        {
            additional = rest.ValueKind switch { JsonValueKind.False => false, JsonValueKind.True => true, _ => !rest.EnumerateObject().Any() ? true : null };
        }

        return new Schema
        {
            Type = String(element, "type"),
            Format = String(element, "format"),
            Nullable = element.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean(),
            Enum = element.TryGetProperty("enum", out var values) ? [.. values.EnumerateArray().Select(Schema.Text)] : null,
            Required = element.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array ? [.. required.EnumerateArray().Select(Schema.Text)] : [],
            AdditionalAllowed = additional,
            Pattern = String(element, "pattern") is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : null,
            Minimum = Number(element, "minimum"),
            Maximum = Number(element, "maximum"),
            MinLength = (int?)Number(element, "minLength"),
            MaxLength = (int?)Number(element, "maxLength"),
            MinItems = (int?)Number(element, "minItems"),
            MaxItems = (int?)Number(element, "maxItems"),
        };
    }

    private Schema Fill(Schema schema, JsonElement element)
    {
        if (element.TryGetProperty("properties", out var properties))
        {
            schema.Properties = properties.EnumerateObject().ToDictionary(property => property.Name, property => Compile(property.Value), StringComparer.Ordinal);
        }

        if (element.TryGetProperty("additionalProperties", out var rest) && rest.ValueKind == JsonValueKind.Object && rest.EnumerateObject().Any())
        {
            schema.Additional = Compile(rest);
        }

        if (element.TryGetProperty("items", out var items))
        {
            schema.Items = Compile(items);
        }

        var alternatives = IsUserOrEnterprise(element);
        schema.AllOf = alternatives ? [] : List(element, "allOf");
        // Branches overlap in GitHub's file, so oneOf cannot be held to exactly one.
        schema.OneOf = [.. List(element, "oneOf"), .. List(element, "anyOf"), .. alternatives ? List(element, "allOf") : []];
        return schema;
    }

    /// <summary>
    /// A slip in GitHub's file: GET /app/installations says allOf (a user and an enterprise at once) where the
    /// component "installation" says anyOf. No account could be both.
    /// </summary>
    private static bool IsUserOrEnterprise(JsonElement element) =>
        element.TryGetProperty("allOf", out var list) && list.EnumerateArray().Select(part => String(part, "title")).SequenceEqual(["Simple User", "Enterprise"]);

    private IReadOnlyList<Schema> List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(Compile)] : [];

    private static string? String(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
