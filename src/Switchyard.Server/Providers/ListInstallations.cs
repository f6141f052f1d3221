using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>Asks for every provider's installations by the clock: an <c>installation</c> event can be lost.</summary>
internal sealed class ListInstallations(Database database, ProviderStore store, Lanes lanes, IOptions<ProviderOptions> options) : RecurringJob
{
    public override string Name => "list-installations";

    public override TimeSpan Interval => options.Value.ListInterval;

    public override async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var provider in (await store.ListAsync(cancellation)).Where(provider => provider.Kind == ProviderKind.App))
        {
            await database.WriteAsync(session => ProviderStore.WantListingAsync(session, provider.Id), cancellation);
            lanes.Kick<InstallationLane>(InstallationLane.LaneOf(provider.Id));
        }
    }
}
