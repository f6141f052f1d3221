using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Reads relationships and views (catalogue, section 2.6).</summary>
internal sealed class HackoladeRelations(NameTable names, FieldSink sink, HackoladeAttributes attributes, IReadOnlySet<string> entityIds)
{
    private readonly AttributeTally uncounted = new();

    public Relationship ReadRelationship(JsonElement element, int index)
    {
        var place = $"/relationships/{index}";
        var id = element.Words("GUID");
        return new()
        {
            Id = id ?? place,
            IdKind = id is null ? IdKind.Name : IdKind.Guid,
            Name = element.Words("name"),
            Kind = KindOf(element),
            From = End(element, "parentCollection", "parentField", "parentCardinality"),
            To = End(element, "childCollection", "childField", "childCardinality"),
            Description = element.Words("description"),
            Active = element.Get("isActivated")?.ValueKind != JsonValueKind.False,
            Attributes = attributes.Read(element.Get("properties"), "", place + "/properties", uncounted),
            Extra = Rest(element, static (name, value) => (name, value.ValueKind) switch
            {
                ("GUID" or "name" or "description" or "parentCollection" or "childCollection" or "parentCardinality" or "childCardinality", JsonValueKind.String) => true,
                ("isActivated", JsonValueKind.True or JsonValueKind.False) => true,
                ("parentField" or "childField" or "properties", JsonValueKind.Array) => true,
                _ => false,
            }),
        };
    }

    public View ReadView(JsonElement element, int index)
    {
        var place = $"/views/{index}";
        var id = element.Words("GUID");
        return new()
        {
            Id = id ?? place,
            IdKind = id is null ? IdKind.Name : IdKind.Guid,
            Name = element.Text("name") ?? "",
            TechnicalName = element.Words("code"),
            ContainerId = element.Words("bucketId"),
            On = element.Words("viewOn"),
            Statement = element.Words("selectStatement") ?? element.Words("pipeline"),
            Description = element.Words("description"),
            Active = element.Get("isActivated")?.ValueKind != JsonValueKind.False,
            Attributes = attributes.Read(element.Get("properties"), "", place + "/properties", uncounted),
            Extra = Rest(element, static (name, value) => (name, value.ValueKind) switch
            {
                ("GUID" or "name" or "code" or "bucketId" or "viewOn" or "selectStatement" or "description", JsonValueKind.String) => true,
                ("type", JsonValueKind.String) => value.ValueEquals("object"u8),
                ("isActivated", JsonValueKind.True or JsonValueKind.False) => true,
                ("properties", JsonValueKind.Array) => true,
                _ => false,
            }),
        };
    }

    private static RelationshipKind KindOf(JsonElement element) => element.Text("type") == "reference"
        ? RelationshipKind.Reference
        : element.Text("relationshipType") switch
        {
            "Foreign Key" => RelationshipKind.ForeignKey,
            "Foreign Master" => RelationshipKind.Master,
            _ => RelationshipKind.Edge,
        };

    private RelationshipEnd End(JsonElement element, string entity, string fields, string cardinality)
    {
        var id = element.Text(entity) ?? "";
        return new(id, entityIds.Contains(id), [.. element.Items(fields).Take(Bounds.Texts).Select(path => AttributeId(path, id))], element.Words(cardinality));
    }

    /// <summary>A path of GUIDs from the entity down, without the entity.</summary>
    private static string AttributeId(JsonElement path, string entityId)
    {
        var steps = path.AsItems().Select(step => step.AsText() ?? "").ToList();
        if (steps.Count > 0 && steps[0] == entityId)
        {
            steps.RemoveAt(0);
        }

        return string.Join('/', steps);
    }

    private JsonFields Rest(JsonElement element, Func<string, JsonElement, bool> hasPlace)
    {
        var mark = sink.Mark();
        foreach (var property in element.EnumerateObject())
        {
            var name = names.NameOf(property);
            if (!hasPlace(name, property.Value))
            {
                sink.Add(name, property.Value);
            }
        }

        return sink.Take(mark);
    }
}
