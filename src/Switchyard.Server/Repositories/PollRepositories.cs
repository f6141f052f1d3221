using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Repositories;

/// <summary>
/// Ring C: asks for the head of every repository and the list of every installation by the clock, so that what no Delivery
/// told is found all the same. Unchanged answers are "not modified" and use no quota.
/// </summary>
internal sealed partial class PollRepositories(
    Database database, RepositoryStore repositories, IRepositoryOrigin origin, Lanes lanes, RepositoryMetrics metrics, IOptions<RepositoryOptions> options, ILogger<PollRepositories> logger)
    : RecurringJob
{
    private const int AtOnce = 8;

    public override string Name => "poll-repositories";

    public override TimeSpan Interval => options.Value.PollInterval;

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var installations = await database.WriteAsync(
            session => session.QueryAsync<long>("update installations set wanted_listing = wanted_listing + 1 where state = 'Active' returning id"), cancellation);
        installations.ForEach(id => lanes.Kick<ListRepositoriesLane>(ListRepositoriesLane.LaneOf(id)));
        await Parallel.ForEachAsync(
            await repositories.ListWorkableAsync(cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (repository, stop) => await PollAsync(repository, stop));
    }

    /// <summary>Gives whether the head had moved without anybody telling.</summary>
    public async Task<bool> PollAsync(Repository repository, CancellationToken cancellation)
    {
        // It is looked at anyway.
        if (repository.Wanted > repository.Satisfied)
        {
            return false;
        }

        try
        {
            var head = await origin.ReadHeadAsync(repository, cancellation);
            if (head == repository.SyncedHead || (head is not null && head == repository.WantedHead))
            {
                return false;
            }

            await database.WriteAsync(session => repositories.WishAsync(session, repository.Id, head, WishSource.Poll), cancellation);
            metrics.FoundByPoll();
            Log.Found(logger, repository.FullName);
            lanes.Kick<SyncLane>(SyncLane.LaneOf(repository.Id));
            return true;
        }
        catch (SyncException failure) when (failure.Code == ReasonCode.PermissionDenied && repository.Health == RepositoryHealth.Healthy)
        {
            // Without the permission no delivery comes either: a Sync finds the same, and says so where people look.
            Log.NotPolled(logger, failure, repository.FullName);
            await database.WriteAsync(session => repositories.WishAsync(session, repository.Id, null, WishSource.Poll), cancellation);
            lanes.Kick<SyncLane>(SyncLane.LaneOf(repository.Id));
            return true;
        }
        catch (Exception failure) when (failure is SyncException or VaultException)
        {
            Log.NotPolled(logger, failure, repository.FullName);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "FoundByPoll: the head of {Repository} moved without a Delivery.", EventName = "FoundByPoll")]
        public static partial void Found(ILogger logger, string repository);

        [LoggerMessage(2, LogLevel.Warning, "RepositoryNotPolled: {Repository}; the next poll asks again.", EventName = "RepositoryNotPolled")]
        public static partial void NotPolled(ILogger logger, Exception failure, string repository);
    }
}
