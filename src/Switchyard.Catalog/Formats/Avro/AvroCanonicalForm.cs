using System.Text.Json;
using Switchyard.Catalog.Formats.Text;
using Switchyard.Catalog.Serialization;

namespace Switchyard.Catalog.Formats.Avro;

/// <summary>The Parsing Canonical Form of a schema (Avro 1.12 specification, "Transforming into Parsing Canonical Form").</summary>
internal sealed class AvroCanonicalForm
{
    private readonly CanonicalWriter json = new(withoutNoise: false);

    /// <summary>UTF-8; null when a name or a part of a type is missing.</summary>
    public static byte[]? Of(JsonElement schema)
    {
        var form = new AvroCanonicalForm();
        return form.Write(schema, "") ? form.json.Written.ToArray() : null;
    }

    private bool Write(JsonElement schema, string scope)
    {
        // Short names become full names: the form may be longer than the schema.
        if (json.Written.Length > Bounds.TextBytes)
        {
            return false;
        }

        switch (schema.ValueKind)
        {
            case JsonValueKind.String:
                json.Text(NameIn(schema.GetString()!, scope));
                return true;
            case JsonValueKind.Array:
                json.StartArray();
                foreach (var branch in schema.EnumerateArray())
                {
                    json.Item();
                    if (!Write(branch, scope))
                    {
                        return false;
                    }
                }

                json.EndArray();
                return true;
            case JsonValueKind.Object:
                return WriteObject(schema, scope);
            default:
                return false;
        }
    }

    private bool WriteObject(JsonElement schema, string scope)
    {
        if (schema.Get("type") is not { } type)
        {
            return false;
        }

        switch (type.AsText())
        {
            case null:
                return Write(type, scope);
            case "array":
                return schema.Get("items") is { } items && WritePart("array", "items", items, scope);
            case "map":
                return schema.Get("values") is { } values && WritePart("map", "values", values, scope);
            case "record" or "error" or "enum" or "fixed":
                return WriteNamed(schema, type.GetString()!, scope);
            case var name:
                json.Text(NameIn(name, scope));
                return true;
        }
    }

    private bool WritePart(string type, string key, JsonElement part, string scope)
    {
        json.StartObject();
        json.Name("type");
        json.Text(type);
        json.Name(key);
        if (!Write(part, scope))
        {
            return false;
        }

        json.EndObject();
        return true;
    }

    private bool WriteNamed(JsonElement schema, string type, string scope)
    {
        if (schema.Words("name") is not { } name)
        {
            return false;
        }

        var fullName = AvroTypes.FullName(name, schema.Text("namespace"), scope);
        var inner = fullName.LastIndexOf('.') is var dot and > 0 ? fullName[..dot] : "";
        json.StartObject();
        json.Name("name");
        json.Text(fullName);
        json.Name("type");
        json.Text(type);
        var sound = type switch
        {
            "enum" => WriteSymbols(schema),
            "fixed" => WriteSize(schema),
            _ => WriteFields(schema, inner),
        };
        json.EndObject();
        return sound;
    }

    private bool WriteFields(JsonElement schema, string scope)
    {
        if (schema.Get("fields") is not { ValueKind: JsonValueKind.Array } fields)
        {
            return false;
        }

        json.Name("fields");
        json.StartArray();
        foreach (var field in fields.EnumerateArray())
        {
            if (field.Words("name") is not { } name || field.Get("type") is not { } type)
            {
                return false;
            }

            json.Item();
            json.StartObject();
            json.Name("name");
            json.Text(name);
            json.Name("type");
            if (!Write(type, scope))
            {
                return false;
            }

            json.EndObject();
        }

        json.EndArray();
        return true;
    }

    private bool WriteSymbols(JsonElement schema)
    {
        json.Name("symbols");
        json.StartArray();
        foreach (var symbol in schema.Texts("symbols"))
        {
            json.Item();
            json.Text(symbol);
        }

        json.EndArray();
        return true;
    }

    private bool WriteSize(JsonElement schema)
    {
        if (schema.Get("size") is not { } size || !long.TryParse(size.AsScalar(), out var bytes))
        {
            return false;
        }

        json.Name("size");
        json.Number(bytes);
        return true;
    }

    private static string NameIn(string name, string scope) =>
        name is "null" or "boolean" or "int" or "long" or "float" or "double" or "bytes" or "string" ? name : AvroTypes.FullName(name, null, scope);
}
