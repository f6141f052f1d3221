using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// Runs the Syncs of one repository, one after the other, while it holds the repository: what was left running by a dead
/// process first, then what was asked for, then what the repository wants. One that was unlinked it clears away.
/// </summary>
internal sealed partial class SyncLane(
    Database database, RepositoryStore repositories, SyncStore syncs, SyncRun run, UnlinkRepository unlink, IRepositoryOrigin origin, Mirrors mirrors, RepositoryMetrics metrics, IOptions<RepositoryOptions> options, TimeProvider time, ILogger<SyncLane> logger)
    : LaneWorker
{
    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookForCancel = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, CancellationTokenSource> running = new();

    public override string Kind => "syncs";

    public override int Concurrency => options.Value.Syncs;

    public static string LaneOf(long repositoryId) => repositoryId.ToString(CultureInfo.InvariantCulture);

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation)
    {
        var ids = await database.ReadAsync(
            session => session.QueryAsync<long>(
                $"""
                select r.id from repositories r left join installations i on i.id = r.installation_id
                where r.unlinked = {Unlinked.Going} or ({RepositoryStore.MayWork} and (
                  (r.retry_at <= @now and (r.wanted > r.satisfied or r.parser_version <> @parser))
                  or exists (select 1 from syncs s where s.repository_id = r.id and s.state in ('{SyncState.Queued}', '{SyncState.Running}'))))
                """,
                new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), parser = ModelCatalog.ParserVersion }),
            cancellation);
        return ids.ConvertAll(LaneOf);
    }

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<Backlog>(
                $"""
                select count(*) as depth, min(since) as oldest from (
                  select r.wanted_at as since from repositories r left join installations i on i.id = r.installation_id where r.wanted > r.satisfied and {RepositoryStore.MayWork}
                  union all select queued_at from syncs where state = '{SyncState.Queued}') waiting
                """),
            cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        var id = long.Parse(lane, CultureInfo.InvariantCulture);
        await using var hold = await database.TryHoldAsync("sync:" + lane, cancellation);
        if (hold is null)
        {
            return ComeBackToHeldLane;
        }

        while (await repositories.FindAsync(id, cancellation) is { MayWork: true } repository && await syncs.TakeAsync(id, cancellation) is { } sync)
        {
            FaultPoint.Reached("sync-taken");
            await RunAsync(sync, repository, cancellation);
        }

        if (await repositories.FindRowAsync(id, cancellation) is { Unlinked: Unlinked.Going } leaving)
        {
            await unlink.ClearAsync(leaving, cancellation);
        }

        return null;
    }

    /// <summary>Stops a Sync that runs on this node; one on another node finds the request in its row.</summary>
    public void Stop(long syncId)
    {
        if (running.TryGetValue(syncId, out var source))
        {
            source.Cancel();
        }
    }

    private async Task RunAsync(Sync sync, Repository repository, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        running[sync.Id] = stop;
        var watching = WatchAsync(sync.Id, stop);
        var result = SyncState.Succeeded;
        try
        {
            await run.RunAsync(sync, repository, stop.Token);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // The process is stopping: the row stays Running, and the next process goes on with it.
            throw;
        }
        catch (Exception failure) when (failure is SyncCancelledException or OperationCanceledException || stop.IsCancellationRequested)
        {
            result = SyncState.Cancelled;
            await syncs.EndCancelledAsync(sync, repository.Wanted, CancellationToken.None);
        }
        catch (Exception failure)
        {
            result = SyncState.Failed;
            await FailAsync(sync, repository, failure);
        }
        finally
        {
            running.TryRemove(sync.Id, out _);
            await stop.CancelAsync();
            await watching;
        }

        metrics.Ended(sync.Mode, result, time.GetElapsedTime(started));
    }

    private async Task FailAsync(Sync sync, Repository repository, Exception failure)
    {
        switch (failure)
        {
            case GitException { Kind: GitErrorKind.Corrupt }:
                mirrors.Of(repository).Discard();
                break;
            case GitException { Kind: GitErrorKind.AuthenticationFailed or GitErrorKind.RepositoryNotFound }:
                await origin.ForgetTokenAsync(repository);
                break;
        }

        var meaning = SyncFailures.Of(failure, repository);
        Log.SyncFailed(logger, failure, sync.Id, repository.FullName, meaning.Code);
        await syncs.EndFailedAsync(sync, meaning, CancellationToken.None);
    }

    private async Task WatchAsync(long syncId, CancellationTokenSource stop)
    {
        try
        {
            using var timer = new PeriodicTimer(LookForCancel, time);
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (await syncs.IsCancelRequestedAsync(syncId, stop.Token))
                {
                    await stop.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The Sync has ended.
        }
        catch (Exception failure)
        {
            // The Sync itself will meet what is wrong with the database.
            Log.NotWatched(logger, failure, syncId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "SyncFailed: {Sync} of {Repository}: {Code}.", EventName = "SyncFailed")]
        public static partial void SyncFailed(ILogger logger, Exception failure, long sync, string repository, string code);

        [LoggerMessage(2, LogLevel.Warning, "SyncNotWatched: {Sync}; a cancellation is seen at its next write.", EventName = "SyncNotWatched")]
        public static partial void NotWatched(ILogger logger, Exception failure, long sync);
    }
}
