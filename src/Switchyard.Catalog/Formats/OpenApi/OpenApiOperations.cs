using System.Text.Json;
using Switchyard.Catalog.Formats.JsonSchema;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.OpenApi;

/// <summary>Reads <c>paths</c> and <c>webhooks</c>: one operation for each method of each path.</summary>
internal sealed class OpenApiOperations(SchemaAttributes attributes, ReadingContext context)
{
    private static readonly HashSet<string> Methods =
        new(StringComparer.Ordinal) { "get", "put", "post", "delete", "options", "head", "patch", "trace", "query" };

    public List<Operation> Read(JsonElement root)
    {
        var operations = new List<Operation>();
        foreach (var section in new[] { "paths", "webhooks" })
        {
            foreach (var path in root.Members(section))
            {
                foreach (var method in path.Value.AsMembers().Where(member => Methods.Contains(member.Name)).TakeWhile(_ => context.TakeItem()))
                {
                    var pointer = NodePath.Pointer("/" + section, SchemaAttributes.Escape(path.Name));
                    operations.Add(ReadOne(method, path, pointer));
                }
            }
        }

        return operations;
    }

    private Operation ReadOne(JsonProperty method, JsonProperty path, string pointer)
    {
        var operation = method.Value;
        var inputs = new List<EntityAttribute>();
        AddParameters(inputs, path.Value, pointer);
        AddParameters(inputs, operation, $"{pointer}/{method.Name}");
        if (operation.Get("requestBody") is { } body)
        {
            AddContent(inputs, "body", body, $"{pointer}/{method.Name}/requestBody", body.IsTrue("required"));
        }

        var outputs = new List<EntityAttribute>();
        foreach (var response in operation.Members("responses"))
        {
            AddContent(outputs, response.Name, response.Value, NodePath.Pointer($"{pointer}/{method.Name}/responses", SchemaAttributes.Escape(response.Name)), false);
        }

        return new()
        {
            Id = $"{method.Name.ToUpperInvariant()} {path.Name}",
            Name = operation.Words("operationId") ?? operation.Words("summary"),
            Description = operation.Words("description") ?? operation.Words("summary"),
            Tags = operation.Texts("tags"),
            Inputs = inputs,
            Outputs = outputs,
            Deprecated = operation.IsTrue("deprecated"),
            Extra = new FactList().Add("security", operation.Get("security")).Add("summary", operation.Get("summary")).ToFields(),
        };
    }

    private void AddParameters(List<EntityAttribute> inputs, JsonElement owner, string pointer)
    {
        var index = 0;
        foreach (var parameter in owner.Items("parameters"))
        {
            var place = $"{pointer}/parameters/{index++}";
            var name = parameter.Text("name") ?? parameter.Text("$ref") ?? "";
            var schema = parameter.Get("schema") ?? parameter;
            if (Read(name, schema, place, parameter.IsTrue("required")) is { } read)
            {
                inputs.Add(read with
                {
                    Description = parameter.Words("description"),
                    Extra = new FactList().Add("in", parameter.Get("in")).Add("deprecated", parameter.Get("deprecated")).ToFields(),
                });
            }
        }
    }

    /// <summary>A body or a response: its first media type stands for all, which are named.</summary>
    private void AddContent(List<EntityAttribute> list, string name, JsonElement holder, string pointer, bool required)
    {
        var media = holder.Members("content").ToList();
        var schema = media.Count > 0 ? media[0].Value.Get("schema") ?? default : holder.Get("schema") ?? holder;
        if (Read(name, schema, pointer, required) is { } read)
        {
            list.Add(read with
            {
                Description = holder.Words("description"),
                Extra = new FactList().Add("mediaTypes", media.ConvertAll(member => member.Name)).ToFields(),
            });
        }
    }

    private EntityAttribute? Read(string name, JsonElement schema, string pointer, bool required) =>
        attributes.ReadOne(name, schema, pointer, "", AttributeRole.Field, required);
}
