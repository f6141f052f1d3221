using System.Collections.Frozen;
using Switchyard.Catalog.Formats;

namespace Switchyard.Catalog.Detection;

/// <summary>Recognises candidates by exact name, then suffix, then parent folder (catalogue, section 1.1 step 2). No content, no allocation for most paths.</summary>
internal static class NameRules
{
    public const string MlflowFile = "MLmodel";

    /// <summary>Files that belong to an MLflow model when they lie beside its <c>MLmodel</c>.</summary>
    private static readonly FrozenSet<string> MlflowSiblings = FrozenSet.Create(
        StringComparer.Ordinal,
        "conda.yaml", "python_env.yaml", "requirements.txt", "input_example.json", "registered_model_meta", "README.md");

    /// <summary>JSON and YAML of well-known tools: never models, and in every repository.</summary>
    private static readonly FrozenSet<string> Tools = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "packages.lock.json", "composer.json", "tsconfig.json", "jsconfig.json",
        "pnpm-lock.yaml", "global.json", "launchSettings.json", ".eslintrc.json", ".prettierrc.json", "renovate.json",
        ".pre-commit-config.yaml", "docker-compose.yml", "docker-compose.yaml");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SiblingNames = MlflowSiblings.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ToolNames = Tools.GetAlternateLookup<ReadOnlySpan<char>>();

    public static ModelCandidate? Recognize(string path)
    {
        if (HintOf(path) is not { } hint)
        {
            return null;
        }

        return hint.Content == ContentKind.FolderMember
            ? new(RepositoryPath.FolderOf(path), ModelKind.Folder, hint.Certain, Bounds.SiblingBytes)
            : new(path, ModelKind.File, hint.Certain, WantedBytes(hint.Content));
    }

    public static NameHint? HintOf(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        if (name.Length < 4)
        {
            return null;
        }

        if (name.SequenceEqual(MlflowFile))
        {
            return new(ContentKind.FolderMember, ModelFormat.Mlflow, true);
        }

        if (SiblingNames.Contains(name))
        {
            return new(ContentKind.FolderMember, ModelFormat.Mlflow, false);
        }

        if (name is "config")
        {
            return path is ".dvc/config" || path.EndsWith("/.dvc/config", StringComparison.Ordinal)
                ? new(ContentKind.DvcConfig, ModelFormat.Dvc, false)
                : null;
        }

        var dot = name.LastIndexOf('.');
        return dot < 0 ? null : ByExtension(path, name, name[(dot + 1)..]);
    }

    private static NameHint? ByExtension(string path, ReadOnlySpan<char> name, ReadOnlySpan<char> extension) => extension switch
    {
        _ when Is(extension, "json") => Json(path, name),
        _ when Is(extension, "yaml") || Is(extension, "yml") => Yaml(name),
        _ when Is(extension, "onnx") => new(ContentKind.Onnx, ModelFormat.Onnx, true),
        _ when Is(extension, "safetensors") => new(ContentKind.Safetensors, ModelFormat.Safetensors, true),
        _ when Is(extension, "gguf") => new(ContentKind.Gguf, ModelFormat.Gguf, true),
        _ when Is(extension, "avsc") => new(ContentKind.Json, ModelFormat.Avro, true),
        _ when Is(extension, "avpr") => new(ContentKind.Json, ModelFormat.Avro, false),
        _ when Is(extension, "proto") => new(ContentKind.Protobuf, ModelFormat.Protobuf, true),
        _ when Is(extension, "sql") => new(ContentKind.Sql, ModelFormat.Sql, false),
        _ when Is(extension, "dvc") => new(ContentKind.Yaml, ModelFormat.Dvc, true),
        _ when name is "dvc.lock" => new(ContentKind.Yaml, ModelFormat.Dvc, false),
        _ => null,
    };

    private static NameHint? Json(string path, ReadOnlySpan<char> name)
    {
        if (Ends(name, ".hck.json"))
        {
            return new(ContentKind.Json, ModelFormat.Hackolade, true);
        }

        if (Ends(name, ".safetensors.index.json"))
        {
            return new(ContentKind.Json, ModelFormat.Safetensors, false);
        }

        if (Ends(name, ".schema.json") || path.StartsWith("schemas/", StringComparison.Ordinal) || path.Contains("/schemas/", StringComparison.Ordinal))
        {
            return new(ContentKind.Json, ModelFormat.JsonSchema, false);
        }

        return Begins(name, "openapi") || Begins(name, "swagger") ? new(ContentKind.Json, ModelFormat.OpenApi, false)
            : ToolNames.Contains(name) ? null
            : new(ContentKind.Json, null, false);
    }

    private static NameHint? Yaml(ReadOnlySpan<char> name) => name switch
    {
        "dvc.yaml" => new(ContentKind.Yaml, ModelFormat.Dvc, false),
        "dbt_project.yml" => new(ContentKind.Yaml, ModelFormat.Dbt, false),
        _ when Begins(name, "openapi") || Begins(name, "swagger") => new(ContentKind.Yaml, ModelFormat.OpenApi, false),
        _ when ToolNames.Contains(name) => null,
        _ => new(ContentKind.Yaml, null, false),
    };

    private static long WantedBytes(ContentKind content) => content switch
    {
        ContentKind.Onnx => 64 * 1024,
        ContentKind.Safetensors => 8 * 1024 * 1024,
        ContentKind.Gguf => 16 * 1024 * 1024,
        ContentKind.Sql => Bounds.SqlBytes,
        ContentKind.DvcConfig => Bounds.SiblingBytes,
        _ => Bounds.TextBytes,
    };

    private static bool Is(ReadOnlySpan<char> text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(ReadOnlySpan<char> text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static bool Ends(ReadOnlySpan<char> text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase) && text.Length > end.Length;
}
