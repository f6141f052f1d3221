namespace Switchyard.Simulator.Deliveries;

/// <summary>Which permission an App needs to hear of an event (docs: webhook events and payloads).</summary>
internal static class EventPermissions
{
    private static readonly Dictionary<string, string> ByEvent = new(StringComparer.Ordinal)
    {
        ["push"] = "contents",
        ["create"] = "contents",
        ["delete"] = "contents",
        ["release"] = "contents",
        ["repository_dispatch"] = "contents",
        ["workflow_dispatch"] = "contents",
        ["workflow_run"] = "actions",
        ["workflow_job"] = "actions",
        ["check_run"] = "checks",
        ["check_suite"] = "checks",
        ["status"] = "statuses",
        ["pull_request"] = "pull_requests",
    };

    public static string? Of(string name) => ByEvent.GetValueOrDefault(name);
}
