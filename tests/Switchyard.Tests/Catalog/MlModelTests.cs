using System.Text;
using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class MlModelTests
{
    private const string MLmodel = """
        artifact_path: model
        flavors:
          python_function:
            env: {conda: conda.yaml}
            loader_module: mlflow.sklearn
            python_version: 3.10.12
          sklearn: {sklearn_version: 1.3.0}
        mlflow_version: 2.9.2
        model_uuid: abc
        run_id: 0123
        signature:
          inputs: '[{"type": "double", "name": "x"}, {"type": "string", "name": "y", "required": false}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 10]}}]'
          params: null
        utc_time_created: '2024-01-01 00:00:00.000000'
        unknown_key: {a: 1}
        """;

    [Fact]
    public void An_MLflow_folder_is_read_with_signature_flavors_and_environment()
    {
        var model = Reading.OfFolder(
            "models/churn",
            ("models/churn/MLmodel", MLmodel),
            ("models/churn/requirements.txt", "# pinned\nmlflow==2.9.2\nscikit-learn==1.3.0\n"),
            ("models/churn/conda.yaml", "name: env\ndependencies: [python=3.10]\n"),
            ("models/churn/registered_model_meta", "model_name: Churn\nmodel_version: '7'\n"),
            ("models/churn/README.md", "---\nlicense: mit\n---\n# Churn\n"),
            ("models/churn/input_example.json", "{\"columns\": [\"x\"]}"))!;

        Assert.Equal(("models/churn", ModelFormat.Mlflow, "churn", "sklearn", "2.9.2", ModelStatus.Ready), (model.Path, model.Format, model.Name, model.Target, model.TargetVersion, model.Status));
        var (inputs, outputs) = (model.Entities.First(), model.Entities.Last());
        Assert.Equal(["x", "y"], inputs.Attributes.Select(attribute => attribute.Name));
        Assert.Equal([true, false], inputs.Attributes.Select(attribute => attribute.Required));
        Assert.Equal(("tensor", "float32", "[-1, 10]"), (outputs.Attributes[0].Type.Name, outputs.Attributes[0].Type.Native, outputs.Attributes[0].Type.Params["shape"].GetRawText()));
        Assert.Equal(2, model.Facts["requirements"].GetArrayLength());
        Assert.Equal("mit", model.Facts["card"].GetProperty("license").GetString());
        Assert.Equal("mlflow.sklearn", model.Facts.Text("loaderModule"));
        Assert.Equal(1, model.Facts["unknown_key"].GetProperty("a").GetInt32());
        Assert.Equal([new Link(LinkKind.Run, "0123", false), new Link(LinkKind.RegistryEntry, "Churn/7", false)], model.Links.Select(link => link with { Target = link.Target.TrimStart() }));
    }

    [Fact]
    public void The_digest_of_a_folder_changes_with_each_member_and_not_with_its_place()
    {
        var one = Reading.OfFolder("a", ("a/MLmodel", MLmodel), ("a/requirements.txt", "x"))!.Digest;

        Assert.Equal(one, Reading.OfFolder("b/c", ("b/c/requirements.txt", "x"), ("b/c/MLmodel", MLmodel))!.Digest);
        Assert.NotEqual(one, Reading.OfFolder("a", ("a/MLmodel", MLmodel), ("a/requirements.txt", "y"))!.Digest);
        Assert.NotEqual(one, Reading.OfFolder("a", ("a/MLmodel", MLmodel))!.Digest);
    }

    [Theory]
    [InlineData("flavors: [", ProblemCode.ParseFailed)]
    [InlineData("a: 1", ProblemCode.ParseFailed)]
    [InlineData("", ProblemCode.ParseFailed)]
    [InlineData("flavors: {}\n<<<<<<< a\n", ProblemCode.ParseFailed)]
    public void A_broken_MLmodel_is_a_model_with_a_problem(string text, string code)
    {
        var model = Reading.OfFolder("m", ("m/MLmodel", text))!;

        Assert.Equal(("m", ModelStatus.Failed, code), (model.Path, model.Status, model.Problems.Single().Code));
    }

    [Fact]
    public void A_signature_that_is_no_json_leaves_the_rest()
    {
        var model = Reading.OfFolder("", ("MLmodel", "flavors: {sklearn: {}}\nsignature: {inputs: '[{', outputs: '[{\"type\": \"long\"}]'}\n"))!;

        Assert.Equal((ModelStatus.Partial, "outputs", "MLmodel"), (model.Status, model.Entities.Single().Name, model.Name));
    }

    [Fact]
    public void A_safetensors_header_gives_tensors_and_parameters()
    {
        var model = Reading.Of("model.safetensors", Safetensors("""
            {"__metadata__": {"format": "pt"}, "a.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "a.bias": {"dtype": "F16", "shape": [], "data_offsets": [24, 26]}}
            """, 26))!;

        Assert.Equal(ModelStatus.Ready, model.Status);
        Assert.Empty(model.Problems);
        Assert.Equal(["a.weight", "a.bias"], model.Entities.Single().Attributes.Select(tensor => tensor.Name));
        Assert.Equal(7, model.Facts["parameters"].GetInt64());
        Assert.Equal("pt", model.Facts["metadata"].GetProperty("format").GetString());
    }

    [Theory]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]}}""", 6, ProblemCode.Malformed)]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""", 8, ProblemCode.Malformed)]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 400]}}""", 4, ProblemCode.Truncated)]
    [InlineData("""{"a": {"dtype": "F32", "shape": [-1], "data_offsets": "x"}}""", 4, ProblemCode.Malformed)]
    [InlineData("""{"a": 1, "a": }""", 4, ProblemCode.ParseFailed)]
    public void Unsound_safetensors_say_what_is_wrong(string header, int data, string code)
    {
        Assert.Contains(Reading.Of("m.safetensors", Safetensors(header, data))!.Problems, problem => problem.Code == code);
    }

    [Fact]
    public void A_safetensors_header_longer_than_what_was_read_asks_for_more()
    {
        var bytes = Safetensors("{" + new string(' ', 1000) + "}", 0);
        var reading = ModelCatalog.ReadStrictly("m.safetensors", [new ModelFile("m.safetensors", bytes.AsMemory(0, 100), bytes.Length)], null, CancellationToken.None);

        Assert.Equal((1010L, ModelStatus.Partial), (reading.WantedBytes, reading.Model!.Status));
    }

    [Fact]
    public void An_index_of_shards_links_to_them()
    {
        var model = Reading.Of("m/model.safetensors.index.json", """{"metadata": {"total_size": 9}, "weight_map": {"a": "s-2.safetensors", "b": "s-1.safetensors", "c": "../../x"}}""")!;

        Assert.Equal((ModelFormat.Safetensors, "model"), (model.Format, model.Name));
        Assert.Equal([Link.OutsideTheRepository, "m/s-1.safetensors", "m/s-2.safetensors"], model.Links.Select(link => link.Target));
    }

    [Fact]
    public void A_gguf_header_gives_facts_and_tensors_without_the_vocabulary()
    {
        var model = Reading.Of("m-00001-of-00002.gguf", new GgufBuilder()
            .Text("general.architecture", "llama").Text("general.name", "Tiny").UInt32("llama.context_length", 4096)
            .Texts("tokenizer.ggml.tokens", "a", "b").Text("tokenizer.ggml.model", "gpt2")
            .Tensor("blk.0.attn_q.weight", 12, 64, 32).ToArray())!;

        Assert.Equal((ModelStatus.Ready, "Tiny", "llama"), (model.Status, model.Name, model.Target));
        Assert.Equal(4096, model.Facts["llama.context_length"].GetInt32());
        Assert.False(model.Facts.ContainsKey("tokenizer.ggml.tokens"));
        Assert.Equal("gpt2", model.Facts.Text("tokenizer.ggml.model"));
        Assert.Equal(("blk.0.attn_q.weight", "Q4_K"), (model.Entities.Single().Attributes.Single().Name, model.Entities.Single().Attributes.Single().Type.Name));
        Assert.Equal(2048, model.Facts["parameters"].GetInt64());
    }

    [Theory]
    [InlineData("GGUF\x01\0\0\0", ProblemCode.Unsupported)]
    [InlineData("GGUF\x03\0\0\0", ProblemCode.Truncated)]
    [InlineData("lmgg1234", ProblemCode.Unsupported)]
    [InlineData("GGUF\x03\0\0\0\x7F\x7F\x7F\x7F\x7F\x7F\x7F\x7F\0\0\0\0\0\0\0\0", ProblemCode.TooLarge)]
    [InlineData("GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x7F\x7F\x7F\x7F\0\0\0\0", ProblemCode.Malformed)]
    public void Hostile_gguf_headers_are_refused_before_anything_is_allocated(string bytes, string code)
    {
        Assert.Contains(Reading.Of("m.gguf", Encoding.Latin1.GetBytes(bytes))!.Problems, problem => problem.Code == code);
    }

    [Fact]
    public void A_lfs_pointer_keeps_the_format_of_its_name()
    {
        var text = $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 4100000000\n";
        var model = Reading.Of("m/weights.safetensors", text)!;

        Assert.Equal((ModelFormat.Safetensors, ModelStatus.Pointer, "weights"), (model.Format, model.Status, model.Name));
        Assert.Equal(4100000000, model.Facts["lfsSize"].GetInt64());
        Assert.Equal("sha256:" + new string('a', 64), model.Facts.Text("lfsOid"));
        Assert.Equal(ModelFormat.Hackolade, Reading.Of("a.hck.json", text)!.Format);
        Assert.Equal(ModelFormat.OpenApi, Reading.Of("openapi.json", text)!.Format);
        Assert.Null(Reading.Of("data.json", text));
        Assert.Equal(ModelFormat.Hackolade, Reading.Of("data.json", text, ModelFormat.Hackolade)!.Format);
        Assert.Equal(ModelStatus.Pointer, Reading.OfFolder("m", ("m/MLmodel", text))!.Status);
    }

    [Theory]
    [InlineData("# see\nversion https://git-lfs.github.com/spec/v1\noid sha256:{0}\nsize 1\n")]
    [InlineData("version https://git-lfs.github.com/spec/v1\nsize 1\noid sha256:{0}\n")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:XYZ\nsize 1\n")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:{0}\nsize -1\n")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n")]
    public void Text_that_is_almost_a_pointer_is_none(string text)
    {
        Assert.Equal(ModelStatus.Failed, Reading.Of("m.gguf", text.Replace("{0}", new string('a', 64), StringComparison.Ordinal))!.Status);
    }

    internal static byte[] Safetensors(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]];
    }
}
