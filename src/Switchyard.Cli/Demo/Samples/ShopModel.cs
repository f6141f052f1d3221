using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Cli.Demo.Samples;

/// <summary>A small Hackolade model, made as the authoring tool writes it: GUIDs, buckets, collections, layout.</summary>
internal static class ShopModel
{
    public sealed record Shape(bool WithLegacyId = false, bool WithStatus = false, bool WithInvoices = false, int Shift = 0);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Text(Shape shape)
    {
        var entities = new List<JsonObject> { Customer(), Order(shape), Product() };
        if (shape.WithInvoices)
        {
            entities.Add(Entity("Invoice", Field("_id", "objectId", key: true), Field("order", "objectId"), Field("total", "numeric"), Field("dueOn", "date")));
        }

        var model = new JsonObject
        {
            ["modelName"] = "Shop",
            ["GUID"] = Guid("Shop"),
            ["appTarget"] = "MONGODB",
            ["dbVendor"] = "MongoDB",
            ["dbVersion"] = "v8.0",
            ["buckets"] = new JsonArray(new JsonObject
            {
                ["GUID"] = Guid("bucket"),
                ["name"] = "shop",
                ["type"] = "bucket",
                ["collectionIds"] = new JsonArray([.. entities.Select(entity => (JsonNode)entity["GUID"]!.GetValue<string>())]),
                ["isActivated"] = true,
            }),
            ["relationships"] = new JsonArray([.. Relationships(shape)]),
            ["views"] = new JsonArray(new JsonObject
            {
                ["GUID"] = Guid("view"), ["name"] = "openOrders", ["viewOn"] = Guid("Order"), ["bucketId"] = Guid("bucket"), ["properties"] = new JsonArray(), ["isActivated"] = true,
            }),
            ["definitions"] = new JsonObject { ["type"] = "definitions", ["properties"] = new JsonArray() },
            ["settings"] = Layout(entities, shape.Shift),
            ["persistenceSchemaVersion"] = "8",
            ["collections"] = new JsonArray([.. entities]),
        };
        return model.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Customer() => Entity(
        "Customer",
        Field("_id", "objectId", key: true),
        Field("name", "string"),
        Field("email", "string"),
        Nested("address", "document", Field("street", "string"), Field("city", "string"), Field("country", "string")));

    private static JsonObject Order(Shape shape)
    {
        var fields = new List<JsonObject> { Field("_id", "objectId", key: true), Field("customer", "objectId"), Field("placedAt", "date") };
        if (shape.WithLegacyId)
        {
            fields.Add(Field("legacyId", "numeric"));
        }

        if (shape.WithStatus)
        {
            var status = Field("status", "string");
            status["enum"] = new JsonArray("open", "paid", "shipped");
            fields.Add(status);
        }

        var line = Nested("", "document", Field("product", "objectId"), Field("quantity", "numeric"), Field("price", "numeric"));
        line["arrayItem"] = true;
        fields.Add(Nested("lines", "array", line));
        return Entity("Order", [.. fields]);
    }

    private static JsonObject Product() => Entity("Product", Field("_id", "objectId", key: true), Field("title", "string"), Field("price", "numeric"), Field("tags", "array"));

    private static IEnumerable<JsonNode> Relationships(Shape shape)
    {
        yield return Relationship("Customer places Order", "Customer", "Order", "customer");
        yield return Relationship("Product is in Order", "Product", "Order", "product");
        if (shape.WithInvoices)
        {
            yield return Relationship("Order has Invoice", "Order", "Invoice", "order");
        }
    }

    private static JsonObject Relationship(string name, string parent, string child, string field) => new()
    {
        ["GUID"] = Guid(name),
        ["name"] = name,
        ["relationshipType"] = "Foreign Key",
        ["parentCollection"] = Guid(parent),
        ["parentField"] = new JsonArray(new JsonArray(Guid(parent), Guid(parent + "._id"))),
        ["parentCardinality"] = "1",
        ["childCollection"] = Guid(child),
        ["childField"] = new JsonArray(new JsonArray(Guid(child), Guid($"{child}.{field}"))),
        ["childCardinality"] = "0..n",
        ["isActivated"] = true,
    };

    private static JsonObject Entity(string name, params JsonObject[] fields)
    {
        foreach (var field in fields)
        {
            Identify(name, field);
        }

        return new JsonObject
        {
            ["GUID"] = Guid(name),
            ["collectionName"] = name,
            ["type"] = "object",
            ["bucketId"] = Guid("bucket"),
            ["isActivated"] = true,
            ["properties"] = new JsonArray([.. fields]),
        };
    }

    private static JsonObject Field(string name, string type, bool key = false)
    {
        var field = new JsonObject { ["name"] = name, ["type"] = type, ["isActivated"] = true };
        if (key)
        {
            field["primaryKey"] = true;
            field["required"] = true;
        }

        return field;
    }

    private static JsonObject Nested(string name, string type, params JsonObject[] children)
    {
        var field = Field(name, type);
        field["properties"] = new JsonArray([.. children]);
        return field;
    }

    private static void Identify(string path, JsonObject field)
    {
        var own = $"{path}.{field["name"]}";
        field["GUID"] = Guid(own);
        foreach (var child in (field["properties"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Identify(own, child);
        }
    }

    private static JsonObject Layout(List<JsonObject> entities, int shift) => new()
    {
        ["centralPane"] = new JsonObject
        {
            ["dbLevel"] = new JsonObject
            {
                ["erd"] = new JsonArray([.. entities.Select((entity, index) => (JsonNode)new JsonObject
                {
                    ["GUID"] = entity["GUID"]!.GetValue<string>(), ["x"] = 100 + (index * 300) + shift, ["y"] = 100 + shift, ["width"] = 240, ["height"] = 200,
                })]),
            },
        },
    };

    /// <summary>The same name always has the same GUID, so that versions can be compared.</summary>
    private static string Guid(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("shop/" + name)).AsSpan(0, 16)).ToString();
}
