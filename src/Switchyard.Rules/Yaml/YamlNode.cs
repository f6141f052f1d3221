namespace Switchyard.Rules.Yaml;

/// <summary>A piece of YAML and where it is, both counted from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>What it is, for messages: <c>a list</c>.</summary>
    public abstract string Noun { get; }
}

/// <param name="Line">Where it begins.</param>
/// <param name="Column">Where it begins.</param>
/// <param name="Value">Its text.</param>
/// <param name="IsPlain">Written without quotes, so that it may be a number, a truth value or nothing.</param>
internal sealed record YamlScalar(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>By the core schema of YAML 1.2; null for anything else.</summary>
    public bool? Truth => !IsPlain ? null : Value switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    public override string Noun => IsNull ? "nothing" : Truth is not null ? $"the truth value {Value}" : $"the text \"{Shortened(Value)}\"";

    public static string Shortened(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
}

internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Noun => "a list";
}

internal sealed record YamlMap(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column)
{
    public override string Noun => "a mapping";

    public YamlNode? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Key.Value == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }
}

internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
