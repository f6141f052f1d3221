using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Dbt;

/// <summary>Reads dbt projects as far as YAML and the manifest say it; Jinja is never run.</summary>
internal static class DbtReader
{
    /// <summary>Reads <c>dbt_project.yml</c> or a properties file; null for other YAML.</summary>
    public static Model? Read(JsonElement root, ModelFile file, ReadingContext context)
    {
        if (RepositoryPath.NameOf(file.Path) == "dbt_project.yml")
        {
            return root.Scalar("name") is { } name ? Project(root, name, file) : null;
        }

        // "version: 2" tells a properties file from any other schema.yml.
        if (root.Scalar("version") != "2"
            || !(root.Has("models", JsonValueKind.Array) || root.Has("sources", JsonValueKind.Array) || root.Has("exposures", JsonValueKind.Array)))
        {
            return null;
        }

        var containers = new List<Container>();
        var models = root.Items("models").TakeWhile(_ => context.TakeItem()).Select(model => Table(model, model.Text("name") ?? "", IdKind.Name, context)).ToList();
        if (models.Count > 0)
        {
            containers.Add(ModelTally.Unnamed(models));
        }

        foreach (var source in root.Items("sources").TakeWhile(_ => context.TakeItem()))
        {
            var name = source.Text("name") ?? "";
            containers.Add(new()
            {
                Id = name,
                Name = name,
                Kind = ContainerKind.Schema,
                Description = source.Words("description"),
                Entities = [.. source.Items("tables").TakeWhile(_ => context.TakeItem()).Select(table => Table(table, $"{name}.{table.Text("name")}", IdKind.Name, context))],
            });
        }

        return ModelTally.Counted(
            new Model
            {
                Path = file.Path,
                Format = ModelFormat.Dbt,
                Name = FailedModel.NameOf(file.Path),
                Target = "dbt",
                Containers = containers,
                Facts = new FactList().Add("exposures", [.. root.Items("exposures").Select(exposure => exposure.Text("name")).OfType<string>()]).ToFields(),
            },
            context);
    }

    public static Model ReadManifest(JsonElement root, ModelFile file, ReadingContext context)
    {
        var metadata = root.Get("metadata") ?? default;
        var entities = new List<Entity>();
        var relationships = new List<Relationship>();
        foreach (var node in root.Members("nodes").Concat(root.Members("sources")))
        {
            if (node.Value.Text("resource_type") is "model" or "seed" or "snapshot" or "source" && context.TakeItem())
            {
                entities.Add(Table(node.Value, node.Name, IdKind.UniqueId, context));
                foreach (var upstream in (node.Value.Get("depends_on")?.Texts("nodes") ?? []).TakeWhile(_ => context.TakeItem()))
                {
                    relationships.Add(new()
                    {
                        Id = $"{upstream} -> {node.Name}",
                        IdKind = IdKind.Name,
                        Kind = RelationshipKind.Lineage,
                        From = new(upstream, root.Get("nodes")?.Get(upstream) is not null || root.Get("sources")?.Get(upstream) is not null, [], null),
                        To = new(node.Name, true, [], null),
                    });
                }
            }
        }

        var name = metadata.Words("project_name") ?? FailedModel.NameOf(file.Path);
        return ModelTally.Counted(
            new Model
            {
                Path = file.Path,
                Format = ModelFormat.Dbt,
                Name = name,
                Target = metadata.Words("adapter_type") ?? "dbt",
                TargetVersion = metadata.Words("dbt_version"),
                Containers = [new() { Id = name, Name = name, Kind = ContainerKind.Project, Entities = entities }],
                Relationships = relationships,
                Facts = new FactList().Add("dbt_schema_version", metadata.Get("dbt_schema_version")).ToFields(),
            },
            context);
    }

    private static Model Project(JsonElement root, string name, ModelFile file) => new()
    {
        Path = file.Path,
        Format = ModelFormat.Dbt,
        Name = name,
        Target = "dbt",
        TargetVersion = root.Scalar("require-dbt-version"),
        AuthorVersion = root.Scalar("version"),
        Facts = new FactList()
            .Add("profile", root.Get("profile"))
            .Add("modelPaths", root.Get("model-paths") ?? root.Get("source-paths"))
            .Add("seedPaths", root.Get("seed-paths"))
            .ToFields(),
    };

    private static Entity Table(JsonElement table, string id, IdKind idKind, ReadingContext context)
    {
        var columns = new List<EntityAttribute>();
        var listed = table.Get("columns") switch
        {
            { ValueKind: JsonValueKind.Object } byName => byName.EnumerateObject().Select(member => member.Value),
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
            _ => [],
        };
        foreach (var column in listed)
        {
            if (column.Text("name") is { } name && context.TakeAttribute())
            {
                columns.Add(new()
                {
                    Id = name,
                    IdKind = IdKind.Name,
                    Path = name,
                    Name = name,
                    Type = new(column.Words("data_type") ?? ""),
                    Description = column.Words("description"),
                    Extra = new FactList()
                        .Add("tests", column.Get("data_tests") ?? column.Get("tests"))
                        .Add("constraints", column.Get("constraints"))
                        .ToFields(),
                });
            }
        }

        return new()
        {
            Id = id,
            IdKind = idKind,
            Name = table.Text("name") ?? id,
            Kind = EntityKind.Table,
            Description = table.Words("description"),
            Attributes = columns,
            Extra = new FactList()
                .Add("config", table.Get("config"))
                .Add("access", table.Get("access"))
                .Add("group", table.Get("group"))
                .ToFields(),
        };
    }
}
