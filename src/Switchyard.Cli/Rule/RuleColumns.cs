using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule;

internal static class RuleColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        Column.Of("enabled", "On", item => Members.At(item, "enabled") == "true" ? "on" : "off"),
        new("name", "Name"),
        Column.Of("on", "When", When),
        new("starts", "Starts"),
        Column.Of("lastMatchedAt", "Last matched", item => Members.At(item, "lastMatchedAt") ?? "never"),
        new("source", "File of"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("name", "Rule"),
        new("id", "Id"),
        Column.Of("source", "From", item => $"{Members.At(item, "source")} ({Members.At(item, "kind")}), revision {Members.At(item, "revision")}, line {Members.At(item, "line")}"),
        new("provider", "Provider"),
        Column.Of("enabled", "On", item => Members.At(item, "enabled") == "true" ? "on" : "off"),
        Column.Of("when", "When", item => string.Join(" or ", (item["when"] as JsonArray ?? []).Select(Members.Of))),
        Column.Of("checks", "If", If),
        Column.Of("starts", "Then", Then),
        new("nextFireAt", "Next"),
        Column.Of("lastMatchedAt", "Last matched", item => Members.At(item, "lastMatchedAt") ?? "never"),
    ];

    public static readonly IReadOnlyList<Column> History =
    [
        new("id", "Id"),
        new("at", "At"),
        Column.State("result", "Result"),
        new("rule", "Rule"),
        new("signalKind", "Signal"),
        Column.Of("repository", "Repository", item => $"{Members.At(item, "repository")}{(Short(Members.At(item, "sha")) is { } sha ? "@" + sha : "")}"),
        new("reason", "Why"),
        new("signalId", "Signal id"),
        new("pendingId", "Pending"),
    ];

    public static readonly IReadOnlyList<Column> Revisions =
    [
        new("number", "Revision"),
        Column.State("state", "State"),
        Column.Of("commit", "Commit", item => Short(Members.At(item, "commit"))),
        new("loadedAt", "Loaded"),
        new("loadedBy", "By"),
        Column.Of("problems", "Problems", item => ((item["problems"] as JsonArray)?.Count ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    public static readonly IReadOnlyList<Column> Sources =
    [
        new("id", "Id"),
        new("name", "Name"),
        new("kind", "Kind"),
        Column.State("state", "State"),
        new("revision", "In force"),
        Column.Of("commit", "Commit", item => Short(Members.At(item, "commit"))),
        Column.Of("problems", "Problems", item => ((item["problems"] as JsonArray)?.Count ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("updatedAt", "Read"),
        new("provider", "Provider"),
    ];

    public static string? Short(string? sha) => sha is { Length: > 7 } ? sha[..7] : sha;

    private static string When(JsonNode item)
    {
        var kinds = (item["on"] as JsonArray ?? []).Select(Members.Of);
        var repositories = Members.At(item, "repositories");
        return string.Join(" or ", kinds) + (repositories is { Length: > 0 } ? " in " + repositories : "");
    }

    private static string? If(JsonNode item)
    {
        var parts = new[] { Members.At(item, "checks") is { } checks ? "checks: " + checks : null, Members.At(item, "quiet") is { } quiet ? "quiet " + quiet : null };
        return parts.Any(part => part is not null) ? string.Join("; ", parts.OfType<string>()) : null;
    }

    private static string Then(JsonNode item) =>
        string.Join("; ", (item["starts"] as JsonArray ?? []).Select(Members.Of)) + (Members.At(item, "reports") == "true" ? "; a check run on the source commit" : "");
}
