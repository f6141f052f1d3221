using Switchyard.Catalog;

namespace Switchyard.Server.Catalogue;

/// <summary>One thing of a model that has attributes: an entity, a view, a definition, an operation.</summary>
public sealed record SchemaItem(string Key, string Group, string Name, string? TechnicalName, string Kind, string? Description, bool Active, int Attributes)
{
    public IReadOnlyList<EntityKey> Keys { get; init; } = [];

    public EntityReference? Reference { get; init; }

    public string? Statement { get; init; }

    public int Constraints { get; init; }

    public int Indexes { get; init; }
}

/// <summary>An attribute as a line of the table; <c>IsMatch</c>: its name has what is searched for.</summary>
public sealed record SchemaRow(EntityAttribute Attribute, int Depth, bool IsMatch);

/// <summary>What the schema tab shows: all entities as a list, one of them open, as many of its attributes as a page holds.</summary>
public sealed record SchemaView(
    string? Text, IReadOnlyList<SchemaItem> Items, int Hidden, SchemaItem? Open, IReadOnlyList<SchemaRow> Rows, int At, int Total, IReadOnlyList<(string Direction, string Other, string Key, Relationship Relationship)> Joins)
{
    public const int MostItems = 300;
    public const int MostRows = 500;

    /// <param name="model">The model.</param>
    /// <param name="text">What names of entities or attributes must hold; null for all.</param>
    /// <param name="key">The item that is open; the first where it is null or not there.</param>
    /// <param name="at">The first attribute of the page, from 0.</param>
    public static SchemaView Of(Model model, string? text, string? key, int at)
    {
        var wanted = string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        var all = ListAll(model);
        var found = wanted is null ? all : all.FindAll(each => Has(each.Item.Name, wanted) || Has(each.Item.TechnicalName, wanted) || AnyHas(each.Attributes, wanted));
        var open = key is { Length: > 0 } ? all.Find(each => each.Item.Key == key) : default;
        open = open.Item is null ? found.FirstOrDefault() : open;
        var rows = new List<SchemaRow>();
        if (open.Item is not null)
        {
            Flatten(open.Attributes, 0, wanted, rows);
        }

        at = at < rows.Count ? at : 0;
        return new SchemaView(
            wanted, [.. found.Take(MostItems).Select(each => each.Item)], Math.Max(0, found.Count - MostItems), open.Item, [.. rows.Skip(at).Take(MostRows)], at, rows.Count, open.Item is null ? [] : JoinsOf(model, open.Item.Key, all));
    }

    private static List<(SchemaItem Item, IReadOnlyList<EntityAttribute> Attributes)> ListAll(Model model)
    {
        var all = new List<(SchemaItem, IReadOnlyList<EntityAttribute>)>();
        var met = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var container in model.Containers)
        {
            var group = container.Kind == ContainerKind.None ? "" : container.Name;
            foreach (var entity in container.Entities)
            {
                all.Add(Of(entity, group, entity.Kind.ToString(), Unique(entity.Id), container.Active));
            }
        }

        foreach (var view in model.Views)
        {
            all.Add((new SchemaItem(Unique("view:" + view.Id), "Views", view.Name, view.TechnicalName, "View", view.Description, view.Active, Count(view.Attributes)) { Statement = view.Statement }, view.Attributes));
        }

        foreach (var definition in model.Definitions)
        {
            all.Add(Of(definition, "Definitions", definition.Type?.Display ?? "Definition", Unique("definition:" + definition.Id), true));
        }

        foreach (var operation in model.Operations)
        {
            IReadOnlyList<EntityAttribute> both = [.. operation.Inputs, .. operation.Outputs];
            all.Add((new SchemaItem(Unique("operation:" + operation.Id), "Operations", operation.Id, operation.Name, "Operation", operation.Description, !operation.Deprecated, Count(both)), both));
        }

        return all;

        string Unique(string id)
        {
            var times = met[id] = met.GetValueOrDefault(id) + 1;
            return times == 1 ? id : $"{id}#{times.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        }
    }

    private static (SchemaItem Item, IReadOnlyList<EntityAttribute> Attributes) Of(Entity entity, string group, string kind, string key, bool active) => (
        new SchemaItem(key, group, entity.Name, entity.TechnicalName, kind, entity.Description, entity.Active && active, Count(entity.Attributes))
        {
            Keys = entity.Keys,
            Reference = entity.ReferenceTo,
            Constraints = entity.Constraints.Count,
            Indexes = entity.Indexes.Count,
        },
        entity.Attributes);

    private static List<(string Direction, string Other, string Key, Relationship Relationship)> JoinsOf(Model model, string key, List<(SchemaItem Item, IReadOnlyList<EntityAttribute> Attributes)> all)
    {
        var names = all.DistinctBy(each => each.Item.Key, StringComparer.Ordinal).ToDictionary(each => each.Item.Key, each => each.Item.Name, StringComparer.Ordinal);
        return
        [
            .. model.Relationships.Where(one => one.To.EntityId == key).Select(one => ("refers to", names.GetValueOrDefault(one.From.EntityId) ?? one.From.EntityId, one.From.EntityId, one))
                .Concat(model.Relationships.Where(one => one.From.EntityId == key && one.To.EntityId != key).Select(one => ("is referred to by", names.GetValueOrDefault(one.To.EntityId) ?? one.To.EntityId, one.To.EntityId, one)))
                .Take(100),
        ];
    }

    private static void Flatten(IReadOnlyList<EntityAttribute> attributes, int depth, string? wanted, List<SchemaRow> rows)
    {
        foreach (var attribute in attributes)
        {
            rows.Add(new SchemaRow(attribute, depth, wanted is not null && (Has(attribute.Name, wanted) || Has(attribute.TechnicalName, wanted))));
            Flatten(attribute.Children, depth + 1, wanted, rows);
        }
    }

    private static bool AnyHas(IReadOnlyList<EntityAttribute> attributes, string wanted) => attributes.Any(attribute => Has(attribute.Name, wanted) || Has(attribute.TechnicalName, wanted) || AnyHas(attribute.Children, wanted));

    private static bool Has(string? name, string wanted) => name?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true;

    private static int Count(IReadOnlyList<EntityAttribute> attributes) => attributes.Sum(attribute => 1 + Count(attribute.Children));
}
