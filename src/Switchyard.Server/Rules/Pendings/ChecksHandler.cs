using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>Checks or statuses of a commit have moved: what waits for them is looked at. What they are now is then read from GitHub.</summary>
internal sealed class ChecksHandler(PendingStore pendings, Lanes lanes) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["check_run", "check_suite", "status", "workflow_run"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (delivery.Envelope.RepositoryId is not { } repository || ShaOf(delivery) is not { Length: > 0 } sha)
        {
            return null;
        }

        var waiting = await pendings.TouchAsync(delivery.Session, delivery.Delivery.ProviderId, repository, sha);
        delivery.AfterCommit(() => waiting.ForEach(lane => lanes.Kick(EvaluateSignals.PendingKind, lane)));
        return waiting.Count == 0 ? null : $"The checks of {sha[..Math.Min(7, sha.Length)]} are looked at again for {waiting.Count} that wait{(waiting.Count == 1 ? "s" : "")}";
    }

    private static string? ShaOf(DeliveryContext delivery) => delivery.Delivery.Event switch
    {
        "check_run" => CheckRunEvent.Read(delivery.Payload)?.CheckRun?.HeadSha,
        "check_suite" => CheckSuiteEvent.Read(delivery.Payload)?.CheckSuite?.HeadSha,
        "status" => StatusEvent.Read(delivery.Payload)?.Sha,
        _ => WorkflowRunEvent.Read(delivery.Payload)?.Run?.HeadSha,
    };
}
