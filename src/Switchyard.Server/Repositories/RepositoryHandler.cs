using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Repositories;

/// <summary>
/// A push to the default branch, or any change of the repository itself: the repository wants a Sync, which reads what is true
/// now. So order, doubles and losses of Deliveries do not matter.
/// </summary>
internal sealed class RepositoryHandler(RepositoryStore repositories, Lanes lanes) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["push", "repository"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        var envelope = delivery.Envelope;
        if (envelope.RepositoryId is not { } githubId)
        {
            return "No effect (it names no repository)";
        }

        var repository = await RepositoryStore.FindByGitHubIdAsync(delivery.Session, delivery.Delivery.ProviderId, githubId);
        if (repository is { Unlinked: not Unlinked.No })
        {
            return "No effect (the repository was unlinked here)";
        }

        // One that should be here, or that another account has now: the event that said so may be lost. Or one that is gone: who may
        // see it is what says so.
        var elsewhere = repository is not { Linked: 1 } || (repository.InstallationGithubId is { } known && envelope.InstallationId is { } other && known != other);
        if ((elsewhere || delivery.Delivery is { Event: "repository", Action: "deleted" })
            && envelope.InstallationId is { } installation
            && await InstallationListing.WantAsync(delivery.Session, delivery.Delivery.ProviderId, installation) is { } row)
        {
            return List(delivery, row);
        }

        if (repository is not { Linked: 1 })
        {
            return "No effect (the repository is not linked)";
        }

        string? head = null;
        if (delivery.Delivery.Event == "push")
        {
            if (!IsDefaultBranch(envelope.Ref, repository.DefaultBranch) && !IsDefaultBranch(envelope.Ref, envelope.DefaultBranch))
            {
                return "No effect (not the default branch)";
            }

            if (envelope.Deleted == true || envelope.After is null || envelope.After.AsSpan().Trim('0').IsEmpty)
            {
                return "No effect (the branch was deleted; nothing is removed here)";
            }

            if (repository.SyncedHead == envelope.After && repository.Wanted == repository.Satisfied)
            {
                return "No effect (synchronized already)";
            }

            head = envelope.After;
        }

        await repositories.WishAsync(delivery.Session, repository.Id, head, WishSource.Webhook);
        delivery.AfterCommit(() => lanes.Kick<SyncLane>(SyncLane.LaneOf(repository.Id)));
        return $"{repository.FullName} wants a Sync";
    }

    private static bool IsDefaultBranch(string? reference, string? branch) => branch is not null && reference == "refs/heads/" + branch;

    private string List(DeliveryContext delivery, long installation)
    {
        delivery.AfterCommit(() => lanes.Kick<ListRepositoriesLane>(ListRepositoriesLane.LaneOf(installation)));
        return "The repositories of the installation are listed again";
    }
}
