using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.JsonSchema;

/// <summary>Reads a JSON Schema of any draft: the root as an entity, <c>$defs</c> as definitions.</summary>
internal static class JsonSchemaReader
{
    public static Model Read(JsonElement root, ModelFile file, ReadingContext context)
    {
        var attributes = new SchemaAttributes(context);
        var name = root.Words("title") ?? NameOf(file.Path);
        var entity = attributes.ReadEntity(name, root, "", EntityKind.Record);
        var definitions = new List<Entity>();
        foreach (var section in new[] { "$defs", "definitions" })
        {
            foreach (var definition in root.Members(section).TakeWhile(_ => context.TakeItem()))
            {
                definitions.Add(attributes.ReadEntity(
                    definition.Name, definition.Value, NodePath.Pointer("/" + section, SchemaAttributes.Escape(definition.Name)), EntityKind.Record));
            }
        }

        var model = new Model
        {
            Path = file.Path,
            Format = ModelFormat.JsonSchema,
            Name = name,
            Target = "JSON Schema",
            TargetVersion = DraftOf(root.Text("$schema")),
            Description = root.Words("description"),
            Containers = [ModelTally.Unnamed([entity])],
            Definitions = definitions,
            Relationships = SchemaReferences.Relationships(attributes.References, definitions.Append(entity)),
            Links = SchemaReferences.Links(attributes.References, file.Path),
            Facts = new FactList().Add("$schema", root.Get("$schema")).Add("$id", root.Get("$id") ?? root.Get("id")).ToFields(),
        };
        return ModelTally.Counted(model, context);
    }

    private static string NameOf(string path)
    {
        var name = FailedModel.NameOf(path);
        return name.EndsWith(".schema", StringComparison.OrdinalIgnoreCase) ? name[..^7] : name;
    }

    /// <summary>"draft-07" of <c>http://json-schema.org/draft-07/schema#</c>, "2020-12" of <c>https://json-schema.org/draft/2020-12/schema</c>.</summary>
    private static string? DraftOf(string? schema) =>
        schema?.TrimEnd('#').Split('/') is { Length: > 2 } steps && steps[^1] == "schema" ? steps[^2] : null;
}
