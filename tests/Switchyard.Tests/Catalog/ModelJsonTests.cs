using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class ModelJsonTests(FixtureRepositories repositories) : IClassFixture<FixtureRepositories>
{
    [Theory]
    [InlineData("sample-data-models")]
    [InlineData("books")]
    public void Shuffled_keys_and_other_white_space_read_as_the_same_model(string name)
    {
        var random = new Random(7);
        foreach (var (path, blob) in repositories.Tree(name).Where(entry => entry.Path.EndsWith(".hck.json", StringComparison.Ordinal)))
        {
            var bytes = repositories.Blob(name, blob);
            var shuffled = Shuffle(JsonNode.Parse(bytes), random)!.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
            var (model, again) = (Reading.Of(path, bytes)!, Reading.Of(path, shuffled)!);

            Assert.Equal(ModelJson.SemanticDigest(model), ModelJson.SemanticDigest(again));
            Assert.Equal(
                Encoding.UTF8.GetString(ModelJson.Serialize(model with { Digest = null })),
                Encoding.UTF8.GetString(ModelJson.Serialize(again with { Digest = null })));
        }
    }

    [Fact]
    public void The_form_is_valid_json_with_counts_and_escaped_text()
    {
        var model = Reading.Of("a.hck.json", """
            {"modelName": "q\"\\\n\u0001é😀", "collections": [{"GUID": "e", "collectionName": "c", "properties": [{"GUID": "a", "name": "n", "type": "string"}]}],
             "settings": {"centralPane": {"dbLevel": {"erd": [{"GUID": "e", "x": 1.5, "y": 2, "width": 3, "height": 4, "color": "#fff"}]}}}}
            """)!;

        var json = JsonDocument.Parse(ModelJson.Serialize(model)).RootElement;
        Assert.Equal("q\"\\\n\u0001é😀", json.GetProperty("name").GetString());
        Assert.Equal(1, json.GetProperty("counts").GetProperty("attributesResolved").GetInt32());
        var entity = json.GetProperty("containers")[0].GetProperty("entities")[0];
        Assert.Equal(1.5, entity.GetProperty("layout").GetProperty("x").GetDouble());
        Assert.Equal("guid", entity.GetProperty("idKind").GetString());
    }

    [Fact]
    public void Search_text_holds_each_name_once_in_lower_case_and_is_bounded()
    {
        var model = Reading.Of("a.hck.json", """
            {"modelName": "Shop", "collections": [{"GUID": "e", "collectionName": "Orders", "properties": [{"GUID": "a", "name": "Id"}, {"GUID": "b", "name": "ID", "code": "order id"}]}]}
            """)!;
        Assert.Equal("shop\norders\nid\norder id", ModelSearchText.Of(model));

        var many = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$"""{"GUID": "{{i}}", "name": "attribute number {{i}}"}"""));
        var large = Reading.Of("a.hck.json", $$"""{"modelName": "L", "collections": [{"GUID": "e", "collectionName": "o", "properties": [{{many}}]}]}""")!;
        Assert.InRange(Encoding.UTF8.GetByteCount(ModelSearchText.Of(large)), 64_000, 65_536);
    }

    private static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(_ => random.Next()).Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value?.DeepClone(), random)))),
        JsonArray list => new JsonArray([.. list.Select(item => Shuffle(item?.DeepClone(), random))]),
        _ => node?.DeepClone(),
    };
}
