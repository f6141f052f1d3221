using System.Text.Json.Nodes;
using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <summary>The language as a JSON Schema (2020-12), for editors; made from the table that the parser reads by.</summary>
public static class RuleSchema
{
    private static readonly Lazy<string> Text = new(() => SchemaWriter.Write(RuleLanguage.File).ToJsonString(SchemaWriter.Indented));

    /// <summary>Indented; the same text at each call.</summary>
    public static string Json => Text.Value;

    internal static JsonObject Document => SchemaWriter.Write(RuleLanguage.File);
}
