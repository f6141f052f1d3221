using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Avro;

/// <summary>Reads types; named ones become entities, and whoever names them afterwards refers to them.</summary>
internal sealed class AvroTypes(ReadingContext context)
{
    private static readonly HashSet<string> Primitives =
        new(StringComparer.Ordinal) { "null", "boolean", "int", "long", "float", "double", "bytes", "string" };

    private readonly List<Entity> entities = [];
    private readonly List<(string Owner, string Field, string Target)> references = [];

    public IReadOnlyList<Entity> Entities => entities;

    public static string FullName(string name, string? space, string scope) =>
        NodePath.Name(name.Contains('.') ? name : (space ?? scope) is { Length: > 0 } prefix ? $"{NodePath.Name(prefix)}.{NodePath.Name(name)}" : name);

    public IEnumerable<Relationship> Relationships()
    {
        var known = entities.Select(entity => entity.Id).ToHashSet(StringComparer.Ordinal);
        return references.Where(reference => known.Contains(reference.Target)).Select(reference => new Relationship
        {
            Id = $"{reference.Owner}#{reference.Field}#{reference.Target}",
            IdKind = IdKind.Name,
            Kind = RelationshipKind.Reference,
            From = new(reference.Target, true, [], null),
            To = new(reference.Owner, true, [reference.Field], null),
        });
    }

    /// <param name="type">A name, a union, or an object.</param>
    /// <param name="scope">The enclosing namespace.</param>
    /// <param name="owner">The record and field that use the type, "record#field"; "" at the top.</param>
    public AttributeType Read(JsonElement type, string scope, string owner)
    {
        switch (type.ValueKind)
        {
            case JsonValueKind.String:
                return Named(type.GetString()!, scope, owner);
            case JsonValueKind.Array:
                return Union(type, scope, owner);
            case JsonValueKind.Object:
                return Complex(type, scope, owner);
            default:
                context.Warn(ProblemCode.Malformed, $"A type of '{owner}' is neither a name, a union nor an object.");
                return new("unknown");
        }
    }

    public IReadOnlyList<EntityAttribute> Fields(JsonElement? fields, string scope, string path, string owner)
    {
        var read = new List<EntityAttribute>();
        foreach (var field in fields?.AsItems() ?? [])
        {
            if (!context.TakeAttribute())
            {
                break;
            }

            if (field.Text("name") is not { } name)
            {
                context.Warn(ProblemCode.Malformed, $"A field of '{owner}' has no name.");
                continue;
            }

            var type = field.Get("type");
            read.Add(new()
            {
                Id = name,
                IdKind = IdKind.NameAlias,
                Path = NodePath.Join(path, name),
                Name = name,
                Type = type is { } given ? Read(given, scope, $"{owner}#{name}") : new("unknown"),
                Required = field.Get("default") is null,
                Default = field.Get("default"),
                Description = field.Words("doc"),
                Children = type is { } parts ? Parts(parts, scope, $"{owner}#{name}", name) : [],
                Extra = new FactList().AddMembers(field, key => key is "name" or "type" or "default" or "doc").ToFields(),
            });
        }

        return read;
    }

    private AttributeType Named(string name, string scope, string owner)
    {
        if (Primitives.Contains(name))
        {
            return new(name) { Nullable = name == "null" };
        }

        return Refer(FullName(name, null, scope), owner);
    }

    private AttributeType Refer(string fullName, string owner)
    {
        if (owner.Split('#') is [var record, var field])
        {
            references.Add((record, field, fullName));
        }

        return new(fullName[(fullName.LastIndexOf('.') + 1)..]) { Ref = fullName };
    }

    private AttributeType Union(JsonElement union, string scope, string owner)
    {
        var branches = union.EnumerateArray().ToList();
        var solid = branches.Where(branch => branch.AsText() != "null").ToList();
        var nullable = solid.Count < branches.Count;
        var type = solid.Count == 1 ? Read(solid[0], scope, owner) : new AttributeType("union");
        return type with { Nullable = nullable };
    }

    private AttributeType Complex(JsonElement type, string scope, string owner)
    {
        if (type.Get("type") is not { ValueKind: JsonValueKind.String } kind)
        {
            return type.Get("type") is { } nested ? Read(nested, scope, owner) : new("unknown");
        }

        switch (kind.GetString()!)
        {
            case "record" or "error" or "enum" or "fixed":
                return Refer(Define(type, kind.GetString()!, scope), owner);
            case "array":
                return new("array") { Repeated = true };
            case "map":
                return new("map") { Repeated = true };
            case var name:
                return Named(name, scope, owner) with
                {
                    Native = type.Words("logicalType"),
                    Params = new FactList().Add("precision", type.Get("precision")).Add("scale", type.Get("scale")).ToFields(),
                };
        }
    }

    /// <summary>The parts of a type that has any: items of arrays, values of maps, branches of unions.</summary>
    private List<EntityAttribute> Parts(JsonElement type, string scope, string owner, string path)
    {
        var parts = new List<EntityAttribute>();
        if (type.ValueKind == JsonValueKind.Array)
        {
            var solid = type.EnumerateArray().Where(branch => branch.AsText() != "null").ToList();
            if (solid.Count == 1)
            {
                return Parts(solid[0], scope, owner, path);
            }

            for (var i = 0; i < solid.Count; i++)
            {
                AddPart(parts, solid[i], scope, owner, path, $"{i}", AttributeRole.Alternative);
            }
        }
        else if (type.Text("type") is "array" or "map" && (type.Get("items") ?? type.Get("values")) is { } items)
        {
            AddPart(parts, items, scope, owner, path, "[]", AttributeRole.Item);
        }

        return parts;
    }

    private void AddPart(List<EntityAttribute> parts, JsonElement type, string scope, string owner, string path, string step, AttributeRole role)
    {
        if (context.TakeAttribute())
        {
            var own = NodePath.Join(path, step);
            parts.Add(new()
            {
                Id = step,
                IdKind = IdKind.Path,
                Path = own,
                Name = "",
                Role = role,
                Type = Read(type, scope, owner),
                Children = Parts(type, scope, owner, own),
            });
        }
    }

    private string Define(JsonElement type, string kind, string scope)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var name = type.Words("name") ?? "(unnamed)";
        var fullName = FullName(name, type.Text("namespace"), scope);
        var dot = fullName.LastIndexOf('.');
        var inner = dot > 0 ? fullName[..dot] : "";
        var place = entities.Count;
        var entity = new Entity
        {
            Id = fullName,
            IdKind = IdKind.NameAlias,
            Name = fullName[(dot + 1)..],
            Kind = EntityKind.Record,
            Description = type.Words("doc"),
            Type = kind is "enum" or "fixed"
                ? new(kind, type.Words("logicalType"))
                {
                    Enum = [.. type.Items("symbols")],
                    Params = new FactList().Add("size", type.Get("size")).Add("precision", type.Get("precision")).Add("scale", type.Get("scale")).ToFields(),
                }
                : null,
            Extra = new FactList()
                .AddMembers(type, key => key is "type" or "name" or "namespace" or "fields" or "doc" or "symbols" or "size" or "logicalType" or "precision" or "scale")
                .ToFields(),
        };

        // The place is taken before the fields are read, so that outer types come first.
        if (!context.TakeItem())
        {
            return fullName;
        }

        entities.Add(entity);
        if (kind is "record" or "error")
        {
            entities[place] = entity with { Attributes = Fields(type.Get("fields"), inner, "", fullName) };
        }

        return fullName;
    }
}
