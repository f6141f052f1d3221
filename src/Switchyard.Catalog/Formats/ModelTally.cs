namespace Switchyard.Catalog.Formats;

/// <summary>Counts a model that is read whole: no reference entities, so resolved attributes are attributes.</summary>
internal static class ModelTally
{
    public static Model Counted(Model model, ReadingContext context)
    {
        var (nodes, attributes) = (0, 0);
        foreach (var entity in model.Entities)
        {
            Count(entity.Attributes, ref nodes, ref attributes);
        }

        return model with
        {
            Counts = new()
            {
                Containers = model.Containers.Count(container => container.Kind != ContainerKind.None),
                Entities = model.Entities.Count(),
                AttributeNodes = nodes,
                Attributes = attributes,
                AttributesResolved = attributes,
                Relationships = model.Relationships.Count,
                Views = model.Views.Count,
                Definitions = model.Definitions.Count,
            },
            Problems = context.Problems,
            Status = context.Status,
        };
    }

    public static Container Unnamed(IReadOnlyList<Entity> entities) => new() { Id = "", Name = "", Kind = ContainerKind.None, Entities = entities };

    private static void Count(IReadOnlyList<EntityAttribute> list, ref int nodes, ref int attributes)
    {
        foreach (var attribute in list)
        {
            nodes++;
            attributes += attribute.Role == AttributeRole.Field ? 1 : 0;
            Count(attribute.Children, ref nodes, ref attributes);
        }
    }
}
