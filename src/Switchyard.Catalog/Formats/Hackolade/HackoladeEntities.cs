using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Reads <c>collections[]</c> (catalogue, section 2.3).</summary>
internal sealed class HackoladeEntities(
    ReadingContext context, NameTable names, FieldSink sink, HackoladeAttributes attributes, HackoladeReferences references, string? target)
{
    private readonly ReferenceMerge merge = new(context);

    public AttributeTally Own { get; } = new();

    /// <summary>What reference entities show through their copies, instead of their own attributes.</summary>
    public AttributeTally Referred { get; } = new();

    public int ReferenceEntities { get; private set; }

    public Entity Read(JsonElement element, int index, EntityLayout? layout)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var mark = sink.Mark();
        foreach (var property in element.EnumerateObject())
        {
            var name = names.NameOf(property);
            if (!HasPlace(name, property.Value))
            {
                sink.Add(name, property.Value);
            }
        }

        var extra = sink.Take(mark);
        var id = element.Words("GUID");
        var place = $"/collections/{index}";
        var isReference = element.Text("type") == "reference";
        ReferenceEntities += isReference ? 1 : 0;
        var own = attributes.Read(element.Get("properties"), "", place + "/properties", Own);
        var (referenceTo, shown) = isReference ? Resolve(element, own) : (null, own);
        return new()
        {
            Id = id ?? place,
            IdKind = id is null ? IdKind.Name : IdKind.Guid,
            Name = element.Words("collectionName") ?? element.Text("name") ?? "",
            TechnicalName = element.Words("code"),
            Kind = HackoladeTarget.EntitiesOf(target, element.Text("entityType"), element.Text("subtype")),
            Description = element.Words("description"),
            Active = element.Get("isActivated")?.ValueKind != JsonValueKind.False,
            Attributes = shown,
            Keys = Keys(element),
            Constraints = [.. element.Items("chkConstr")],
            Indexes = [.. element.Items("indexes"), .. element.Items("Indxs"), .. element.Items("SecIndxs")],
            ReferenceTo = referenceTo,
            Layout = layout,
            Source = new(place),
            Extra = extra,
        };
    }

    private static bool HasPlace(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => name is "GUID" or "collectionName" or "code" or "description" or "bucketId"
            || (name == "type" && value.GetString() is "object" or "reference"),
        JsonValueKind.True or JsonValueKind.False => name == "isActivated",
        JsonValueKind.Array => name is "properties" or "primaryKey" or "uniqueKey" or "compositePartitionKey" or "compositeClusteringKey"
            or "indexes" or "Indxs" or "SecIndxs" or "chkConstr",
        _ => false,
    };

    private List<EntityKey> Keys(JsonElement element)
    {
        var keys = new List<EntityKey>();
        TakeKeys(element.Items("primaryKey"), KeyKind.Primary, "compositePrimaryKey", keys);
        TakeKeys(element.Items("uniqueKey"), KeyKind.Unique, "compositeUniqueKey", keys);
        TakeKey(element, "compositePartitionKey", KeyKind.Partition, keys);
        TakeKey(element, "compositeClusteringKey", KeyKind.Clustering, keys);
        return keys;
    }

    private void TakeKeys(IEnumerable<JsonElement> list, KeyKind kind, string columns, List<EntityKey> keys)
    {
        foreach (var key in list.Where(key => key.ValueKind == JsonValueKind.Object).TakeWhile(_ => context.TakeItem()))
        {
            var mark = sink.Mark();
            foreach (var property in key.EnumerateObject())
            {
                if (!(property.Value.ValueKind == JsonValueKind.String && property.Name is "GUID" or "constraintName"))
                {
                    sink.Add(names.NameOf(property), property.Value);
                }
            }

            keys.Add(new(key.Text("GUID") ?? "", kind, key.Words("constraintName"), Ids(key.Items(columns))) { Extra = sink.Take(mark) });
        }
    }

    private void TakeKey(JsonElement element, string name, KeyKind kind, List<EntityKey> keys)
    {
        if (element.Get(name) is { ValueKind: JsonValueKind.Array } columns && columns.GetArrayLength() > 0)
        {
            var mark = sink.Mark();
            sink.Add(name, columns);
            keys.Add(new(name, kind, null, Ids(columns.AsItems())) { Extra = sink.Take(mark) });
        }
    }

    private static string[] Ids(IEnumerable<JsonElement> columns) =>
        [.. columns.Take(Bounds.Texts).Select(column => column.AsText() ?? column.Text("keyId")).OfType<string>()];

    private (EntityReference ReferenceTo, IReadOnlyList<EntityAttribute> Shown) Resolve(JsonElement element, IReadOnlyList<EntityAttribute> own)
    {
        if (element.Words("ref") is not { } guid || references.Snapshot(guid) is not { } snapshot)
        {
            var path = element.Text("$ref") ?? "";
            context.Note(ProblemCode.ReferenceUnresolved, $"The entity '{element.Text("collectionName")}' refers to '{path}', which is not in this file.");
            return (new(path, false), own);
        }

        var merged = element.Get("referenceDiff") is { } diff ? merge.Apply(snapshot, diff) : snapshot;
        var shown = attributes.Read(merged.Get("properties"), "", null, Referred);
        return (new(snapshot.Words("fieldRelativePath") ?? element.Text("$ref") ?? "", true), shown);
    }
}
