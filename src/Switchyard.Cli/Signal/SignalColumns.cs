using Switchyard.Cli.Output;

namespace Switchyard.Cli.Signal;

internal static class SignalColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        new("kind", "Kind"),
        new("action", "Action"),
        new("repository", "Repository"),
        new("ref", "Ref"),
        Column.Of("sha", "Commit", item => Members.At(item, "sha") is { Length: > 7 } sha ? sha[..7] : Members.At(item, "sha")),
        new("actor", "Actor"),
        new("source", "Source"),
        new("occurredAt", "Occurred"),
        new("evaluatedAt", "Evaluated"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("signal.id", "Id"),
        new("signal.kind", "Kind"),
        new("signal.action", "Action"),
        new("signal.provider", "Provider"),
        new("signal.repository", "Repository"),
        new("signal.ref", "Ref"),
        new("signal.sha", "Commit"),
        new("signal.actor", "Actor"),
        new("signal.url", "On GitHub"),
        new("signal.source", "Source"),
        new("signal.deliveryId", "Delivery"),
        new("signal.occurredAt", "Occurred"),
        new("signal.recordedAt", "Recorded"),
        new("signal.evaluatedAt", "Evaluated"),
        new("identity", "Identity"),
        Column.Of("facts", "Facts", item => item["facts"]?.ToJsonString(Printer.Compact)),
    ];
}
