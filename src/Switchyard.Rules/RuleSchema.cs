namespace Switchyard.Rules;

/// <summary>The language as a JSON Schema (2020-12), for editors.</summary>
public static class RuleSchema
{
    /// <summary>Indented; the same text at each call.</summary>
    public static string Json => throw new NotSupportedException();
}
