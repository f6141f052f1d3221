using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Reads a Hackolade model (catalogue, section 2).</summary>
internal sealed class HackoladeReader
{
    private readonly JsonElement root;
    private readonly ModelFile file;
    private readonly ReadingContext context;
    private readonly NameTable names = NameTable.Current;
    private readonly FieldSink sink = new();
    private readonly HackoladeAttributes attributes;
    private readonly HackoladeEntities entities;
    private readonly string? target;
    private readonly List<(JsonElement Element, int Index)> buckets;

    private HackoladeReader(JsonElement root, ModelFile file, ReadingContext context)
    {
        (this.root, this.file, this.context) = (root, file, context);
        buckets = [.. Objects("buckets")];
        target = root.Words("appTarget") ?? root.Words("dbVendor");
        var references = new HackoladeReferences(root, context);
        attributes = new(context, names, sink, references);
        entities = new(context, names, sink, attributes, references, target);
    }

    /// <summary>A file that is a model by name is one by content when it has entities, or is at least written by the tool.</summary>
    public static bool Holds(JsonElement root) =>
        root.Has("collections", JsonValueKind.Array)
        || (root.Has("persistenceSchemaVersion", JsonValueKind.String) && (root.Has("appTarget", JsonValueKind.String) || root.Has("modelName", JsonValueKind.String)));

    public static Model Read(JsonElement root, ModelFile file, ReadingContext context) => new HackoladeReader(root, file, context).Read();

    private Model Read()
    {
        var layouts = Layouts();
        var read = new List<(string? ContainerId, Entity Entity)>();
        var index = 0;
        foreach (var element in root.Items("collections"))
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                if (!context.TakeItem())
                {
                    break;
                }

                read.Add((element.Words("bucketId"), entities.Read(element, index, layouts.GetValueOrDefault(element.Text("GUID") ?? ""))));
            }
            else
            {
                context.Warn(ProblemCode.Malformed, $"collections[{index}] is no object.");
            }

