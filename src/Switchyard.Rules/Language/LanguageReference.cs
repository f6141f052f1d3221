using System.Text;

namespace Switchyard.Rules.Language;

/// <summary>The tables of the documentation, made from the table of the language; a test holds the documentation against them.</summary>
internal static class LanguageReference
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        Keys(text, "a rule", RuleLanguage.Rule);
        Keys(text, "checks", RuleLanguage.Checks);
        Keys(text, "quiet", RuleLanguage.Quiet);
        foreach (var trigger in TriggerLanguage.On.Keys)
        {
            Keys(text, $"on.{trigger.Name}", (MapSpec)((ListSpec)trigger.Value).Item);
        }

        foreach (var action in RuleLanguage.Action.Keys)
        {
            Keys(text, $"do.{action.Name}", (MapSpec)action.Value);
        }

        return text.ToString();
    }

    public static string Placeholders()
    {
        var text = new StringBuilder("| field | what it is | Signals that have it |\n|---|---|---|\n");
        foreach (var field in PlaceholderFields.All)
        {
            var kinds = field.Kinds.Count == 0 ? "all" : field.NeedsSource && field.Kinds.Count == 8 ? "all but registry" : string.Join(", ", field.Kinds);
            text.Append($"| `{field.Name}` | {field.Sentence}{(field.ForkControlled ? " (fork)" : "")} | {kinds}{(field.NeedsSource ? " (1)" : "")} |\n");
        }

        return text.ToString();
    }

    private static void Keys(StringBuilder text, string title, MapSpec map)
    {
        text.Append($"### {title}\n\n| key | value | what it does |\n|---|---|---|\n");
        foreach (var key in map.Keys)
        {
            var presence = key.Presence switch
            {
                Presence.Required => " **Required.**",
                Presence.RequiredElsewhere => " **Required**, but in a repository's own file.",
                _ => key.Default is null ? "" : $" Default: `{key.Default}`.",
            };
            text.Append($"| `{key.Name}` | {Value(key.Value)} | {key.Sentence}{presence} |\n");
        }

        text.Append('\n');
    }

    private static string Value(Spec spec) => spec switch
    {
        MapSpec { Short: { } form } map when map.Keys.Count < 6 => $"{Value(form)}; or a mapping",
        MapSpec => "a mapping, see below",
        ListSpec list => $"{(list.Item is MapSpec ? "mappings, see below" : Value(list.Item))}{(list.OneAlone ? "; one or a list" : "; a list")}",
        WordSpec words => string.Join(", ", words.Words.Select(word => $"`{word}`")),
        TextSpec text => $"{text.Expected}: `{text.Example}`",
        _ => spec.Expected,
    };
}
