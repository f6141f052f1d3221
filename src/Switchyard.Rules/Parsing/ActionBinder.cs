using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

internal sealed class ActionBinder(RuleFileScope scope)
{
    public RuleAction Bind(string kind, YamlMap keys, string path) => kind switch
    {
        "workflow" => new WorkflowAction
        {
            Line = keys.Line,
            At = At(keys, "file", path),
            Repository = Repository(keys),
            File = keys["file"].Template()!,
            Ref = keys["ref"].Template(),
            Inputs = Templates(keys["inputs"]),
        },
        "dispatch" => new DispatchAction
        {
            Line = keys.Line,
            At = At(keys, "event_type", path),
            Repository = Repository(keys),
            EventType = keys["event_type"].Template()!,
            Payload = keys["payload"] is YamlMap payload ? Object(payload) : PayloadObject.Empty,
        },
        _ => new JobAction
        {
            Line = keys.Line,
            At = At(keys, "file", path),
            Registry = keys["registry"].Text()!,
            File = keys["file"].Template()!,
            Set = Templates(keys["set"]),
        },
    };

    private Template Repository(YamlMap keys) => keys["repository"].Template() ?? Template.Parse(Targets.Own(scope));

    private static TextPlace At(YamlMap keys, string name, string path) => new(keys[name]!.Line, keys[name]!.Column, $"{path}.{name}");

    private static Dictionary<string, Template> Templates(YamlNode? node) =>
        node.Entries().ToDictionary(entry => entry.Key.Value, entry => entry.Value.Template()!, StringComparer.Ordinal);

    private static PayloadObject Object(YamlMap map) => new([.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, Value(entry.Value)))]);

    private static PayloadValue Value(YamlNode node) => node switch
    {
        YamlMap map => Object(map),
        YamlList list => new PayloadList([.. list.Items.Select(Value)]),
        YamlScalar { IsNull: true } => new PayloadLiteral(null),
        YamlScalar { Truth: { } truth } => new PayloadLiteral(JsonValue.Create(truth)),
        YamlScalar scalar when Number(scalar) is { } number => new PayloadLiteral(number),
        _ => new PayloadText(node.Template()!),
    };

    /// <summary>A number of JSON's own form alone: 007, 0x10 and 1_000 stay texts, as people mean ids and versions by them.</summary>
    private static JsonValue? Number(YamlScalar scalar)
    {
        if (!scalar.IsPlain || scalar.Value is not ([>= '0' and <= '9', ..] or ['-', >= '0' and <= '9', ..]) || scalar.Value.TrimStart('-') is ['0', >= '0' and <= '9', ..])
        {
            return null;
        }

        return long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
            : double.TryParse(scalar.Value, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? JsonValue.Create(real)
            : null;
    }
}
