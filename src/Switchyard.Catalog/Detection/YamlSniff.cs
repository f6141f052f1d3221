namespace Switchyard.Catalog.Detection;

/// <summary>Words without which no YAML file of any name is a model: most are settings and pipelines, and parsing them is dear.</summary>
internal static class YamlSniff
{
    public static bool MayBeModel(ReadOnlySpan<byte> text) =>
        (Has(text, "openapi"u8) || Has(text, "swagger"u8)) && Has(text, "info"u8)
        || (Has(text, "version"u8) && (Has(text, "models"u8) || Has(text, "sources"u8) || Has(text, "exposures"u8)));

    private static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.IndexOf(word) >= 0;
}
