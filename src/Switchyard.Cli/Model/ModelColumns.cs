using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

internal static class ModelColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        Column.Of("name", "Name", item => Members.At(item, "name") ?? Members.At(item, "path")),
        new("format", "Format"),
        Column.State("status", "Status"),
        Column.Of("versionCount", "Versions", item => IsStale(item) ? $"{Members.At(item, "versionCount")} (shows v{Members.At(item, "shownVersion")})" : Members.At(item, "versionCount")),
        new("entities", "Entities"),
        new("problemCount", "Problems"),
        new("repository", "Repository"),
        new("path", "Path"),
        new("id", "Id"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("name", "Name"),
        new("id", "Id"),
        new("repository", "Repository"),
        new("path", "Path"),
        new("kind", "Kind"),
        new("format", "Format"),
        new("target", "Target"),
        Column.State("state", "State"),
        Column.State("status", "Status"),
        new("versionCount", "Versions"),
        Column.Of(
            "shownVersion",
            "Shown",
            item => IsStale(item) ? $"v{Members.At(item, "shownVersion")}, stale: v{Members.At(item, "versionCount")} cannot be read. Fix the file and push." : null),
        new("containers", "Containers"),
        new("entities", "Entities"),
        new("attributes", "Attributes"),
        new("relationships", "Relationships"),
        new("views", "Views"),
        new("size", "Bytes"),
        new("digest", "SHA-256"),
        new("headCommit", "Commit"),
        new("changedAt", "Last change"),
        new("removedIn", "Removed in"),
        new("movedTo", "Moved to"),
        Column.Of("problems", "Problems", item => string.Join("; ", (Members.Member(item, "problems") as JsonArray ?? []).Select(problem => Members.At(problem, "message")))),
        new("htmlUrl", "On GitHub"),
    ];

    public static readonly IReadOnlyList<Column> Hits =
    [
        new("model.name", "Model"),
        Column.Of("matches", "Matched", Matches),
        new("model.format", "Format"),
        new("model.repository", "Repository"),
        new("model.path", "Path"),
        new("model.id", "Id"),
        Column.Of("model.stale", "", item => Members.Member(item, "model") is { } model && IsStale(model) ? $"stale, v{Members.At(model, "shownVersion")}" : ""),
    ];

    public static readonly IReadOnlyList<Column> Versions =
    [
        new("number", "Version"),
        Column.State("status", "Status"),
        Column.Of("commit", "Commit", item => Members.At(item, "commit.sha") is { Length: > 7 } sha ? sha[..7] : Members.At(item, "commit.sha")),
        new("commit.subject", "Subject"),
        new("commit.authorName", "Author"),
        new("commit.committedAt", "When"),
        new("digest", "SHA-256"),
        new("size", "Bytes"),
        Column.Of("rewritten", "", item => Members.At(item, "rewritten") == "true" ? "Rewritten" : ""),
    ];

    public static bool IsStale(JsonNode model) => Members.At(model, "stale") == "true";

    private static string Matches(JsonNode item) => string.Join(
        ", ",
        (Members.Member(item, "matches") as JsonArray ?? []).Take(3).Select(match =>
            $"{Members.At(match, "kind")} {(Members.At(match, "in") is { } place ? place + "." : "")}{Members.At(match, "name")}"));
}
