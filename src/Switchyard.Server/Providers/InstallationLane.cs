using System.Globalization;
using System.Text.Json;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>
/// Lists the installations of a provider and brings the rows in step. One that is missing from the list is asked for by id
/// before it is called removed: a new one may be missing for a while (codecov/shared#236).
/// </summary>
internal sealed partial class InstallationLane(
    Database database, ProviderStore store, ProviderConnections connections, IEnumerable<IInstallationObserver> observers, TimeProvider time, ILogger<InstallationLane> logger) : LaneWorker
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    public override string Kind => "installations";

    public override int Concurrency => 4;

    public static string LaneOf(long providerId) => providerId.ToString(CultureInfo.InvariantCulture);

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation)
    {
        var ids = await database.ReadAsync(
            session => session.QueryAsync<long>(
                "select id from providers where wanted_listing > listed and kind = 'App' and (health = 'Healthy' or updated_at < @before)",
                new { before = (time.GetUtcNow() - AfterFailure).ToUnixTimeMilliseconds() }),
            cancellation);
        return ids.ConvertAll(LaneOf);
    }

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        var providerId = long.Parse(lane, CultureInfo.InvariantCulture);
        await using var hold = await database.TryHoldAsync("installations:" + lane, cancellation);
        if (hold is null)
        {
            return TimeSpan.FromMilliseconds(30);
        }

        var wanted = await database.ReadAsync(
            session => session.ScalarAsync<long?>("select wanted_listing from providers where id = @providerId and kind = 'App' and wanted_listing > listed", new { providerId }),
            cancellation);
        if (wanted is null)
        {
            return null;
        }

        try
        {
            await ListAsync(providerId, wanted.Value, cancellation);
            await store.SetHealthAsync(providerId, "Healthy", null, cancellation);
            return TimeSpan.Zero;
        }
        catch (GitHubException failure)
        {
            Log.ListingFailed(logger, failure, providerId);
            var health = failure.Kind is GitHubErrorKind.Unauthorized or GitHubErrorKind.NotFound or GitHubErrorKind.PermissionMissing ? "Degraded" : "Unreachable";
            await store.SetHealthAsync(providerId, health, failure.Message, cancellation);
            return null;
        }
    }

    private async Task ListAsync(long providerId, long wanted, CancellationToken cancellation)
    {
        var app = (await connections.GetAsync(providerId, cancellation)).App;
        var self = await app.GetAppAsync(cancellation);
        var asked = await app.ListInstallationRequestsAsync(cancellation);
        var seen = new Dictionary<long, InstallationRow>();
        await foreach (var installation in app.ListInstallationsAsync(cancellation))
        {
            seen[installation.Id] = RowOf(providerId, installation);
        }

        var known = await store.ListInstallationsAsync(providerId, cancellation);
        var gone = new List<InstallationRow>();
        foreach (var row in known.Where(row => !seen.ContainsKey(row.GithubId) && row.State != InstallationState.Removed))
        {
            try
            {
                seen[row.GithubId] = RowOf(providerId, await app.GetInstallationAsync(row.GithubId, cancellation));
            }
            catch (GitHubException failure) when (failure.Kind is GitHubErrorKind.NotFound or GitHubErrorKind.InstallationGone)
            {
                gone.Add(row);
            }
        }

        FaultPoint.Reached("installations-listed");
        var changed = await database.WriteAsync(
            async session =>
            {
                var ids = new List<long>();

                // The provider before its installations, here as everywhere: two transactions then cannot wait for each other.
                await session.ExecuteAsync(
                    "update providers set listed = @wanted, listed_at = @now, app_permissions = @permissions where id = @providerId",
                    new { providerId, wanted, now = time.GetUtcNow().ToUnixTimeMilliseconds(), permissions = JsonSerializer.Serialize(self.Permissions) });
                await store.KeepRequestsAsync(session, providerId, asked, [.. seen.Values.Select(row => row.AccountLogin)]);
                foreach (var row in seen.Values)
                {
                    if (await store.UpsertInstallationAsync(session, row) is { } id)
                    {
                        ids.Add(id);
                    }
                }

                foreach (var row in gone)
                {
                    await store.MarkRemovedAsync(session, row.Id);
                    ids.Add(row.Id);
                }

                return ids;
            },
            cancellation);
        FaultPoint.Reached("installations-stored");
        foreach (var observer in observers)
        {
            changed.ForEach(observer.Changed);
        }
    }

    private static InstallationRow RowOf(long providerId, GitHubInstallation installation) => new()
    {
        ProviderId = providerId,
        GithubId = installation.Id,
        AccountLogin = installation.Account?.Login ?? "",
        AccountType = installation.Account?.Type ?? installation.TargetType ?? "",
        State = installation.SuspendedAt is null ? InstallationState.Active : InstallationState.Suspended,
        RepositorySelection = installation.RepositorySelection,
        Permissions = JsonSerializer.Serialize(installation.Permissions),
        Reason = installation.SuspendedAt is { } at ? InstallationReason.Suspended(installation.Account?.Login ?? "", installation.SuspendedBy?.Login, at) : null,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "InstallationsNotListed: provider {Provider}; tried again in half a minute.", EventName = "InstallationsNotListed")]
        public static partial void ListingFailed(ILogger logger, Exception failure, long provider);
    }
}
