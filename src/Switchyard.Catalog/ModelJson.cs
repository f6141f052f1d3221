using System.Security.Cryptography;
using Switchyard.Catalog.Serialization;

namespace Switchyard.Catalog;

/// <summary>The intermediate form as JSON that depends on the content alone, so that equal models are equal bytes.</summary>
public static class ModelJson
{
    /// <summary>The whole form as UTF-8 JSON: keys in a fixed order, empty ones left out.</summary>
    public static byte[] Serialize(Model model)
    {
        var json = new CanonicalWriter(withoutNoise: false);
        new ModelWriter(json, meaningOnly: false).Write(model);
        return json.Written.ToArray();
    }

    /// <summary>
    /// SHA-256, lower-case hex, of what the model means: without path, layout, places in the file, problems and the noise of the
    /// format (catalogue, sections 2.6 and 3). Equal digests: only cosmetic changes lie between two models.
    /// </summary>
    public static string SemanticDigest(Model model)
    {
        var json = new CanonicalWriter(withoutNoise: model.Format == ModelFormat.Hackolade);
        new ModelWriter(json, meaningOnly: true).Write(model);
        return Convert.ToHexStringLower(SHA256.HashData(json.Written));
    }
}
