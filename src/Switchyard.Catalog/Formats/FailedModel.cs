using System.Security.Cryptography;

namespace Switchyard.Catalog.Formats;

/// <summary>Models of which little more is known than that they are there.</summary>
internal static class FailedModel
{
    public static Model Of(ModelFile file, string format, params ReadOnlySpan<ModelProblem> problems) => new()
    {
        Path = file.Path,
        Format = format,
        Name = NameOf(file.Path),
        Status = ModelStatus.Failed,
        Problems = [.. problems],
    };

    /// <summary>The file name up to its extension.</summary>
    public static string NameOf(string path)
    {
        var name = path.EndsWith(".hck.json", StringComparison.OrdinalIgnoreCase) ? path[..^5] : path;
        name = RepositoryPath.NameOf(name);
        var dot = name.LastIndexOf('.');
        return dot > 0 ? name[..dot] : name;
    }

    /// <summary>SHA-256 of the file, when it was read whole.</summary>
    public static string? DigestOf(ModelFile file) =>
        file.Whole ? Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span)) : null;
}
