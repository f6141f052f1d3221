using System.Collections.Concurrent;
using System.Globalization;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>
/// Reads which repositories an installation may see, links new ones and marks those it may no longer see. Nothing is deleted:
/// what comes back goes on where it was.
/// </summary>
internal sealed partial class ListRepositoriesLane(
    Database database, RepositoryStore repositories, SuspendedInstallations suspended, ProviderConnections connections, IServiceProvider services, TimeProvider time, ILogger<ListRepositoriesLane> logger)
    : LaneWorker
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>Until when a listing that failed waits, unless there is a new reason for one.</summary>
    private readonly ConcurrentDictionary<long, (DateTimeOffset Until, long Wanted)> waiting = new();

    public override string Kind => "installation-repositories";

    public override int Concurrency => 4;

    public static string LaneOf(long installationRow) => installationRow.ToString(CultureInfo.InvariantCulture);

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.ReadAsync(session => session.QueryAsync<Listed>("select id, wanted_listing from installations where wanted_listing > listed"), cancellation);
        return [.. rows.Where(row => !waiting.TryGetValue(row.Id, out var wait) || wait.Until <= now || wait.Wanted < row.WantedListing).Select(row => LaneOf(row.Id))];
    }

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        var id = long.Parse(lane, CultureInfo.InvariantCulture);
        await using var hold = await database.TryHoldAsync("installation-repositories:" + lane, cancellation);
        if (hold is null)
        {
            return TimeSpan.FromMilliseconds(50);
        }

        var row = await database.ReadAsync(
            session => session.FirstAsync<Listed>(
                "select id, provider_id, github_id, account_login, state, wanted_listing from installations where id = @id and wanted_listing > listed", new { id }),
            cancellation);
        if (row is null)
        {
            return null;
        }

        try
        {
            await ListAsync(row, cancellation);
            waiting.TryRemove(id, out _);
            return TimeSpan.Zero;
        }
        catch (GitHubException failure) when (failure.Kind == GitHubErrorKind.Suspended)
        {
            // GitHub's own word; the list of installations says when that is over.
            await database.WriteAsync(
                async session =>
                {
                    await suspended.SuspendAsync(session, row.Id, null, null);
                    await session.ExecuteAsync("update installations set listed = @WantedListing where id = @Id", row);
                },
                cancellation);
            return TimeSpan.Zero;
        }
        catch (GitHubException failure)
        {
            Log.NotListed(logger, failure, row.AccountLogin);
            waiting[id] = (time.GetUtcNow() + AfterFailure, row.WantedListing);
            return null;
        }
    }

    private async Task ListAsync(Listed row, CancellationToken cancellation)
    {
        var found = new List<OriginRepository>();
        if (row.State == InstallationState.Active)
        {
            var connection = await connections.GetAsync(row.ProviderId, cancellation);
            var api = connection.IsApp ? connection.Installation(row.GithubId, TokenScope.All) : connection.Token();
            await foreach (var repository in api.ListRepositoriesAsync(cancellation))
            {
                found.Add(GitHubOrigin.OriginOf(repository));
            }
        }

        FaultPoint.Reached("repositories-listed");
        var linked = await database.WriteAsync(session => StoreAsync(session, row, found), cancellation);
        FaultPoint.Reached("repositories-linked");

        // The lanes are made of this worker too, so they are asked for when they are there.
        var lanes = services.GetRequiredService<Lanes>();
        linked.ForEach(id => lanes.Kick<SyncLane>(SyncLane.LaneOf(id)));
    }

    private async Task<List<long>> StoreAsync(DbSession session, Listed row, List<OriginRepository> found)
    {
        // The installation before its repositories, here as everywhere: two transactions then cannot wait for each other.
        await session.ExecuteAsync("update installations set listed = @WantedListing where id = @Id", row);
        var linked = new List<long>();
        foreach (var origin in found)
        {
            if (await repositories.LinkAsync(session, row.ProviderId, row.Id, origin, WishSource.Link) is { } id)
            {
                linked.Add(id);
            }
        }

        if (row.State == InstallationState.Suspended)
        {
            await suspended.MarkAsync(session, row.Id);
            return linked;
        }

        var known = await session.QueryAsync<Repository>(
            $"select {RepositoryStore.Columns} from {RepositoryStore.From} where r.installation_id = @Id and r.linked = 1", row);
        foreach (var repository in known.Where(repository => !linked.Contains(repository.Id)))
        {
            await MarkAsync(session, row, repository);
        }

        return linked;
    }

    private async Task MarkAsync(DbSession session, Listed row, Repository repository)
    {
        switch (row.State)
        {
            case InstallationState.Removed:
                await repositories.UnlinkAsync(
                    session, repository, RepositoryHealth.Missing, ReasonCode.RepositoryMissing, $"{repository.FullName} is no longer seen: the App was uninstalled from {row.AccountLogin}. Install it again to go on; nothing was deleted here.");
                break;
            default:
                await repositories.UnlinkAsync(
                    session, repository, RepositoryHealth.Missing, ReasonCode.RepositoryMissing, $"{repository.FullName} is no longer among the repositories that {row.AccountLogin} shows to the App: it was deleted, transferred, or taken out of the installation. Nothing was deleted here.");
                break;
        }
    }

    private sealed record Listed
    {
        public long Id { get; init; }

        public long ProviderId { get; init; }

        public long GithubId { get; init; }

        public string AccountLogin { get; init; } = "";

        public string State { get; init; } = "";

        public long WantedListing { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "RepositoriesNotListed: installation on {Account}; tried again in half a minute.", EventName = "RepositoriesNotListed")]
        public static partial void NotListed(ILogger logger, Exception failure, string account);
    }
}
