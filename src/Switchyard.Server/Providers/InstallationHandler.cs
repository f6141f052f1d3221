using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Providers;

/// <summary>
/// An installation was made, removed, suspended, resumed, renamed or given other permissions: its event only says that the
/// list is no longer right. What is true is read from GitHub, so order, doubles and losses do not matter.
/// </summary>
internal sealed class InstallationHandler(Lanes lanes) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["installation", "installation_target"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        await ProviderStore.WantListingAsync(delivery.Session, delivery.Delivery.ProviderId);
        delivery.AfterCommit(() => lanes.Kick<InstallationLane>(InstallationLane.LaneOf(delivery.Delivery.ProviderId)));
        return "The installations are listed again";
    }
}
