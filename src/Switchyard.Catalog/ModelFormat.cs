namespace Switchyard.Catalog;

/// <summary>The ids of the formats, in the order in which they are tried (catalogue, section 1.2).</summary>
public static class ModelFormat
{
    public const string Hackolade = "hackolade";
    public const string Mlflow = "mlflow";
    public const string Onnx = "onnx";
    public const string Safetensors = "safetensors";
    public const string Gguf = "gguf";
    public const string JsonSchema = "jsonschema";
    public const string Avro = "avro";
    public const string OpenApi = "openapi";
    public const string Dbt = "dbt";
    public const string Protobuf = "protobuf";
    public const string Sql = "sql";
    public const string Dvc = "dvc";

    /// <summary>All ids, in that order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Hackolade, Mlflow, Onnx, Safetensors, Gguf, JsonSchema, Avro, OpenApi, Dbt, Protobuf, Sql, Dvc];
}
