using System.Collections.Frozen;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>What is never a change of a Hackolade model (catalogue, section 2.6).</summary>
internal static class HackoladeNoise
{
    /// <summary>Keys without meaning, at any depth.</summary>
    public static readonly FrozenSet<string> Keys = FrozenSet.Create(
        StringComparer.Ordinal,
        "settings", "lastModifTS", "creationTS", "applicationInformation", "pluginInformation", "persistenceSchemaVersion",
        "isCreatedByPlugin", "idToNameHashTable", "idTonNmeHashTable", "diagramViews", "decorativeSymbols", "hideModelViews",
        "users", "error", "validationErrors", "hackoladeMeta", "hackoladeStyles", "backgroundColor", "color", "lineSize", "x", "y");

    /// <summary>Where "false" is a value of its own and not the same as absence.</summary>
    public static readonly FrozenSet<string> FalseCounts =
        FrozenSet.Create(StringComparer.Ordinal, "additionalProperties", "default", "sample", "enum");

    /// <summary>Noise worth showing as a fact; still outside the semantic digest.</summary>
    public static readonly FrozenSet<string> Shown = FrozenSet.Create(
        StringComparer.Ordinal,
        "lastModifTS", "creationTS", "applicationInformation", "pluginInformation", "persistenceSchemaVersion", "isCreatedByPlugin");
}
