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
        Column.Of("outcome", "Outcome", item => JsonText.At(item, "error") ?? JsonText.At(item, "outcome")),
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
        JsonText.At(item, "action") is { } action ? $"{JsonText.At(item, "event")}.{action}" : JsonText.At(item, "event");

    private static string ShowAttempt(JsonNode? attempt) =>
        $"{JsonText.At(attempt, "number")} {JsonText.At(attempt, "at")} {JsonText.At(attempt, "result")}{(JsonText.At(attempt, "seconds") is { } seconds ? $" after {seconds} s" : "")}{(JsonText.At(attempt, "detail") is { } detail ? ": " + detail : "")}";
}
