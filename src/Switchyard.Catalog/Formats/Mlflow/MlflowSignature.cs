using System.Text;
using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Mlflow;

/// <summary>Reads <c>signature</c>: inputs, outputs and params, each a JSON text inside the YAML.</summary>
internal static class MlflowSignature
{
    public static IReadOnlyList<Container> Read(JsonElement? signature, ReadingContext context)
    {
        var entities = new List<Entity>();
        foreach (var part in new[] { "inputs", "outputs", "params" })
        {
            if (signature?.Get(part) is not { ValueKind: not JsonValueKind.Null } given)
            {
                continue;
            }

            var columns = given;
            if (given.AsText() is { } text)
            {
                var outcome = JsonText.ParseUtf8(Encoding.UTF8.GetBytes(text));
                if (!outcome.Ok)
                {
                    context.Cut(ProblemCode.ParseFailed, $"The {part} of the signature are no valid JSON.");
                    continue;
                }

                columns = outcome.Root;
            }

            entities.Add(new()
            {
                Id = part,
                IdKind = IdKind.Name,
                Name = part,
                Kind = EntityKind.Signature,
                Attributes = Columns(columns, context),
                Source = new($"/signature/{part}"),
            });
        }

        return entities.Count == 0 ? [] : [ModelTally.Unnamed(entities)];
    }

    private static List<EntityAttribute> Columns(JsonElement columns, ReadingContext context)
    {
        var read = new List<EntityAttribute>();
        var index = 0;
        foreach (var column in columns.AsItems().Where(column => column.ValueKind == JsonValueKind.Object))
        {
            if (Column(column, column.Text("name") ?? "", "", index++, context) is { } attribute)
            {
                read.Add(attribute);
            }
        }

        return read;
    }

    private static EntityAttribute? Column(JsonElement column, string name, string parent, int index, ReadingContext context)
    {
        if (!context.TakeAttribute())
        {
            return null;
        }

        var own = name.Length > 0 ? name : $"[{index}]";
        var path = NodePath.Join(parent, own);
        var type = column.Scalar("type") ?? "";
        var tensor = column.Get("tensor-spec");
        var children = new List<EntityAttribute>();
        foreach (var property in column.Members("properties"))
        {
            AddChild(property.Value, property.Name);
        }

        foreach (var part in new[] { "items", "values" })
        {
            if (column.Get(part) is { ValueKind: JsonValueKind.Object } item)
            {
                AddChild(item, "");
            }
        }

        void AddChild(JsonElement child, string childName)
        {
            if (Column(child, childName, path, children.Count, context) is { } attribute)
            {
                children.Add(childName.Length > 0 ? attribute : attribute with { Role = AttributeRole.Item });
            }
        }

        return new()
        {
            Id = own,
            IdKind = name.Length > 0 ? IdKind.Name : IdKind.Path,
            Path = path,
            Name = name,
            Type = new(type, tensor?.Scalar("dtype"))
            {
                Params = new FactList().Add("shape", tensor?.Get("shape") ?? column.Get("shape")).ToFields(),
                Repeated = type is "array" or "map",
            },
            Required = column.Get("required") is not { ValueKind: JsonValueKind.False } && !column.IsTrue("optional"),
            Default = column.Get("default") is { ValueKind: not JsonValueKind.Null } value ? value : null,
            Children = children,
            Extra = new FactList()
                .AddMembers(column, key => key is "name" or "type" or "tensor-spec" or "required" or "optional" or "default" or "shape" or "properties" or "items" or "values")
                .ToFields(),
        };
    }
}
