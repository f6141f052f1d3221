using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

internal static class DeliveryColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        Column.State("state", "State"),
        Column.Of("event", "Event.action", EventAndAction),
        new("repository", "Repository"),
        new("receivedAt", "Received"),
        Column.Of("outcome", "Outcome", item => Members.At(item, "error") ?? Members.At(item, "outcome")),
        new("attempts", "Attempts"),
        new("source", "Source"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("delivery.id", "Id"),
        new("delivery.guid", "GUID"),
        new("delivery.provider", "Provider"),
        Column.State("delivery.state", "State"),
        Column.Of("delivery.event", "Event", item => EventAndAction(item["delivery"])),
        new("delivery.repository", "Repository"),
        new("delivery.sender", "Sender"),
        new("delivery.source", "Source"),
        new("delivery.receivedAt", "Received"),
        new("delivery.handledAt", "Handled"),
        new("delivery.nextAttemptAt", "Next attempt"),
        new("delivery.outcome", "Outcome"),
        new("delivery.error", "Error"),
        new("delivery.bytes", "Bytes"),
        Column.Of("attempts", "Attempts", item => string.Join("; ", (item["attempts"] as JsonArray ?? []).Select(ShowAttempt))),
    ];

    public static string? EventAndAction(JsonNode? item) =>
        Members.At(item, "action") is { } action ? $"{Members.At(item, "event")}.{action}" : Members.At(item, "event");

    private static string ShowAttempt(JsonNode? attempt) =>
        $"{Members.At(attempt, "number")} {Members.At(attempt, "at")} {Members.At(attempt, "result")}{(Members.At(attempt, "seconds") is { } seconds ? $" after {seconds} s" : "")}{(Members.At(attempt, "detail") is { } detail ? ": " + detail : "")}";
}