            index++;
        }

        WeakenRepeatedIds(read);
        var ids = read.Select(each => each.Entity.Id).ToHashSet(StringComparer.Ordinal);
        var relations = new HackoladeRelations(names, sink, attributes, ids);
        var definitions = new HackoladeDefinitions(context, sink, attributes, RepositoryPath.FolderOf(file.Path));
        var containers = Containers(read);
        var model = new Model
        {
            Path = file.Path,
            Format = ModelFormat.Hackolade,
            Name = root.Words("modelName") ?? root.Words("databaseName") ?? NameOf(file.Path),
            TechnicalName = root.Words("code"),
            Target = target,
            TargetVersion = root.Words("dbVersion"),
            AuthorVersion = root.Scalar("version"),
            Description = root.Words("description"),
            Tags = root.Texts("tags"),
            Containers = containers,
            Relationships = [.. Objects("relationships").Select(each => relations.ReadRelationship(each.Element, each.Index))],
            Views = [.. Objects("views").Select(each => relations.ReadView(each.Element, each.Index))],
            Definitions = definitions.Read(root, "definitions"),
            Snapshots = [.. definitions.Read(root, "polyglotDefinitions"), .. definitions.Read(root, "externalDefinitions")],
            Links = HackoladeLineage.Read(root, file.Path),
            Facts = Facts(),
        };
        return model with { Counts = Count(model, read.Count), Problems = context.Problems, Status = context.Status };
    }

    /// <summary>The name of a file without <c>.hck.json</c> or <c>.json</c>.</summary>
    public static string NameOf(string path)
    {
        var name = RepositoryPath.NameOf(path);
        foreach (var suffix in new[] { ".hck.json", ".json" })
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && name.Length > suffix.Length)
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }

    private IEnumerable<(JsonElement Element, int Index)> Objects(string list) =>
        root.Items(list).Select((element, index) => (element, index))
            .Where(each => each.element.ValueKind == JsonValueKind.Object)
            .TakeWhile(_ => context.TakeItem());

    private ModelCounts Count(Model model, int entityCount) => new()
    {
        Containers = buckets.Count,
        Entities = entityCount,
        ReferenceEntities = entities.ReferenceEntities,
        AttributeNodes = entities.Own.Nodes,
        Attributes = entities.Own.Attributes,
        AttributesResolved = entities.Own.Attributes + entities.Referred.Attributes,
        Relationships = model.Relationships.Count,
        Views = model.Views.Count,
        Definitions = model.Definitions.Count,
    };

    private Dictionary<string, EntityLayout> Layouts()
    {
        var layouts = new Dictionary<string, EntityLayout>(StringComparer.Ordinal);
        var level = root.Get("settings")?.Get("centralPane")?.Get("dbLevel");
        foreach (var place in (level?.Items("erd") ?? []).Take(Bounds.Items))
        {
            if (place.Words("GUID") is { } id)
            {
                layouts[id] = new(Number(place, "x"), Number(place, "y"), Number(place, "width"), Number(place, "height"), place.Words("color"));
            }
        }

        return layouts;
    }

    private static double Number(JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : 0;

    private static void WeakenRepeatedIds(List<(string? ContainerId, Entity Entity)> read)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        var repeated = read.Where(each => !met.Add(each.Entity.Id)).Select(each => each.Entity.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; repeated.Count > 0 && i < read.Count; i++)
        {
            if (repeated.Contains(read[i].Entity.Id))
            {
                read[i] = (read[i].ContainerId, read[i].Entity with { IdKind = IdKind.Path });
            }
        }
    }

    /// <summary>An entity belongs where its <c>bucketId</c> says, else where <c>collectionIds</c> lists it, else to no container.</summary>
    private List<Container> Containers(List<(string? ContainerId, Entity Entity)> read)
    {
        var known = buckets.Select(each => each.Element.Text("GUID") ?? "").ToHashSet(StringComparer.Ordinal);
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (bucket, _) in buckets)
        {
            foreach (var id in bucket.Items("collectionIds").Select(id => id.AsText()).OfType<string>())
            {
                listed.TryAdd(id, bucket.Text("GUID") ?? "");
            }
        }

        var members = read.ToLookup(
            each => each.ContainerId is { } id && known.Contains(id) ? id : listed.GetValueOrDefault(each.Entity.Id),
            each => each.Entity,
            StringComparer.Ordinal);
        var containers = new List<Container>();
        var filled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (bucket, index) in buckets)
        {
            var id = bucket.Text("GUID") ?? "";
            containers.Add(ReadContainer(bucket, index, filled.Add(id) ? [.. members[id]] : []));
        }

        if (members[null].Any())
        {
            containers.Add(new() { Id = "", Name = "(no container)", Kind = ContainerKind.None, Entities = [.. members[null]] });
        }

        return containers;
    }

    private Container ReadContainer(JsonElement bucket, int index, IReadOnlyList<Entity> members)
    {
        var mark = sink.Mark();
        foreach (var property in bucket.EnumerateObject())
        {
            var name = names.NameOf(property);
            var hasPlace = (name, property.Value.ValueKind) switch
            {
                ("GUID" or "name" or "code" or "description", JsonValueKind.String) => true,
                ("type", JsonValueKind.String) => property.Value.ValueEquals("bucket"u8),
                ("isActivated", JsonValueKind.True or JsonValueKind.False) => true,
                ("collectionIds", JsonValueKind.Array) => true,
                _ => false,
            };
            if (!hasPlace)
            {
                sink.Add(name, property.Value);
            }
        }

        return new()
        {
            Id = bucket.Words("GUID") ?? $"/buckets/{index}",
            Name = bucket.Text("name") ?? "",
            TechnicalName = bucket.Words("code"),
            Kind = HackoladeTarget.ContainersOf(target),
            Description = bucket.Words("description"),
            Active = bucket.Get("isActivated")?.ValueKind != JsonValueKind.False,
            Entities = members,
            Extra = sink.Take(mark),
        };
    }

    /// <summary>A section of definitions has an id of its own, which counts (catalogue, section 6, modifiedByKind).</summary>
    private static JsonElement WithoutProperties(JsonElement section)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in section.EnumerateObject().Where(property => property.Name != "properties"))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonText.ParseUtf8(buffer.WrittenSpan).Root;
    }

    private JsonFields Facts()
    {
        var mark = sink.Mark();
        foreach (var property in root.EnumerateObject())
        {
            var name = names.NameOf(property);
            if (HackoladeNoise.Shown.Contains(name))
            {
                sink.AddShown(name, property.Value);
            }
            else if (name is "definitions" or "polyglotDefinitions" or "externalDefinitions" && property.Value.ValueKind == JsonValueKind.Object)
            {
                sink.Add(name, WithoutProperties(property.Value));
            }
            else if (name is not ("modelName" or "code" or "appTarget" or "dbVersion" or "version" or "description" or "tags" or "buckets"
                or "collections" or "relationships" or "views" or "polyglotModelPaths"))
            {
                sink.Add(name, property.Value);
            }
        }

        return sink.Take(mark);
    }
}
