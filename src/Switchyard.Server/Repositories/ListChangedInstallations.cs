using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Repositories;

/// <summary>A new installation's repositories are listed at once, and not when the sweep comes by.</summary>
internal sealed class ListChangedInstallations(IServiceProvider services) : IInstallationObserver
{
    // The lanes are made of who calls this, so they are asked for when they are there.
    public void Changed(long installationId) =>
        services.GetRequiredService<Lanes>().Kick<ListRepositoriesLane>(ListRepositoriesLane.LaneOf(installationId));
}
