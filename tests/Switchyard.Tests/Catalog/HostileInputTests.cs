using System.Text;
using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class HostileInputTests
{
    private static readonly string[] Paths =
    [
        "a.hck.json", "a.json", "a.schema.json", "a.avsc", "a.avpr", "openapi.json", "openapi.yaml", "dbt_project.yml", "a.yml", "a.dvc", "dvc.yaml",
        ".dvc/config", "a.sql", "a.proto", "a.onnx", "a.safetensors", "a.gguf", "a.safetensors.index.json", "manifest.json",
    ];

    [Fact]
    public void Nesting_beyond_the_bound_is_a_problem_and_no_crash()
    {
        const int Deep = 1_000_000;
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"properties\":", "}"), ("{\"type\":", "}") })
        {
            var text = string.Concat(Enumerable.Repeat(open, Deep)) + "1" + string.Concat(Enumerable.Repeat(close, Deep));
            Assert.Equal(ProblemCode.TooLarge, Reading.Of("a.hck.json", text)!.Problems.Single().Code);
            Assert.Equal(ProblemCode.TooLarge, Reading.Of("a.avsc", text)!.Problems.Single().Code);
            Assert.Null(Reading.Of("a.json", text));
            Assert.Equal(ProblemCode.TooLarge, Reading.OfFolder("m", ("m/MLmodel", text))!.Problems.Single().Code);
        }
    }

    [Fact]
    public void Nesting_within_the_bound_is_read_by_every_reader()
    {
        static string Nest(string open, string close, int times) => string.Concat(Enumerable.Repeat(open, times)) + "{}" + string.Concat(Enumerable.Repeat(close, times));

        Assert.Equal(ModelStatus.Ready, Reading.Of("a.hck.json", "{\"collections\": [{\"properties\": [" + Nest("{\"properties\": [", "]}", 120) + "]}]}")!.Status);
        Assert.Equal(ModelStatus.Ready, Reading.Of("a.schema.json", "{\"type\": \"object\", \"properties\": {\"a\":" + Nest("{\"items\":", "}", 250) + "}}")!.Status);
        Assert.NotNull(Reading.Of("a.avsc", Nest("{\"type\":\"array\",\"items\":", "}", 250)));
        Assert.NotNull(Reading.Of("a.avsc", Nest("[", "]", 250)));
        Assert.NotNull(Reading.Of("openapi.json", "{\"openapi\": \"3.0.0\", \"info\": {}, \"components\": {\"schemas\": {\"a\": " + Nest("{\"allOf\": [", "]}", 120) + "}}}"));
    }

    [Fact]
    public void A_billion_laughs_end_early()
    {
        var yaml = new StringBuilder("flavors: {x: y}\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 9; i++)
        {
            yaml.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Equal(ProblemCode.TooLarge, Reading.OfFolder("m", ("m/MLmodel", yaml.ToString()))!.Problems.Single().Code);
        var aliases = "flavors: {x: &x y}\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"a{i}: *x\n"));
        Assert.Equal(ProblemCode.TooLarge, Reading.OfFolder("m", ("m/MLmodel", aliases))!.Problems.Single().Code);
        Assert.Equal(ProblemCode.ParseFailed, Reading.OfFolder("m", ("m/MLmodel", "flavors: &f {x: *f}\n"))!.Problems.Single().Code);
        Assert.Equal(ProblemCode.ParseFailed, Reading.OfFolder("m", ("m/MLmodel", "flavors: *nothing\n"))!.Problems.Single().Code);
        Assert.Equal(ModelStatus.Ready, Reading.OfFolder("m", ("m/MLmodel", "base: &b {x: [1, 2]}\nflavors: *b\nmore: [*b, 1, *b]\n"))!.Status);
    }

    [Fact]
    public void Broken_utf8_is_told_with_its_place()
    {
        var problem = Reading.Of("a.hck.json", [.. "{\n\"modelName\": \""u8, 0xE9, .. "\"}"u8])!.Problems.Single();

        Assert.Equal((ProblemCode.ParseFailed, 2, 16L), (problem.Code, problem.Line, problem.Offset));
        Assert.Equal(1, Reading.OfFolder("m", ("m/MLmodel", "flavors: {}"))!.Entities.Count() + 1);
    }

    [Fact]
    public void Lone_surrogates_are_read_as_replacements()
    {
        var model = Reading.Of("a.hck.json", """{"modelName": "a\ud800b\\ud800\uDC00c\ud83d\ude00", "collections": [{"GUID": "\udfff", "collectionName": "\uD83D", "properties": [{"\ud800": 1, "name": "x"}]}]}""")!;

        Assert.Equal("a\uFFFDb\\ud800\uFFFDc\U0001F600", model.Name);
        Assert.NotEmpty(ModelJson.Serialize(model));
        Assert.NotEmpty(ModelJson.SemanticDigest(model));
        Assert.NotEmpty(ModelSearchText.Of(model));
    }

    [Fact]
    public void More_attributes_than_allowed_leave_a_partial_model()
    {
        var many = string.Join(',', Enumerable.Repeat("{}", 200_001));
        var model = Reading.Of("a.hck.json", "{\"collections\": [{\"GUID\": \"e\", \"properties\": [" + many + "]}, {\"GUID\": \"f\", \"properties\": [{}]}]}")!;

        Assert.Equal((ModelStatus.Partial, 200_000, 2), (model.Status, model.Counts.Attributes, model.Counts.Entities));
        Assert.Equal(ProblemCode.TooLarge, model.Problems.Single().Code);
    }

    [Theory]
    [InlineData("collections")]
    [InlineData("relationships")]
    [InlineData("views")]
    [InlineData("buckets")]
    public void More_parts_than_allowed_leave_a_partial_model(string list)
    {
        var model = Reading.Of("a.hck.json", "{\"modelName\": \"m\", \"appTarget\": \"X\", \"persistenceSchemaVersion\": \"8\", \"" + list + "\": [" + string.Join(',', Enumerable.Repeat("{}", 300_000)) + "]}")!;

        Assert.Equal((ModelStatus.Partial, ProblemCode.TooLarge), (model.Status, model.Problems.Single().Code));
    }

    [Fact]
    public void Long_names_nested_in_long_names_do_not_multiply()
    {
        var name = new string('n', 200_000);
        var hackolade = string.Concat(Enumerable.Repeat($"{{\"name\": \"{name}\", \"properties\": [", 100)) + string.Concat(Enumerable.Repeat("]}", 100));
        var model = Reading.Of("a.hck.json", "{\"collections\": [{\"properties\": [" + hackolade + "]}]}")!;
        Assert.Equal((100, ModelStatus.Ready), (model.Counts.Attributes, model.Status));
        Assert.InRange(ModelJson.Serialize(model).Length, 20_000_000, 21_000_000);

        var schema = string.Concat(Enumerable.Repeat($"{{\"properties\": {{\"{name}\": ", 100)) + "{}" + string.Concat(Enumerable.Repeat("}}", 100));
        Assert.InRange(ModelJson.Serialize(Reading.Of("a.schema.json", schema)!).Length, 20_000_000, 21_000_000);

        var types = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"{{\"type\": \"fixed\", \"name\": \"t{i}\", \"size\": 1}}"));
        var avro = Reading.Of("a.avsc", $"{{\"type\": \"record\", \"name\": \"R\", \"namespace\": \"{name}\", \"fields\": [{{\"name\": \"f\", \"type\": [{types}]}}]}}")!;
        Assert.Equal(2001, avro.Counts.Entities);
    }

    [Fact]
    public void Many_references_to_one_large_copy_do_not_multiply_it()
    {
        var copy = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"GUID": "{{i}}", "name": "{{new string('n', 400)}}"}"""));
        var entities = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"GUID": "e{{i}}", "type": "reference", "ref": "up", "properties": [], "referenceDiff": {"properties": [{"GUID": "1", "required": true}]} }"""));
        var model = Reading.Of("a.hck.json", $$"""{"collections": [{{entities}}], "polyglotDefinitions": {"properties": [{"GUID": "up", "properties": [{{copy}}]}]} }""")!;

        Assert.Equal(ModelStatus.Partial, model.Status);
        Assert.Contains(model.Problems, problem => problem.Code == ProblemCode.TooLarge);
    }

    [Fact]
    public void A_file_over_64_MiB_is_told_and_not_read()
    {
        Assert.Equal(ProblemCode.TooLarge, Reading.Of("a.hck.json", [], size: 65L * 1024 * 1024)!.Problems.Single().Code);
        Assert.Equal(ProblemCode.TooLarge, Reading.Of("a.json", [], ModelFormat.Hackolade, 65L * 1024 * 1024)!.Problems.Single().Code);
        Assert.Null(Reading.Of("a.json", [], size: 65L * 1024 * 1024));
        Assert.Equal(ProblemCode.TooLarge, Reading.Of("a.hck.json", new byte[64 * 1024 * 1024 + 1])!.Problems.Single().Code);
    }

    [Fact]
    public void An_object_of_a_million_keys_takes_no_more_than_a_moment()
    {
        var distinct = "{\"collections\": [], " + string.Join(',', Enumerable.Range(0, 500_000).Select(i => $"\"k{i}\": 1")) + "}";
        var repeated = "{\"collections\": [], \"o\": {" + string.Join(',', Enumerable.Repeat("\"k\": 1, \"l\": 2", 250_000)) + "}}";

        Assert.Equal(500_000, Reading.Of("a.hck.json", distinct)!.Facts.Count);
        Assert.EndsWith("\"o\":{\"k\":1,\"l\":2}}}", Encoding.UTF8.GetString(ModelJson.Serialize(Reading.Of("a.hck.json", repeated)!)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_is_stopped_when_asked()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => ModelCatalog.Read("a.hck.json", [new ModelFile("a.hck.json", "{}"u8.ToArray(), 2)], null, stopped.Token));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Garbage_of_any_kind_never_throws(int seed)
    {
        var random = new Random(seed);
        var signs = "{}[]\":,-&*!|>%@`#? \n\tab01\\'/$;()."u8.ToArray();
        foreach (var path in Paths)
        {
            for (var round = 0; round < 100; round++)
            {
                var bytes = new byte[random.Next(0, 600)];
                random.NextBytes(bytes);
                for (var i = 0; round % 2 == 0 && i < bytes.Length; i++)
                {
                    bytes[i] = signs[bytes[i] % signs.Length];
                }

                _ = Reading.Of(path, bytes, round % 3 == 0 ? ModelFormat.Hackolade : null);
            }
        }
    }

    [Fact]
    public void Long_runs_of_one_sign_are_read_in_time()
    {
        foreach (var sign in new[] { "[", "{", "-\n", "- ", "? ", "\"", "'", "&a ", "*a ", "/*", "$a$", "(", "!", "|\n", "a: ", "%", "\t", "#", "{{", "`", "," })
        {
            var text = "version: 2\nmodels: openapi info\n" + string.Concat(Enumerable.Repeat(sign, 200_000 / sign.Length));
            foreach (var path in new[] { "a.yaml", "a.sql", "a.proto", "a.json", "a.avsc" })
            {
                _ = Reading.Of(path, text);
            }
        }
    }
}
