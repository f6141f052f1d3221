using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
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
    /// <summary>Of a plan: a page does not show thousands.</summary>
    private const int MostShown = 50;

    private static readonly TimeSpan LogKept = TimeSpan.FromDays(3);

    public override string Name => "recover-missed-deliveries";

    public override TimeSpan Interval => options.Value.RecoveryInterval;

    public override Task RunAsync(CancellationToken cancellation) => WalkAllAsync(cancellation);

    public async Task<RecoveryResult> WalkAllAsync(CancellationToken cancellation)
    {
        var result = new RecoveryResult(0, 0, 0);
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

    /// <summary>What a walk would recover now, oldest first; nothing is stored.</summary>
    public async Task<RecoveryPlan> PlanAsync(CancellationToken cancellation)
    {
        var (walked, missed, problems) = (0, new List<MissedDelivery>(), new List<string>());
        foreach (var log in await providers.ListLogsAsync(cancellation))
        {
            try
            {
                var (entries, missing) = await ReadLogAsync(log, time.GetUtcNow(), cancellation);
                walked += entries;
                missed.AddRange(missing.Select(entry => new MissedDelivery(log.ProviderName, entry.Latest.Guid, entry.Latest.Event ?? "", entry.Latest.Action, entry.At, entry.Latest.Status)));
            }
            catch (GitHubException failure)
            {
                problems.Add($"{log.ProviderName}: {failure.Message}");
            }
        }

        return new RecoveryPlan(walked, missed.Count, [.. missed.OrderBy(entry => entry.DeliveredAt).Take(MostShown)], problems);
    }

    /// <summary>The entries that there are since the last walk, and those of them that are not in the inbox, oldest first.</summary>
    private async Task<(int Entries, List<LogEntry> Missing)> ReadLogAsync(DeliveryLog log, DateTimeOffset now, CancellationToken cancellation)
    {
        var oldest = now - LogKept;
        var checkpoint = await database.ReadAsync(
            session => session.ScalarAsync<long?>("select delivered_through from delivery_log_checkpoints where provider_id = @ProviderId", log), cancellation);
        // An entry may appear in the log after later ones: the walk goes back over twice its own period.
        var since = checkpoint is { } through ? DateTimeOffset.FromUnixTimeMilliseconds(through) - (2 * Interval) : oldest;
        since = since < oldest ? oldest : since;

        // One row an attempt, newest first; the same GUID under several ids. The first one seen is the latest attempt.
        var entries = new Dictionary<string, LogEntry>(StringComparer.Ordinal);
        await foreach (var entry in log.App.ListDeliveriesAsync(since, cancellation: cancellation))
        {
            var at = entry.DeliveredAt;
            entries[entry.Guid] = entries.TryGetValue(entry.Guid, out var seen) ? seen with { At = at < seen.At ? at : seen.At } : new LogEntry(entry, at);
        }

        var missing = await FindMissingAsync(log.ProviderId, entries, cancellation);
        return (entries.Count, [.. missing.OrderBy(entry => entry.At).ThenBy(entry => entry.Latest.Id)]);
    }

    private async Task<RecoveryResult> WalkAsync(DeliveryLog log, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (entries, missing) = await ReadLogAsync(log, now, cancellation);
        FaultPoint.Reached("recovery-log-listed");
        var (recovered, failed) = (0, 0);
        var through2 = now;
        foreach (var (latest, at) in missing)
        {
            if (await RecoverAsync(log, latest.Id, cancellation))
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

        return new(entries, recovered, failed);
    }

    private async Task<List<LogEntry>> FindMissingAsync(long providerId, Dictionary<string, LogEntry> entries, CancellationToken cancellation)
    {
        var missing = new List<LogEntry>();
        foreach (var chunk in entries.Chunk(500))
        {
            var guids = chunk.Select(entry => entry.Key).ToArray();
            var known = await database.ReadAsync(
                session => session.QueryAsync<string>($"select guid from deliveries where provider_id = @providerId and guid {session.In("guids")}", new { providerId, guids }),
                cancellation);
            var there = known.ToHashSet(StringComparer.Ordinal);
            missing.AddRange(chunk.Where(entry => !there.Contains(entry.Key)).Select(entry => entry.Value));
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

    /// <param name="Latest">Its latest attempt.</param>
    /// <param name="At">When the first one was made.</param>
    private sealed record LogEntry(HookDelivery Latest, DateTimeOffset At);

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
