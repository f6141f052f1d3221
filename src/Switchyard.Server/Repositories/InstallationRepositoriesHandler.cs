using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Repositories;

/// <summary>Repositories were added to an installation or taken from it, or the installation itself changed: its list is read again.</summary>
internal sealed class InstallationRepositoriesHandler(SuspendedInstallations suspended, Lanes lanes, TimeProvider time) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["installation", "installation_repositories"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (delivery.Envelope.InstallationId is not { } installation
            || await InstallationListing.WantAsync(delivery.Session, delivery.Delivery.ProviderId, installation) is not { } row)
        {
            // The row comes with the list of installations, and a new row wants a listing by itself.
            return null;
        }

        // Nothing can be read through a suspended installation, so its repositories must not look healthy until that is found out.
        switch (delivery.Delivery.Event, delivery.Delivery.Action)
        {
            case ("installation", "suspend"):
                await suspended.SuspendAsync(delivery.Session, row, delivery.Envelope.SenderLogin, time.GetUtcNow());
                break;
            case ("installation", "unsuspend"):
                var resumed = await suspended.ResumeAsync(delivery.Session, row);
                delivery.AfterCommit(() => resumed.ForEach(id => lanes.Kick<SyncLane>(SyncLane.LaneOf(id))));
                break;
        }

        delivery.AfterCommit(() => lanes.Kick<ListRepositoriesLane>(ListRepositoriesLane.LaneOf(row)));
        return "The repositories of the installation are listed again";
    }
}
