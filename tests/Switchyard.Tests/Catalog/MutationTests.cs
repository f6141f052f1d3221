using System.Text;
using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

/// <summary>Good files, damaged at random: whatever comes out, it is a model with problems or no model, and it can be written.</summary>
public sealed class MutationTests(FixtureRepositories repositories) : IClassFixture<FixtureRepositories>
{
    private static readonly byte[][] Pieces =
    [
        .. new[] { "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "1e999", "\"\\ud800\"", "\n", "<<<<<<< x\n", "&a ", "*a ", "- ", "  ", "\u00e9", "\\", "{}", "[]", "\"ref\":", "\"properties\":" }
            .Select(Encoding.UTF8.GetBytes),
        [0], [0xFF], [0xC3],
    ];

    [Theory]
    [InlineData("sample-data-models", 21)]
    [InlineData("books", 22)]
    public void Damaged_Hackolade_files_never_throw(string name, int seed)
    {
        var random = new Random(seed);
        var tree = repositories.Tree(name).Where(entry => entry.Path.EndsWith(".json", StringComparison.Ordinal)).ToArray();
        for (var round = 0; round < 60; round++)
        {
            var (path, blob) = tree[random.Next(tree.Length)];
            var bytes = repositories.Blob(name, blob);
            for (var i = 0; i < 5; i++)
            {
                Check(path, Mutate(bytes, random), random);
            }
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Damaged_files_of_every_format_never_throw(int seed)
    {
        var random = new Random(seed);
        foreach (var (path, bytes) in GoodFiles())
        {
            Assert.NotNull(Reading.Of(path, bytes));
            for (var round = 0; round < 400; round++)
            {
                Check(path, Mutate(bytes, random), random);
            }
        }
    }

    [Theory]
    [InlineData(41)]
    public void Damaged_MLmodels_never_throw(int seed)
    {
        var random = new Random(seed);
        var good = "flavors: {python_function: {env: &e {a: b}}, x: *e}\nsignature: {inputs: '[{\"type\": \"long\", \"name\": \"a\"}]'}\nrun_id: 1\n"u8.ToArray();
        for (var round = 0; round < 1000; round++)
        {
            var bytes = Mutate(good, random);
            var model = ModelCatalog.ReadStrictly("m", [new("m/MLmodel", bytes, bytes.Length), new("m/conda.yaml", Mutate(good, random), good.Length)], null, CancellationToken.None).Model;
            Assert.NotEmpty(ModelJson.Serialize(model!));
        }
    }

    private static void Check(string path, byte[] bytes, Random random)
    {
        var size = bytes.Length + (random.Next(10) == 0 ? 1000 : 0);
        if (Reading.Of(path, bytes, random.Next(3) == 0 ? ModelFormat.OpenApi : null, size) is { } model)
        {
            _ = System.Text.Json.JsonDocument.Parse(ModelJson.Serialize(model), new() { MaxDepth = 2000 });
            _ = ModelJson.SemanticDigest(model);
            _ = ModelSearchText.Of(model);
        }
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var count = random.Next(1, 4); count > 0 && bytes.Count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                default: bytes.InsertRange(at, [.. bytes.Skip(random.Next(bytes.Count)).Take(random.Next(200))]); break;
            }
        }

        return [.. bytes];
    }

    private static IEnumerable<(string Path, byte[] Bytes)> GoodFiles()
    {
        static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
        yield return ("a.schema.json", Text("""{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"], "enum": ["x"]}, "b": {"items": {"$ref": "#/$defs/c"}}}, "$defs": {"c": {"oneOf": [{"const": 1}]}}}"""));
        yield return ("a.avsc", Text("""{"type": "record", "name": "R", "namespace": "n", "fields": [{"name": "a", "type": ["null", "int"]}, {"name": "b", "type": {"type": "array", "items": {"type": "enum", "name": "E", "symbols": ["X"]}}}, {"name": "c", "type": {"type": "fixed", "name": "F", "size": 4}}]}"""));
        yield return ("a.avpr", Text("""{"protocol": "P", "types": [{"type": "record", "name": "R", "fields": []}], "messages": {"m": {"request": [{"name": "r", "type": "R"}], "response": "null"}}}"""));
        yield return ("openapi.json", Text("""{"openapi": "3.0.0", "info": {"title": "T"}, "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "query"}], "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}}, "components": {"schemas": {"A": {"type": "object", "properties": {"x": {"type": "string"}}}}}}"""));
        yield return ("openapi.yaml", Text("openapi: 3.0.0\ninfo: &i {title: T}\npaths:\n  /a:\n    get: {responses: {200: {description: |\n      ok\n      }}}\nx: *i\n".Replace("|\n      ok\n      ", "ok", StringComparison.Ordinal)));
        yield return ("dbt_project.yml", Text("name: a\nversion: '1'\nmodel-paths: [models]\n"));
        yield return ("models/a.yml", Text("version: 2\nmodels:\n  - name: a\n    columns:\n      - {name: b, data_type: int}\nsources: [{name: s, tables: [{name: t}]}]\n"));
        yield return ("manifest.json", Text("""{"metadata": {"dbt_schema_version": "v12"}, "nodes": {"model.a": {"resource_type": "model", "columns": {"x": {"name": "x"}}, "depends_on": {"nodes": ["s"]}}}}"""));
        yield return ("a.dvc", Text("outs:\n- md5: abc\n  path: x\n"));
        yield return ("dvc.yaml", Text("stages:\n  a: {cmd: x}\n"));
        yield return (".dvc/config", Text("['remote \"a\"']\nurl = x\n"));
        yield return ("a.sql", Text("-- c\nCREATE TABLE [a].b (c int DEFAULT ';'); $$ x $$ BEGIN END;"));
        yield return ("a.proto", Text("syntax = \"proto3\"; package a; import \"b\"; message M { /* c */ } // d"));
        yield return ("a.onnx", [0x08, 8, 0x12, 1, (byte)'p', 0x3A, 2, 0x0A, 0, 0x42, 2, 0x10, 17]);
        yield return ("a.safetensors", MlModelTests.Safetensors("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", 4));
        yield return ("a.safetensors.index.json", Text("""{"weight_map": {"a": "s"}}"""));
        yield return ("a.gguf", new GgufBuilder().Text("general.name", "n").UInt32("a.b", 1).Texts("t", "x", "y").Tensor("w", 0, 2, 3).ToArray());
    }
}
