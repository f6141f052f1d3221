using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>Something happened to a pull request.</summary>
internal sealed class PullRequestHandler(SignalStore signals) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["pull_request"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (PullRequestEvent.Read(delivery.Payload) is not { RepositoryId: not null, Number: > 0 and <= int.MaxValue, Action: not null, Head.Sha: not null } told)
        {
            return "No effect (it tells of no pull request)";
        }

        if (await LinkedRepositories.IsUnlinkedAsync(delivery.Session, delivery.Delivery.ProviderId, told.RepositoryId.Value))
        {
            return LinkedRepositories.Unlinked;
        }

        var signal = SignalFactory.PullRequest(delivery.Delivery, told);
        if (await signals.RecordAsync(delivery.Session, signal) is null)
        {
            return "No effect (this is known already)";
        }

        delivery.AfterCommit(() => signals.Announce(signal));
        return $"A Signal of pull request {told.Number}";
    }
}
