using System.Text.Json;
using Switchyard.Catalog.Formats.JsonSchema;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.OpenApi;

/// <summary>Reads OpenAPI 2.0 and 3.x: schemas as entities, operations with their parameters, bodies and responses.</summary>
internal static class OpenApiReader
{
    public static bool Holds(JsonElement root) => VersionOf(root) is not null && root.Has("info", JsonValueKind.Object);

    public static Model Read(JsonElement root, ModelFile file, ReadingContext context)
    {
        var info = root.Get("info") ?? default;
        var attributes = new SchemaAttributes(context);
        var schemas = new List<Entity>();
        foreach (var (section, place) in new[] { (root.Get("components")?.Get("schemas"), "/components/schemas"), (root.Get("definitions"), "/definitions") })
        {
            foreach (var schema in (section?.AsMembers() ?? []).TakeWhile(_ => context.TakeItem()))
            {
                schemas.Add(attributes.ReadEntity(schema.Name, schema.Value, NodePath.Pointer(place, SchemaAttributes.Escape(schema.Name)), EntityKind.Record));
            }
        }

        var inSchemas = attributes.References.ToList();
        var operations = new OpenApiOperations(attributes, context).Read(root);
        var model = new Model
        {
            Path = file.Path,
            Format = ModelFormat.OpenApi,
            Name = info.Words("title") ?? FailedModel.NameOf(file.Path),
            Target = root.Get("swagger") is null ? "OpenAPI" : "Swagger",
            TargetVersion = VersionOf(root),
            AuthorVersion = info.Scalar("version"),
            Description = info.Words("description"),
            Tags = [.. root.Items("tags").Select(tag => tag.Words("name")).OfType<string>()],
            Containers = schemas.Count == 0 ? [] : [new() { Id = "schemas", Name = "schemas", Kind = ContainerKind.Scope, Entities = schemas }],
            Operations = operations,
            Relationships = SchemaReferences.Relationships(inSchemas, schemas),
            Links = SchemaReferences.Links(attributes.References, file.Path),
            Facts = Facts(root, info),
        };
        return ModelTally.Counted(model, context);
    }

    /// <summary>"2.0" or "3.x.y"; YAML writers leave out the quotes, which makes a number of it.</summary>
    private static string? VersionOf(JsonElement root) => root.Scalar("openapi") is { } version && version.StartsWith('3') ? version
        : root.Scalar("swagger") is "2.0" ? "2.0"
        : null;

    private static JsonFields Facts(JsonElement root, JsonElement info) => new FactList()
        .Add("servers", root.Get("servers"))
        .Add("host", root.Get("host"))
        .Add("basePath", root.Get("basePath"))
        .Add("schemes", root.Get("schemes"))
        .Add("security", root.Get("security"))
        .Add("securitySchemes", root.Get("components")?.Get("securitySchemes") ?? root.Get("securityDefinitions"))
        .Add("contact", info.Get("contact"))
        .Add("license", info.Get("license"))
        .Add("termsOfService", info.Get("termsOfService"))
        .Add("externalDocs", root.Get("externalDocs"))
        .ToFields();
}
