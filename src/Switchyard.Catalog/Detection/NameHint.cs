namespace Switchyard.Catalog.Detection;

/// <summary>How the content of a candidate is looked at.</summary>
internal enum ContentKind
{
    Json,
    Yaml,
    Onnx,
    Safetensors,
    Gguf,
    Protobuf,
    Sql,
    DvcConfig,
    FolderMember,
}

/// <summary>What the name of a file says.</summary>
/// <param name="Content">How to look at the content.</param>
/// <param name="Format">The format the name suggests; null when only the content can tell.</param>
/// <param name="Certain">The name alone makes it a model (catalogue, section 1.1 step 5).</param>
internal readonly record struct NameHint(ContentKind Content, string? Format, bool Certain);
