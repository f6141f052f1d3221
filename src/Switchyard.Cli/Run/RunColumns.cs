using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Run;

/// <summary>A run as it is shown; status and conclusion are GitHub's words.</summary>
internal static class RunColumns
{
    public static readonly IReadOnlyList<Column> View =
    [
        new("title", "Title"),
        new("workflow", "Workflow"),
        new("id", "Id"),
        new("repository", "Repository"),
        Column.State("status", "Status"),
        Column.State("conclusion", "Conclusion"),
        new("event", "Event"),
        new("branch", "Branch"),
        new("sha", "Commit"),
        new("actor", "Started by"),
        new("attempt", "Attempt"),
        new("createdAt", "Created"),
        new("updatedAt", "Updated"),
        new("url", "Page"),
        Column.Of("jobs", "Jobs", item => string.Join(", ", (item["jobs"] as JsonArray ?? []).Select(job => $"{Members.At(job, "name")}: {Members.At(job, "conclusion") ?? Members.At(job, "status")}"))),
    ];

    public static JsonObject Json(string repository, WorkflowRun run) => new()
    {
        ["id"] = Text(run.Id),
        ["repository"] = repository,
        ["title"] = run.DisplayTitle ?? run.Name,
        ["workflow"] = run.Path,
        ["status"] = run.Status,
        ["conclusion"] = run.Conclusion,
        ["event"] = run.Event,
        ["branch"] = run.HeadBranch,
        ["sha"] = run.HeadSha,
        ["actor"] = run.TriggeringActor ?? run.ActorLogin,
        ["attempt"] = run.RunAttempt,
        ["createdAt"] = Text(run.CreatedAt),
        ["updatedAt"] = Text(run.UpdatedAt),
        ["url"] = run.HtmlUrl,
    };

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
