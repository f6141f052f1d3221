using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class DetectionTests
{
    [Theory]
    [InlineData("a/b.hck.json", true)]
    [InlineData("a/b.HCK.JSON", true)]
    [InlineData("a.onnx", true)]
    [InlineData("a.safetensors", true)]
    [InlineData("a.gguf", true)]
    [InlineData("a.avsc", true)]
    [InlineData("a.proto", true)]
    [InlineData("a.dvc", true)]
    [InlineData("a.json", false)]
    [InlineData("a.schema.json", false)]
    [InlineData("a.avpr", false)]
    [InlineData("openapi.yaml", false)]
    [InlineData("any.yml", false)]
    [InlineData("dbt_project.yml", false)]
    [InlineData("a.sql", false)]
    [InlineData("dvc.yaml", false)]
    [InlineData("dvc.lock", false)]
    [InlineData(".dvc/config", false)]
    [InlineData("sub/.dvc/config", false)]
    public void Files_are_candidates_by_name_alone(string path, bool certain)
    {
        var candidate = ModelCatalog.Recognize(path)!;

        Assert.Equal((path, ModelKind.File, certain), (candidate.ModelPath, candidate.Kind, candidate.Certain));
        Assert.InRange(candidate.ReadBytes, 1, 64 * 1024 * 1024);
    }

    [Theory]
    [InlineData("m/x/MLmodel", "m/x", true)]
    [InlineData("MLmodel", "", true)]
    [InlineData("m/conda.yaml", "m", false)]
    [InlineData("m/python_env.yaml", "m", false)]
    [InlineData("m/requirements.txt", "m", false)]
    [InlineData("m/input_example.json", "m", false)]
    [InlineData("m/registered_model_meta", "m", false)]
    [InlineData("m/README.md", "m", false)]
    public void Members_of_a_folder_model_name_their_folder(string path, string folder, bool certain)
    {
        Assert.Equal(new ModelCandidate(folder, ModelKind.Folder, certain, 1024 * 1024), ModelCatalog.Recognize(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("config")]
    [InlineData("git/config")]
    [InlineData("src/Program.cs")]
    [InlineData("mlmodel")]
    [InlineData("MLmodel.txt")]
    [InlineData("package.json")]
    [InlineData("web/package-lock.json")]
    [InlineData("tsconfig.json")]
    [InlineData("a.json5")]
    [InlineData("folder.json/")]
    public void Anything_else_is_no_candidate(string path)
    {
        Assert.Null(ModelCatalog.Recognize(path));
    }

    [Theory]
    [InlineData("data.json", """[{"collections": []}]""")]
    [InlineData("data.json", """{"collections": [], "relationships": [], "appTarget": 5, "persistenceSchemaVersion": "8"}""")]
    [InlineData("data.json", """{"collections": [], "relationships": [], "appTarget": "MONGODB"}""")]
    [InlineData("settings.json", """{"$schema": "https://json.schemastore.org/settings", "type": "x", "properties": {}}""")]
    [InlineData("schemas/data.json", """{"$schema": "https://example.org/mine.json", "type": "object"}""")]
    [InlineData("swagger.json", """{"swagger": "2.0"}""")]
    [InlineData("openapi.json", """{"openapi": "4.0.0", "info": {}}""")]
    [InlineData("a.json", """{"openapi": "3.1.0", "info": {}} trailing""")]
    [InlineData("a.json", "not json")]
    [InlineData("a.json", "")]
    [InlineData("a.json", "\"text\"")]
    [InlineData("manifest.json", """{"metadata": {"name": "x"}, "nodes": {}}""")]
    [InlineData("other.json", """{"metadata": {"dbt_schema_version": "v12"}, "nodes": {}}""")]
    [InlineData("a.avpr", """{"name": "x"}""")]
    [InlineData("model.safetensors.index.json", """{"metadata": {}}""")]
    [InlineData("ci.yaml", "on: push\njobs: {}\n")]
    [InlineData("models/schema.yml", "models:\n  - name: a\n")]
    [InlineData("models/schema.yml", "version: 1\nmodels:\n  - name: a\n")]
    [InlineData("api.yaml", "swagger: '2.0'\npaths: {}\n")]
    [InlineData("broken.yaml", "version: 2\nmodels: [\n")]
    [InlineData("seed.sql", "INSERT INTO t VALUES ('CREATE TABLE x');\n-- CREATE TABLE y\n/* ; CREATE TABLE z */")]
    [InlineData("query.sql", "SELECT * FROM t; UPDATE t SET a = 1")]
    [InlineData("model.sql", "CREATE TABLE {{ this }} AS SELECT * FROM {{ ref('a') }}")]
    [InlineData("proc.sql", "CREATE OR REPLACE PROCEDURE p AS BEGIN CREATE TABLE t (a INT); IF x THEN y; END IF; END;")]
    [InlineData("fn.sql", "CREATE FUNCTION f() RETURNS void AS $body$ BEGIN; CREATE TABLE t (a int); $body$ LANGUAGE sql;")]
    [InlineData("net.proto", "name: \"LeNet\"\nlayer {\n  message: 1\n  name: \"data\"\n}\n")]
    [InlineData("text.proto", "// message Foo {}\n/* syntax = \"proto3\"; */\n")]
    [InlineData("dvc.yaml", "vars: []\n")]
    public void What_looks_like_a_model_and_is_none_is_rejected(string path, string text)
    {
        Assert.Null(Reading.Of(path, text));
    }

    [Theory]
    [InlineData("a.hck.json", "{", ModelFormat.Hackolade)]
    [InlineData("a.avsc", "{\"type\": {{ type }} }", ModelFormat.Avro)]
    [InlineData("a.avsc", "{}", ModelFormat.Avro)]
    [InlineData("a.onnx", "", ModelFormat.Onnx)]
    [InlineData("a.onnx", "this is no protobuf", ModelFormat.Onnx)]
    [InlineData("a.safetensors", "short", ModelFormat.Safetensors)]
    [InlineData("a.gguf", "GGML", ModelFormat.Gguf)]
    [InlineData("a.proto", "", ModelFormat.Protobuf)]
    [InlineData("a.proto", "\0\0", ModelFormat.Protobuf)]
    [InlineData("a.dvc", "outs: [", ModelFormat.Dvc)]
    [InlineData("a.dvc", "a: 1", ModelFormat.Dvc)]
    public void What_is_a_model_by_name_is_never_dropped(string path, string text, string format)
    {
        var model = Reading.Of(path, text)!;

        Assert.Equal((format, ModelStatus.Failed, "a"), (model.Format, model.Status, model.Name));
        Assert.Equal(ProblemSeverity.Error, Assert.Single(model.Problems).Severity);
    }

    [Fact]
    public void A_plain_json_model_that_no_longer_parses_stays_one_and_one_that_became_something_else_does_not()
    {
        Assert.Equal((ModelFormat.Hackolade, ModelStatus.Failed), Reading.Of("a.json", "{ \"collections\": [", ModelFormat.Hackolade) is { } broken ? (broken.Format, broken.Status) : default);
        Assert.Null(Reading.Of("a.json", "{}", ModelFormat.Hackolade));
        Assert.Equal(ModelFormat.OpenApi, Reading.Of("a.yaml", "a: [", ModelFormat.OpenApi)?.Format);
        Assert.Null(Reading.Of("a.yaml", "a: 1", ModelFormat.OpenApi));
    }

    [Fact]
    public void Hackolade_comes_before_OpenApi_and_late_keys_count()
    {
        const string Text = """{"openapi": "3.0.0", "info": {}, "collections": [], "x": [1, {"y": 2}], "relationships": [], "appTarget": "OPENAPI", "persistenceSchemaVersion": "8"}""";

        Assert.Equal(ModelFormat.Hackolade, Reading.Of("a.json", Text)!.Format);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        Assert.Equal(ModelFormat.OpenApi, Reading.Of("a.json", "\uFEFF{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"T\"}}")!.Format);
        Assert.Equal(ModelFormat.OpenApi, Reading.Of("a.yaml", "\uFEFFopenapi: 3.0.0\ninfo:\n  title: T\n")!.Format);
    }

    [Fact]
    public void A_folder_is_a_model_because_of_its_MLmodel_alone()
    {
        Assert.Null(Reading.OfFolder("m", ("m/README.md", "# hello"), ("m/requirements.txt", "x")));
        Assert.Null(Reading.Of("m", "x"));
    }

    [Fact]
    public void The_digest_is_that_of_the_bytes_and_absent_when_they_were_not_all_read()
    {
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("\"int\""u8)),
            Reading.Of("a.avsc", "\"int\"")!.Digest);
        Assert.Null(Reading.Of("a.avsc", [], size: 100_000_000)!.Digest);
    }
}
