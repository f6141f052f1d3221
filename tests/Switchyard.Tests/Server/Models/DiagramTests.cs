using System.Net;
using System.Text.Json;
using Switchyard.Catalog;
using Switchyard.Server.Models.Diagrams;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Xunit;
using static Switchyard.Tests.Server.Repositories.Hub;

namespace Switchyard.Tests.Server.Models;

/// <summary>What is drawn of a model, and how much of it.</summary>
public sealed class DiagramTests
{
    [Fact]
    public async Task Entities_have_the_authors_places_keys_and_relationships()
    {
        const string Model =
            """
            {"modelName":"Shop","appTarget":"MONGODB","persistenceSchemaVersion":"8","buckets":[],"views":[],
             "collections":[
              {"GUID":"c","collectionName":"customer","type":"object","properties":[{"GUID":"c1","name":"id","type":"string","primaryKey":true,"required":true},{"GUID":"c2","name":"address","type":"object","properties":[{"GUID":"c3","name":"city","type":"string"}]}]},
              {"GUID":"o","collectionName":"order","type":"object","isActivated":false,"properties":[{"GUID":"o1","name":"customerId","type":"string"}]}],
             "relationships":[{"GUID":"r","relationshipName":"places","relationshipType":"Foreign Key","parentCollection":"c","parentField":[["c1"]],"parentCardinality":"1","childCollection":"o","childField":[["o1"]],"childCardinality":"0..n"}],
             "settings":{"centralPane":{"dbLevel":{"erd":[{"GUID":"c","x":10,"y":20.5,"width":200,"height":87,"color":"#AABBCC"},{"GUID":"o","x":300,"y":20,"width":200,"height":60,"color":"url(javascript:alert(1))"}]}}}}
            """;
        await using var hub = await Hub.StartAsync("sqlite", ("shop.hck.json", Model));
        var id = Text(Items(await hub.GetAsync("/api/v1/models")).Single(), "id");
        var diagram = await hub.GetAsync($"/api/v1/models/{id}/diagram");

        Assert.True(diagram.GetProperty("placed").GetBoolean());
        var (customer, order) = (diagram.GetProperty("entities")[0], diagram.GetProperty("entities")[1]);
        Assert.Equal((20.5, "#aabbcc"), (customer.GetProperty("place").GetProperty("y").GetDouble(), Text(customer, "color")));
        Assert.Equal((JsonValueKind.Null, false), (order.GetProperty("color").ValueKind, order.GetProperty("active").GetBoolean()));
        Assert.Equal(["id 0 PK", "address 0 ", "city 1 "], customer.GetProperty("fields").EnumerateArray().Select(field => $"{Text(field, "name")} {Text(field, "depth")} {Text(field, "keys")}"));
        Assert.Equal("FK", Text(order.GetProperty("fields")[0], "keys"));
        var line = diagram.GetProperty("relationships")[0];
        Assert.Equal(("c", "o", "1", "0..n", "customerId"), (Text(line, "from"), Text(line, "to"), Text(line, "fromCardinality"), Text(line, "toCardinality"), line.GetProperty("toFields")[0].GetString()));

        var unknown = await hub.Server.Http.GetAsync(new Uri($"/api/v1/models/{id}/diagram?focus=nobody", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_model_with_more_entities_than_a_picture_holds_is_a_table_and_a_download()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("many.hck.json", Files.Hackolade("Many", [.. Enumerable.Range(0, 1_001).Select(i => $"e{i}")])));
        var id = Text(Items(await hub.GetAsync("/api/v1/models")).Single(), "id");

        using var all = await hub.Server.Http.GetAsync(new Uri($"/api/v1/models/{id}/diagram", UriKind.Relative));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, all.StatusCode);
        Assert.Contains("1001 entities", await all.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await hub.GetAsync($"/api/v1/models/{id}/diagram?focus=e7")).GetProperty("entities").GetArrayLength());

        using var browser = await hub.Server.SignInAsync();
        var page = await browser.GetAsync("/models/by-hand/acme/models/many.hck.json?tab=diagram");
        Assert.Empty(page.QuerySelectorAll("#diagram"));
        Assert.NotNull(page.QuerySelector("a[href$='?tab=schema']"));
        Assert.NotNull(page.QuerySelector($"a[href='/api/v1/models/{id}/structure'][download]"));
    }

    [Theory]
    [InlineData(60, "all", 2)]
    [InlineData(61, "keys", 1)]
    public void Up_to_sixty_entities_show_all_fields_and_more_show_those_of_keys(int count, string fields, int shown)
    {
        var diagram = DiagramBuilder.Build(1, Chain(count), null)!;
        Assert.Equal((fields, count), (diagram.Fields, diagram.Total));
        Assert.All(diagram.Entities, entity => Assert.Equal((shown, 2), (entity.Fields.Count, entity.Fields.Count + entity.More)));
        Assert.False(diagram.Placed);
    }

    [Fact]
    public void An_entity_in_focus_brings_its_neighbours_and_no_more()
    {
        var diagram = DiagramBuilder.Build(1, Chain(400), "e200")!;
        Assert.Equal(["e199", "e200", "e201"], diagram.Entities.Select(entity => entity.Id));
        Assert.Equal(("all", 400, 2), (diagram.Fields, diagram.Total, diagram.Relationships.Count));
    }

    private static Model Chain(int count) => new()
    {
        Path = "chain.hck.json",
        Format = ModelFormat.Hackolade,
        Name = "Chain",
        Containers =
        [
            new Container
            {
                Id = "",
                Name = "",
                Entities =
                [
                    .. Enumerable.Range(0, count).Select(i => new Entity
                    {
                        Id = $"e{i}",
                        Name = $"entity {i}",
                        Attributes =
                        [
                            new EntityAttribute { Id = "id", Path = "id", Name = "id", Type = new AttributeType("string"), KeyFlags = KeyFlags.Primary },
                            new EntityAttribute { Id = "text", Path = "text", Name = "text", Type = new AttributeType("string") },
                        ],
                    }),
                ],
            },
        ],
        Relationships =
        [
            .. Enumerable.Range(1, count - 1).Select(i => new Relationship
            {
                Id = $"r{i}", Kind = RelationshipKind.Master, From = new RelationshipEnd($"e{i - 1}", true, [], "1"), To = new RelationshipEnd($"e{i}", true, [], "1"),
            }),
        ],
    };
}
