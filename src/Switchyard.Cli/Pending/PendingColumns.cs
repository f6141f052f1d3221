using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Rule;

namespace Switchyard.Cli.Pending;

internal static class PendingColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        Column.State("state", "State"),
        new("rule", "Rule"),
        Column.Of("sources", "Commits", item => Sources(item, 3)),
        new("detail", "Waits for"),
        new("dueAt", "Due"),
        new("lastAt", "Last signal"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("id", "Id"),
        Column.State("state", "State"),
        new("detail", "Detail"),
        new("rule", "Rule"),
        new("source", "File of"),
        new("provider", "Provider"),
        new("key", "Quiet together"),
        Column.Of("sources", "Commits", item => Sources(item, int.MaxValue)),
        Column.Of("signalId", "Last signal", item => "s-" + Members.At(item, "signalId")),
        new("firstAt", "First"),
        new("lastAt", "Last"),
        new("dueAt", "Due"),
        Column.Of("steps", "What happened", item => string.Join(" ", (item["steps"] as JsonArray ?? []).Select(step => step?.ToString()))),
        new("endedAt", "Ended"),
        new("endedBy", "By"),
    ];

    private static string Sources(JsonNode item, int most)
    {
        var sources = (item["sources"] as JsonArray ?? []).OfType<JsonNode>().ToList();
        var shown = sources.Take(most).Select(source => $"{Members.At(source, "repository")}@{RuleColumns.Short(Members.At(source, "sha"))}{(Members.Number(source, "signals") is > 1 and var count ? $" ({count} signals)" : "")}");
        return string.Join(", ", shown) + (sources.Count > most ? $" and {sources.Count - most} more" : "");
    }
}
