using System.Globalization;
using System.Text.RegularExpressions;
using Switchyard.Catalog;

namespace Switchyard.Server.Models.Diagrams;

/// <summary>Makes what is drawn of a model: how much of it is decided by how many entities there are.</summary>
internal static partial class DiagramBuilder
{
    /// <summary>Up to so many entities all fields are drawn; above, those of keys.</summary>
    public const int AllFields = 60;

    /// <summary>Above so many the picture begins with one entity and its neighbours.</summary>
    public const int Neighbours = 300;

    /// <summary>Above so many there is no picture of all: a table serves better.</summary>
    public const int Most = 1_000;

    private const int MostFields = 60;
    private const int LongestName = 200;

    /// <param name="modelId">The id of the model in the catalogue.</param>
    /// <param name="model">The model.</param>
    /// <param name="focus">The id of an entity, for it and its neighbours alone; null for all.</param>
    /// <returns>Null where the model has no entity of that id.</returns>
    public static ModelDiagram? Build(long modelId, Model model, string? focus)
    {
        var all = Ids(model);
        var keys = all.Select(each => each.Id).ToHashSet(StringComparer.Ordinal);
        if (focus is not null && !keys.Contains(focus))
        {
            return null;
        }

        var joined = model.Relationships.Where(one => keys.Contains(one.From.EntityId) && keys.Contains(one.To.EntityId)).ToList();
        var near = focus is null ? keys : [focus, .. joined.Where(one => one.From.EntityId == focus || one.To.EntityId == focus).SelectMany(one => new[] { one.From.EntityId, one.To.EntityId })];
        var shown = all.Where(each => near.Contains(each.Id)).ToList();
        var isWhole = shown.Count <= AllFields;
        var foreign = Foreign(joined);
        var names = all.DistinctBy(each => each.Id, StringComparer.Ordinal).ToDictionary(each => each.Id, each => Paths(each.Entity), StringComparer.Ordinal);
        var entities = shown.ConvertAll(each => Show(each, isWhole, foreign));
        return new ModelDiagram(
            modelId.ToString(CultureInfo.InvariantCulture),
            model.Name,
            all.Count,
            isWhole ? "all" : "keys",
            entities.Count > 0 && entities.TrueForAll(entity => entity.Place is not null) && entities.DistinctBy(entity => (entity.Place!.X, entity.Place.Y)).Count() > entities.Count / 2,
            focus,
            entities,
            [.. joined.Where(one => near.Contains(one.From.EntityId) && near.Contains(one.To.EntityId)).Select(one => Show(one, names))]);
    }

    private static List<Placed> Ids(Model model)
    {
        var met = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new List<Placed>();
        foreach (var container in model.Containers)
        {
            foreach (var entity in container.Entities)
            {
                var times = met[entity.Id] = met.GetValueOrDefault(entity.Id) + 1;
                all.Add(new Placed(times == 1 ? entity.Id : string.Create(CultureInfo.InvariantCulture, $"{entity.Id}#{times}"), container.Kind == ContainerKind.None ? null : container.Name, entity));
            }
        }

        return all;
    }

    /// <summary>The attributes that refer, by entity: formats that know keys only by relationships do not mark them.</summary>
    private static Dictionary<string, HashSet<string>> Foreign(List<Relationship> relationships)
    {
        var foreign = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var one in relationships.Where(one => one.Kind is RelationshipKind.ForeignKey or RelationshipKind.Reference))
        {
            if (!foreign.TryGetValue(one.To.EntityId, out var ids))
            {
                foreign[one.To.EntityId] = ids = new(StringComparer.Ordinal);
            }

            ids.UnionWith(one.To.AttributeIds);
        }

        return foreign;
    }

    private static DiagramEntity Show(Placed each, bool isWhole, Dictionary<string, HashSet<string>> foreign)
    {
        var entity = each.Entity;
        var fields = new List<DiagramField>();
        var count = 0;
        Add(entity.Attributes, 0, null);
        return new DiagramEntity(
            each.Id,
            Short(entity.Name),
            each.Container,
            entity.Kind.ToString(),
            entity.Active,
            entity.Layout?.Color is { } color && ColorForm().IsMatch(color) ? color.ToLowerInvariant() : null,
            entity.Layout is { Width: > 0, Height: > 0 } place && Math.Abs(place.X) < 1e6 && Math.Abs(place.Y) < 1e6 && place.Width < 1e4 && place.Height < 1e5 ? new DiagramPlace(place.X, place.Y, place.Width, place.Height) : null,
            fields,
            count - fields.Count);

        void Add(IReadOnlyList<EntityAttribute> attributes, int depth, string? above)
        {
            foreach (var attribute in attributes)
            {
                var id = above is null ? attribute.Id : $"{above}/{attribute.Id}";
                var isField = attribute.Role == AttributeRole.Field;
                if (isField)
                {
                    count++;
                    var keys = KeysOf(attribute, entity, foreign.GetValueOrDefault(each.Id), id);
                    if ((isWhole || keys is not null) && fields.Count < MostFields)
                    {
                        var type = Short(attribute.Type.Display) + (attribute.Type.Repeated ? "[]" : "");
                        fields.Add(new DiagramField(Short(attribute.Name), type, isWhole ? depth : 0, keys, attribute.Required, attribute.Active));
                    }
                }

                Add(attribute.Children, isField ? depth + 1 : depth, id);
            }
        }
    }

    private static string? KeysOf(EntityAttribute attribute, Entity entity, HashSet<string>? foreign, string id)
    {
        var isPrimary = attribute.KeyFlags.HasFlag(KeyFlags.Primary) || entity.Keys.Any(key => key.Kind == KeyKind.Primary && key.AttributeIds.Contains(id, StringComparer.Ordinal));
        var isForeign = attribute.KeyFlags.HasFlag(KeyFlags.Foreign) || foreign?.Contains(id) == true;
        string?[] marks =
        [
            isPrimary ? "PK" : null, isForeign ? "FK" : null, !isPrimary && attribute.KeyFlags.HasFlag(KeyFlags.Unique) ? "U" : null,
            attribute.KeyFlags.HasFlag(KeyFlags.Partition) ? "P" : null, attribute.KeyFlags.HasFlag(KeyFlags.Clustering) ? "C" : null,
        ];
        var text = string.Join(' ', marks.OfType<string>());
        return text.Length == 0 ? null : text;
    }

    private static DiagramRelationship Show(Relationship one, Dictionary<string, Dictionary<string, string>> names) => new(
        one.Name is { } name ? Short(name) : null, one.Kind.ToString(), one.From.EntityId, one.To.EntityId, one.From.Cardinality, one.To.Cardinality, NamesOf(one.From, names), NamesOf(one.To, names), one.Active);

    private static string[] NamesOf(RelationshipEnd end, Dictionary<string, Dictionary<string, string>> names) =>
        [.. end.AttributeIds.Select(id => names[end.EntityId].GetValueOrDefault(id)).OfType<string>()];

    private static Dictionary<string, string> Paths(Entity entity)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(entity.Attributes, null);
        return paths;

        void Add(IReadOnlyList<EntityAttribute> attributes, string? above)
        {
            foreach (var attribute in attributes)
            {
                var id = above is null ? attribute.Id : $"{above}/{attribute.Id}";
                paths.TryAdd(id, Short(attribute.Path));
                Add(attribute.Children, id);
            }
        }
    }

    private static string Short(string text) => text.Length <= LongestName ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestName - 1]) ? LongestName - 1 : LongestName), "…");

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ColorForm();

    private sealed record Placed(string Id, string? Container, Entity Entity);
}
