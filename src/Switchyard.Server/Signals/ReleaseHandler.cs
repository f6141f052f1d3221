using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>A release was published, changed or removed.</summary>
internal sealed class ReleaseHandler(SignalStore signals) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["release"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (ReleaseEvent.Read(delivery.Payload) is not { RepositoryId: not null, ReleaseId: not null, Action: not null } told)
        {
            return "No effect (it tells of no release)";
        }

        if (await LinkedRepositories.IsUnlinkedAsync(delivery.Session, delivery.Delivery.ProviderId, told.RepositoryId.Value))
        {
            return LinkedRepositories.Unlinked;
        }

        var signal = SignalFactory.Release(delivery.Delivery, told);
        if (await signals.RecordAsync(delivery.Session, signal) is null)
        {
            return "No effect (this is known already)";
        }

        delivery.AfterCommit(() => signals.Announce(signal));
        return $"A Signal of release {told.TagName}";
    }
}
