using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

internal static class RepoColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("fullName", "Repository"),
        Column.State("status", "Status"),
        Column.State("health", "Health"),
        Column.State("lastSync.state", "Last sync"),
        Column.Of("head", "Branch @ sha", BranchAndHead),
        new("models", "Models"),
        new("problems", "Problems"),
        new("id", "Id"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("fullName", "Repository"),
        new("id", "Id"),
        new("provider", "Provider"),
        Column.State("status", "Status"),
        Column.State("health", "Health"),
        Column.Of("reasons", "Reasons", item => string.Join("; ", Sentences(item, "reasons"))),
        Column.State("lastSync.state", "Last sync"),
        new("lastSync.endedAt", "Ended"),
        new("lastSync.error", "Error"),
        Column.Of("notes", "Note", item => string.Join("; ", Sentences(item, "notes").Append(Members.At(item, "lastSync.fellBack")).OfType<string>().Distinct(StringComparer.Ordinal))),
        Column.Of("head", "Branch @ sha", BranchAndHead),
        new("models", "Models"),
        new("versions", "Versions"),
        Column.Of("formats", "Formats", item => string.Join(", ", (Members.Member(item, "formats") as JsonArray ?? []).Select(format => $"{Members.At(format, "format")} {Members.At(format, "models")}"))),
        new("problems", "Problems"),
        new("private", "Private"),
        new("archived", "Archived"),
        new("htmlUrl", "On GitHub"),
    ];

    public static readonly IReadOnlyList<Column> Problems =
    [
        new("code", "Code"),
        Column.Of("path", "Where", item => Members.At(item, "line") is { } line ? $"{Members.At(item, "path")}:{line}" : Members.At(item, "path")),
        new("message", "Problem"),
        new("severity", "Severity"),
        new("firstSeen", "First seen"),
    ];

    public static readonly IReadOnlyList<Column> Ignored =
    [
        new("pattern", "Pattern"),
        new("line", "Line"),
        new("candidates", "Left out"),
        new("sample", "For instance"),
    ];

    public static readonly IReadOnlyList<Column> Syncs =
    [
        new("id", "#"),
        new("mode", "Mode"),
        new("trigger", "Trigger"),
        Column.Of("from", "From -> to", item => $"{Short(Members.At(item, "from"))} -> {Short(Members.At(item, "to"))}"),
        Column.State("state", "Result"),
        Column.Of("result", "Changes", item => $"+{Members.At(item, "result.modelsAdded")} ~{Members.At(item, "result.modelsChanged")} -{Members.At(item, "result.modelsRemoved")}"),
        Column.Of("seconds", "Duration", item => Members.At(item, "seconds") is { } seconds ? seconds + " s" : null),
        new("queuedAt", "When"),
        new("error", "Error"),
    ];

    private static IEnumerable<string?> Sentences(JsonNode item, string list) => (Members.Member(item, list) as JsonArray ?? []).Select(reason => Members.At(reason, "sentence"));

    private static string? BranchAndHead(JsonNode item)
    {
        var branch = Members.At(item, "defaultBranch");
        var synced = Short(Members.At(item, "syncedHead"));
        var wanted = Short(Members.At(item, "wantedHead"));
        return branch is null ? null : $"{branch} @ {synced ?? "never"}{(wanted is not null && wanted != synced ? " -> " + wanted : "")}";
    }

    private static string? Short(string? sha) => sha is { Length: > 7 } ? sha[..7] : sha;
}
