namespace Switchyard.Cli.Output;

/// <summary>The words of the status language with their icon and color: never color alone.</summary>
internal static class StateStyle
{
    private static readonly (string Icon, string Color, string[] Words)[] Groups =
    [
        ("✓", "green", ["Synced", "Healthy", "Succeeded", "Handled", "Ready", "Active", "Matched", "Sent", "InSync", "Loaded", "Good", "Released", "ok"]),
        ("…", "blue", ["Queued", "Running", "Received", "Pending", "Waiting", "Requested", "Quiet", "Checks", "Sending"]),
        ("!", "yellow", ["OutOfSync", "Degraded", "Partial", "Pointer", "Suspended", "Retrying", "Unconfirmed", "Suppressed", "warning"]),
        ("✗", "red", ["Failed", "Dead", "Rejected", "Missing", "Removed", "Unreachable", "Error", "Broken", "ChecksFailed", "TimedOut", "failed"]),
        ("-", "grey", ["Unknown", "Cancelled", "Ignored", "Disabled", "NotMatched", "Absent", "skipped"]),
    ];

    public static (string Icon, string Color) Of(string word)
    {
        foreach (var (icon, color, words) in Groups)
        {
            if (words.Contains(word, StringComparer.Ordinal))
            {
                return (icon, color);
            }
        }

        return ("-", "grey");
    }
}
