using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>
/// Ring B: GitHub never sends a failed Delivery again by itself, but keeps it in the App's delivery log for three days. At
/// start and on a schedule the log is walked, and what is not in the inbox is fetched and stored, oldest first. The checkpoint
/// moves only past what was recovered without a gap.
/// </summary>
internal sealed partial class RecoverMissedDeliveries(
    IWebhookProviders providers, DeliveryInbox inbox, Database database, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time, ILogger<RecoverMissedDeliveries> logger)
    : RecurringJob
{
    private static readonly TimeSpan LogKept = TimeSpan.FromDays(3);

    public override string Name => "recover-missed-deliveries";

    public override TimeSpan Interval => options.Value.RecoveryInterval;

    public override Task RunAsync(CancellationToken cancellation) => WalkAllAsync(cancellation);

    public async Task<DeliveryEndpoints.Recovery> WalkAllAsync(CancellationToken cancellation)
    {
        var result = new DeliveryEndpoints.Recovery(0, 0, 0);
        if (!FaultPoint.Protects("delivery-log"))
        {
            return result;
        }

        foreach (var log in await providers.ListLogsAsync(cancellation))
        {
            try
            {
                var walked = await WalkAsync(log, cancellation);
                result = new(result.Walked + walked.Walked, result.Recovered + walked.Recovered, result.Failed + walked.Failed);
            }
            catch (GitHubException failure)
            {
                Log.WalkFailed(logger, failure, log.ProviderName);
                result = result with { Failed = result.Failed + 1 };
            }
        }

        return result;
    }

    private async Task<DeliveryEndpoints.Recovery> WalkAsync(DeliveryLog log, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var oldest = now - LogKept;
        var checkpoint = await database.ReadAsync(
            session => session.ScalarAsync<long?>("select delivered_through from delivery_log_checkpoints where provider_id = @ProviderId", log), cancellation);
        // An entry may appear in the log after later ones: the walk goes back over twice its own period.
        var since = checkpoint is { } through ? DateTimeOffset.FromUnixTimeMilliseconds(through) - (2 * Interval) : oldest;
        since = since < oldest ? oldest : since;

        // One row an attempt, newest first; the same GUID under several ids. The first one seen is the latest attempt.
        var entries = new Dictionary<string, (long Id, DateTimeOffset At)>(StringComparer.Ordinal);
        await foreach (var entry in log.App.ListDeliveriesAsync(since, cancellation: cancellation))
        {
            var at = entry.DeliveredAt;
            entries[entry.Guid] = entries.TryGetValue(entry.Guid, out var seen) ? (seen.Id, at < seen.At ? at : seen.At) : (entry.Id, at);
        }

        FaultPoint.Reached("recovery-log-listed");
        var missing = await FindMissingAsync(log.ProviderId, entries, cancellation);
        var (recovered, failed) = (0, 0);
        var through2 = now;
        foreach (var (_, id, at) in missing.OrderBy(entry => entry.At).ThenBy(entry => entry.Id))
        {
            if (await RecoverAsync(log, id, cancellation))
            {
                recovered++;
            }
            else if (failed++ == 0)
            {
                through2 = at - TimeSpan.FromMilliseconds(1);
            }
        }

        FaultPoint.Reached("recovery-before-checkpoint");
        await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                insert into delivery_log_checkpoints (provider_id, delivered_through, walked_at) values (@ProviderId, @through, @now)
                on conflict (provider_id) do update set delivered_through = excluded.delivered_through, walked_at = excluded.walked_at
                """,
                new { log.ProviderId, through = through2.ToUnixTimeMilliseconds(), now = now.ToUnixTimeMilliseconds() }),
            cancellation);
        if (recovered > 0)
        {
            metrics.Recovered(recovered);
            Log.Recovered(logger, recovered, log.ProviderName);
        }

        return new(entries.Count, recovered, failed);
    }

    private async Task<List<(string Guid, long Id, DateTimeOffset At)>> FindMissingAsync(
        long providerId, Dictionary<string, (long Id, DateTimeOffset At)> entries, CancellationToken cancellation)
    {
        var missing = new List<(string, long, DateTimeOffset)>();
        foreach (var chunk in entries.Chunk(500))
        {
            var guids = chunk.Select(entry => entry.Key).ToArray();
            var known = await database.ReadAsync(
                session => session.QueryAsync<string>($"select guid from deliveries where provider_id = @providerId and guid {session.In("guids")}", new { providerId, guids }),
                cancellation);
            var there = known.ToHashSet(StringComparer.Ordinal);
            missing.AddRange(chunk.Where(entry => !there.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value.Id, entry.Value.At)));
        }

        return missing;
    }

    private async Task<bool> RecoverAsync(DeliveryLog log, long id, CancellationToken cancellation)
    {
        try
        {
            var entry = await log.App.GetDeliveryAsync(id, cancellation);
            var eventName = entry.Event ?? "";
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["X-GitHub-Event"] = eventName,
                ["X-GitHub-Delivery"] = entry.Guid,
            };
            await inbox.StoreAsync(
                NewDelivery.From(log.ProviderId, entry.Guid, eventName, null, headers, entry.Request?.PayloadBytes() ?? [], DeliverySource.Recovered, time.GetUtcNow()));
            return true;
        }
        catch (GitHubException failure) when (failure.Kind == GitHubErrorKind.NotFound)
        {
            // The log has let go of it since it was listed: there is nothing left to recover, and polling finds the effect.
            Log.Gone(logger, id, log.ProviderName);
            return true;
        }
        catch (GitHubException failure)
        {
            Log.NotRecovered(logger, failure, id, log.ProviderName);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "DeliveriesRecovered: {Count} that never arrived were found in the delivery log of {Provider}.", EventName = "DeliveriesRecovered")]
        public static partial void Recovered(ILogger logger, int count, string provider);

        [LoggerMessage(2, LogLevel.Warning, "DeliveryLogNotWalked: {Provider}; the next walk starts at the same place.", EventName = "DeliveryLogNotWalked")]
        public static partial void WalkFailed(ILogger logger, Exception failure, string provider);

        [LoggerMessage(3, LogLevel.Warning, "DeliveryNotRecovered: {Id} of {Provider}; the next walk tries again.", EventName = "DeliveryNotRecovered")]
        public static partial void NotRecovered(ILogger logger, Exception failure, long id, string provider);

        [LoggerMessage(4, LogLevel.Warning, "DeliveryGone: {Id} is no longer in the delivery log of {Provider}.", EventName = "DeliveryGone")]
        public static partial void Gone(ILogger logger, long id, string provider);
    }
}
