using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Dispatch;

/// <summary>A Dispatch of the server as it is shown: what became of the sending, and apart from it the Run in GitHub's words.</summary>
internal static class DispatchColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        Column.State("state", "Dispatch"),
        Column.Of("run", "Run", item => RunOf(item)),
        new("rule", "Rule"),
        Column.Of("repository", "Signal", item => $"{Members.At(item, "signalKind")} {Members.At(item, "repository")}".Trim()),
        Column.Of("target", "Target", TargetOf),
        new("createdAt", "When"),
        new("attempts", "Attempts"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("dispatch.id", "Id"),
        Column.State("dispatch.state", "State"),
        new("dispatch.error", "Why"),
        new("dispatch.nextStep", "Next"),
        new("dispatch.rule", "Rule"),
        Column.Of("dispatch.target", "Target", item => TargetOf(item["dispatch"])),
        Column.Of("signal", "Signal", item => item["signal"] is { } signal ? $"{Members.At(signal, "id")} {Members.At(signal, "kind")} by {Members.At(signal, "actor") ?? "?"} at {Members.At(signal, "occurredAt")}" : null),
        Column.Of("signal.deliveryGuid", "Delivery", item => Members.At(item, "signal.deliveryId") is { } id ? $"{id} {Members.At(item, "signal.deliveryGuid")}" : null),
        Column.Of("signal.evaluationResult", "Evaluation", item => Members.At(item, "signal.evaluationId") is { } id ? $"{id} {Members.At(item, "signal.evaluationResult")}" : null),
        Column.Of("pending", "Waited", item => item["pending"] is { } pending ? $"{Members.At(pending, "state")} {Members.At(pending, "endedAt")} {Members.At(pending, "detail")}".Trim() : null),
        Column.Of("sources", "Sources", item => string.Join("; ", (item["sources"] as JsonArray ?? []).Select(source => $"{Members.At(source, "repository")} {Members.At(source, "ref")} {Members.At(source, "sha")}"))),
        Column.Of("attempts", "Attempts", item => string.Join("; ", (item["attempts"] as JsonArray ?? []).Select(ShowAttempt))),
        Column.Of("dispatch.run", "Run", item => RunOf(item["dispatch"])),
        new("dispatch.run.htmlUrl", "Page"),
        new("dispatch.run.detail", "About the Run"),
        new("dispatch.run.nextStep", "Next for the Run"),
        new("token", "Token"),
        Column.Of("body", "Sent", item => item["body"]?.ToJsonString(Printer.Compact)),
    ];

    /// <summary>Status and conclusion, and how sure it is that it is the right one.</summary>
    public static string? RunOf(JsonNode? dispatch)
    {
        if (dispatch?["run"] is not { } run)
        {
            return null;
        }

        var match = Members.At(run, "match");
        return Members.At(run, "id") is null
            ? match
            : $"{Members.At(run, "conclusion") ?? Members.At(run, "status") ?? "unknown"}{(match == "ProbableMatch" ? " (probable)" : "")}{(Members.Number(run, "attempt") is > 1 and var attempt ? $", attempt {attempt}" : "")}";
    }

    private static string TargetOf(JsonNode? dispatch) => $"{Members.At(dispatch, "target")} {Members.At(dispatch, "workflow") ?? Members.At(dispatch, "eventType")}".Trim();

    private static string ShowAttempt(JsonNode? attempt) =>
        $"{Members.At(attempt, "number")} {Members.At(attempt, "startedAt")} {Members.At(attempt, "result")}{(Members.At(attempt, "status") is { } status ? $" ({status})" : "")}{(Members.At(attempt, "message") is { } message ? ": " + message : "")}";
}
