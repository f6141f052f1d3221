using Switchyard.Catalog;

namespace Switchyard.Server.Models;

/// <summary>What in a model matched a search: its kind, its name, and where it stands.</summary>
public sealed record ModelMatch(string Kind, string Name, string? In);

/// <summary>Says what in a model holds the text that was searched for.</summary>
internal static class ModelMatches
{
    private const int Most = 5;

    public static IReadOnlyList<ModelMatch> Find(ModelRow row, Model? model, string text)
    {
        var matches = new List<ModelMatch>();
        Add("model", row.Name, null);
        Add("path", row.Path, null);
        Add("repository", row.Repository, null);
        foreach (var container in model?.Containers ?? [])
        {
            Add("container", container.Name, null);
            foreach (var entity in container.Entities)
            {
                Add("entity", entity.Name, container.Kind == ContainerKind.None ? null : container.Name);
                AddAttributes(entity.Attributes, entity.Name);
            }
        }

        foreach (var definition in model?.Definitions ?? [])
        {
            Add("definition", definition.Name, null);
            AddAttributes(definition.Attributes, definition.Name);
        }

        foreach (var operation in model?.Operations ?? [])
        {
            Add("operation", operation.Id, null);
        }

        return matches;

        void Add(string kind, string name, string? where)
        {
            if (matches.Count < Most && name.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                matches.Add(new ModelMatch(kind, name, where));
            }
        }

        void AddAttributes(IReadOnlyList<EntityAttribute> attributes, string entity)
        {
            foreach (var attribute in attributes)
            {
                if (matches.Count == Most)
                {
                    return;
                }

                Add("attribute", attribute.Name, entity);
                AddAttributes(attribute.Children, entity);
            }
        }
    }
}
