using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>The keys of one attribute that have a place of their own. A key of another shape than expected is left to Extra.</summary>
internal struct AttributeDraft
{
    private string? id;
    private string? code;
    private string? type;
    private string? description;
    private bool required;
    private bool inactive;
    private bool item;
    private JsonElement? subschema;
    private KeyFlags flags;
    private JsonElement? childType;
    private JsonElement? mode;
    private JsonElement? defaultValue;
    private JsonElement? sample;
    private JsonElement? allowed;
    private JsonElement? length;
    private JsonElement? precision;
    private JsonElement? scale;
    private string? reference;
    private string? referencePath;
    private List<KeyValuePair<string, JsonElement>>? constraints;

    public string Name { get; private set; } = "";

    public readonly AttributeRole Role =>
        item ? AttributeRole.Item : subschema is not null ? AttributeRole.Alternative : AttributeRole.Field;

    public JsonElement? Properties { get; private set; }

    public AttributeDraft()
    {
    }

    public readonly bool IsReference => type == "reference";

    /// <summary>Takes a key that has a place of its own; false leaves it to Extra.</summary>
    public bool Take(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TakeText(name, value) || TakeValue(name, value),
        JsonValueKind.True or JsonValueKind.False => TakeFlag(name, value) || TakeValue(name, value),
        _ => TakeValue(name, value),
    };

    /// <summary>Hands over what says more than the place it has: nothing written is lost.</summary>
    public readonly void Complete(FieldSink sink)
    {
        if (item && subschema is { } both)
        {
            sink.Add("subschema", both);
        }

        if (mode is { } modeValue && !modeValue.IsHollow())
        {
            sink.Add("mode", modeValue);
            if (childType is { } childValue)
            {
                sink.Add("childType", childValue);
            }
        }
    }

    public readonly EntityAttribute Build(string path, JsonFields extra, string? pointer, IReadOnlyList<EntityAttribute> children, FieldSink sink)
    {
        var mark = sink.Mark();
        AddParam(sink, "length", length);
        AddParam(sink, "precision", precision);
        AddParam(sink, "scale", scale);

        // "subschema" is what old versions of the tool called a document.
        var name = type == "subschema" ? "document" : type ?? "";
        var native = mode is { } m && !m.IsHollow() ? m.GetString() : childType?.GetString();
        return new()
        {
            Id = id is { Length: > 0 } ? id : path,
            IdKind = id is { Length: > 0 } ? IdKind.Guid : IdKind.Name,
            Path = path,
            Name = Name,
            TechnicalName = code is { Length: > 0 } ? code : null,
            Role = Role,
            Type = new(name, native is { Length: > 0 } && native != name ? native : null)
            {
                Params = sink.Take(mark),
                Repeated = name is "array" or "jsonArray",
                Nullable = name is "null",
                Ref = reference is { Length: > 0 } ? reference : referencePath,
                Enum = allowed is { } values ? [.. values.EnumerateArray()] : [],
            },
            Required = required,
            Default = Kept(defaultValue),
            Sample = Kept(sample),
            Constraints = constraints is null ? JsonFields.Empty : JsonFields.From(constraints),
            KeyFlags = flags,
            Description = description is { Length: > 0 } ? description : null,
            Active = !inactive,
            Children = children,
            Source = pointer is null ? null : new(pointer),
            Extra = extra,
        };
    }

    private static JsonElement? Kept(JsonElement? value) => value is { } given && !given.IsHollow() ? given : null;

    private static void AddParam(FieldSink sink, string name, JsonElement? value)
    {
        if (value is { } given)
        {
            sink.Add(name, given);
        }
    }

    private bool TakeText(string name, JsonElement value)
    {
        switch (name)
        {
            case "GUID": id = value.GetString(); return true;
            case "name": Name = value.GetString()!; return true;
            case "code": code = value.GetString(); return true;
            case "type": type = value.GetString(); return true;
            case "childType": childType = value; return true;
            case "mode": mode = value; return true;
            case "description": description = value.GetString(); return true;
            case "ref": reference = value.GetString(); return false;
            case "$ref": referencePath = value.GetString(); return false;
            case "foreignCollection": flags |= value.IsHollow() ? KeyFlags.None : KeyFlags.Foreign; return false;
            default: return false;
        }
    }

    private bool TakeFlag(string name, JsonElement value)
    {
        var on = value.ValueKind == JsonValueKind.True;
        switch (name)
        {
            case "required": required = on; return true;
            case "isActivated": inactive = !on; return true;
            case "primaryKey": flags |= on ? KeyFlags.Primary : KeyFlags.None; return true;
            case "unique": flags |= on ? KeyFlags.Unique : KeyFlags.None; return true;
            case "compositePrimaryKey": flags |= on ? KeyFlags.Primary : KeyFlags.None; return false;
            case "compositeUniqueKey": flags |= on ? KeyFlags.Unique : KeyFlags.None; return false;
            case "compositePartitionKey" or "partitionKey": flags |= on ? KeyFlags.Partition : KeyFlags.None; return false;
            case "compositeClusteringKey" or "sortKey": flags |= on ? KeyFlags.Clustering : KeyFlags.None; return false;
            case "arrayItem": item = on; return true;
            case "subschema": subschema = on ? value : null; return true;
            default: return false;
        }
    }

    private bool TakeValue(string name, JsonElement value)
    {
        switch (name)
        {
            case "properties" when value.ValueKind == JsonValueKind.Array: Properties = value; return true;
            case "enum" when value.ValueKind == JsonValueKind.Array: allowed = value; return true;
            case "default": defaultValue = value; return true;
            case "sample": sample = value; return true;
            case "length": length = value; return true;
            case "precision": precision = value; return true;
            case "scale": scale = value; return true;
            case "minLength" or "maxLength" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"
                or "pattern" or "format" or "minItems" or "maxItems" or "uniqueItems" or "minProperties" or "maxProperties":
                if (!value.IsHollow() && value.ValueKind != JsonValueKind.False)
                {
                    (constraints ??= []).Add(new(name, value));
                }

                return true;
            default: return false;
        }
    }
}
