using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>Tests of the catalogue's pages: one server and one browser for all of them.</summary>
[CollectionDefinition(nameof(ShopBrowser))]
public sealed class ShopBrowser : ICollectionFixture<Chromium>, ICollectionFixture<ShopHub>;

/// <summary>A server with a few models that are known exactly, one of them in two Versions.</summary>
public sealed class ShopHub : IAsyncLifetime
{
    /// <summary>How many entities the large model has: more than a picture shows at once.</summary>
    public const int Many = 301;

    public const string Models = "/models/by-hand/acme/models/";
    public const string ShopPath = Models + "shop/Shop.hck.json";
    public const string OrderPath = Models + "schemas/order.avsc";
    public const string ManyPath = Models + "large/many.hck.json";
    public const string FirstOrder = "{\n  \"type\": \"record\",\n  \"name\": \"Order\",\n  \"fields\": [\n    { \"name\": \"id\", \"type\": \"string\" },\n    { \"name\": \"amount\", \"type\": \"int\" }\n  ]\n}\n";

    /// <summary>Two entities at places of their author's, and a relationship.</summary>
    public const string Shop =
        """
        {"modelName":"Shop","appTarget":"MONGODB","persistenceSchemaVersion":"8","buckets":[],"views":[],
         "collections":[
          {"GUID":"c","collectionName":"customer","type":"object","properties":[{"GUID":"c1","name":"id","type":"string","primaryKey":true,"required":true},{"GUID":"c2","name":"nickname","type":"string"}]},
          {"GUID":"o","collectionName":"purchase","type":"object","properties":[{"GUID":"o1","name":"customerId","type":"string"}]}],
         "relationships":[{"GUID":"r","name":"buys","relationshipType":"Foreign Key","parentCollection":"c","parentField":[["c1"]],"parentCardinality":"1","childCollection":"o","childField":[["o1"]],"childCardinality":"0..n"}],
         "settings":{"centralPane":{"dbLevel":{"erd":[{"GUID":"c","x":10,"y":20,"width":200,"height":87},{"GUID":"o","x":400,"y":20,"width":200,"height":60}]}}}}
        """;

    public static string SecondOrder { get; } = FirstOrder.Replace("\"int\"", "\"long\"", StringComparison.Ordinal);

    internal Hub Hub { get; private set; } = null!;

    /// <summary>The commit of the first Version of <see cref="OrderPath"/>.</summary>
    internal string FirstCommit { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Hub = await Hub.StartAsync("sqlite", ("schemas/order.avsc", FirstOrder), ("shop/Shop.hck.json", Shop), ("large/many.hck.json", LargeModel()), ("ml/MLmodel", Files.MlModel));
        FirstCommit = Hub.Text(Hub.Items(await Hub.GetAsync("/api/v1/repositories")).Single(), "syncedHead")!;
        await Hub.PushAsync(("schemas/order.avsc", SecondOrder));
        await Hub.RepositoryUntilAsync(row => Hub.Text(row, "versions") == "5" && Hub.Text(row, "status") == "Synced");
    }

    public async ValueTask DisposeAsync() => await Hub.DisposeAsync();

    /// <summary>A star: entity 0 in the middle of nine others; the rest hang on nothing.</summary>
    private static string LargeModel()
    {
        var model = JsonNode.Parse(Files.Hackolade("Large", [.. Enumerable.Range(0, Many).Select(i => "entity" + i.ToString(CultureInfo.InvariantCulture))]))!;
        model["relationships"] = new JsonArray([.. Enumerable.Range(1, 9).Select(i => (JsonNode)new JsonObject
        {
            ["GUID"] = $"r{i}",
            ["name"] = $"to {i}",
            ["relationshipType"] = "Foreign Key",
            ["parentCollection"] = "e0",
            ["parentField"] = new JsonArray(new JsonArray("a0")),
            ["childCollection"] = $"e{i}",
            ["childField"] = new JsonArray(new JsonArray($"a{i}")),
        })]);
        return model.ToJsonString();
    }
}
