using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.JsonSchema;

/// <summary>
/// Turns schemas of JSON Schema and OpenAPI into attributes. A <c>$ref</c> is kept as a reference and never followed, so nothing
/// can go round in circles.
/// </summary>
internal sealed class SchemaAttributes(ReadingContext context)
{
    private static readonly string[] Alternatives = ["oneOf", "anyOf", "allOf"];

    /// <summary>Every reference met, with the place of the one who refers.</summary>
    public List<(string Pointer, string Target)> References { get; } = [];

    public Entity ReadEntity(string name, JsonElement schema, string pointer, EntityKind kind) => new()
    {
        Id = pointer.Length == 0 ? "#" : pointer,
        IdKind = IdKind.Pointer,
        Name = name,
        Kind = kind,
        Description = schema.Words("description"),
        Type = schema.Get("properties") is null ? TypeOf(schema, pointer) : null,
        Attributes = ReadChildren(schema, pointer, ""),
        Source = new(pointer),
        Extra = Rest(schema, []),
    };

    public EntityAttribute? ReadOne(string name, JsonElement schema, string pointer, string parentPath, AttributeRole role, bool required)
    {
        if (!context.TakeAttribute())
        {
            return null;
        }

        var own = name.Length > 0 ? name : role == AttributeRole.Item ? "[]" : "(unnamed)";
        var path = NodePath.Join(parentPath, own);
        var constraints = new List<KeyValuePair<string, JsonElement>>();
        var extra = Rest(schema, constraints);
        return new()
        {
            Id = pointer,
            IdKind = IdKind.Pointer,
            Path = path,
            Name = name,
            Role = role,
            Type = TypeOf(schema, pointer),
            Required = required,
            Default = schema.Get("default"),
            Sample = schema.Get("example") ?? (schema.Items("examples").Any() ? schema.Items("examples").First() : null),
            Constraints = JsonFields.From(constraints),
            Description = schema.Words("description"),
            Children = ReadChildren(schema, pointer, path),
            Source = new(pointer),
            Extra = extra,
        };
    }

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private List<EntityAttribute> ReadChildren(JsonElement schema, string pointer, string path)
    {
        var children = new List<EntityAttribute>();
        void Add(string name, JsonElement child, string place, AttributeRole role, bool required)
        {
            if (child.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False
                && ReadOne(name, child, NodePath.Pointer(pointer, place), path, role, required) is { } read)
            {
                children.Add(read);
            }
        }

        if (schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            var required = schema.Texts("required").ToHashSet(StringComparer.Ordinal);
            foreach (var property in properties.EnumerateObject())
            {
                Add(property.Name, property.Value, "properties/" + Escape(property.Name), AttributeRole.Field, required.Contains(property.Name));
            }
        }

        if (schema.Get("items") is { ValueKind: JsonValueKind.Object } items)
        {
            Add("", items, "items", AttributeRole.Item, false);
        }

        if (schema.Get("additionalProperties") is { ValueKind: JsonValueKind.Object } others)
        {
            Add("*", others, "additionalProperties", AttributeRole.Item, false);
        }

        foreach (var list in Alternatives.Append("prefixItems").Append("items"))
        {
            var index = 0;
            foreach (var alternative in schema.Items(list))
            {
                Add("", alternative, $"{list}/{index++}", list is "prefixItems" or "items" ? AttributeRole.Item : AttributeRole.Alternative, false);
            }
        }

        return children;
    }

    private AttributeType TypeOf(JsonElement schema, string pointer)
    {
        if (schema.Text("$ref") is { } target)
        {
            References.Add((pointer, target));
            return new(target[(target.LastIndexOf('/') + 1)..]) { Ref = target };
        }

        var names = schema.Get("type") switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } => schema.Texts("type"),
            _ => [],
        };
        var solid = names.Where(name => name != "null").ToArray();
        var enumeration = schema.Get("enum") is { ValueKind: JsonValueKind.Array } values ? values.EnumerateArray().ToArray()
            : schema.Get("const") is { } only ? [only]
            : [];
        var type = solid.Length > 0 ? string.Join('|', solid)
            : names.Length > 0 ? "null"
            : schema.Get("properties") is not null ? "object"
            : schema.Get("items") is not null ? "array"
            : Alternatives.FirstOrDefault(list => schema.Get(list) is not null) ?? (enumeration.Length > 0 ? "enum" : "any");
        return new(type, schema.Words("format"))
        {
            Nullable = solid.Length < names.Length || schema.IsTrue("nullable"),
            Repeated = solid is ["array"] || type == "array",
            Enum = enumeration,
        };
    }

    private static JsonFields Rest(JsonElement schema, List<KeyValuePair<string, JsonElement>> constraints)
    {
        var extra = new List<KeyValuePair<string, JsonElement>>();
        foreach (var property in schema.AsMembers())
        {
            switch (property.Name)
            {
                case "minLength" or "maxLength" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" or "pattern"
                    or "minItems" or "maxItems" or "uniqueItems" or "minProperties" or "maxProperties":
                    constraints.Add(new(property.Name, property.Value));
                    break;
                case "type" or "properties" or "items" or "prefixItems" or "oneOf" or "anyOf" or "allOf" or "required" or "enum" or "const" or "format"
                    or "description" or "default" or "example" or "examples" or "$ref" or "$defs" or "definitions" or "nullable" or "$schema" or "$id" or "id":
                    break;
                case "additionalProperties" when property.Value.ValueKind == JsonValueKind.Object:
                    break;
                default:
                    extra.Add(new(property.Name, property.Value));
                    break;
            }
        }

        return JsonFields.From(extra);
    }
}
