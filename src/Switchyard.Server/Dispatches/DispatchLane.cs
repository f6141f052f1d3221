using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// Sends what is to go to one target, in order and one at a time, while it holds the target. What is to be sent is written down
/// before each call and what came of it after; a row that was left in between is looked for on GitHub before it is sent again.
/// </summary>
internal sealed partial class DispatchLane(
    Database database, DispatchStore store, DispatchSender sender, DispatchLookup lookup, Lanes lanes, DispatchMetrics metrics, IOptions<DispatchOptions> options, TimeProvider time,
    ILogger<DispatchLane> logger)
    : LaneWorker
{
    public const string Worker = "dispatches";

    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BurstWindow = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> bursts = new(StringComparer.Ordinal);

    public override string Kind => Worker;

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => await store.FindDueLanesAsync(cancellation);

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Backlog>($"select count(*) as depth, min(created_at) as oldest from dispatches where state in {DispatchState.Open}"), cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("dispatch:" + lane, cancellation);
        if (hold is null)
        {
            return ComeBackToHeldLane;
        }

        while (!cancellation.IsCancellationRequested && await store.FindHeadAsync(lane, cancellation) is { } head)
        {
            switch (head.State)
            {
                case DispatchState.Sending:
                    // The lane is held, so nobody is sending it: whoever was has died between the call and its record.
                    await RecordAsync(head, new PreparedDispatch(head, null), SendVerdict.Unknown("The server stopped before the answer was kept."));
                    break;
                case DispatchState.Unconfirmed:
                    await LookAsync(head, cancellation);
                    break;
                default:
                    if (Brake(lane) is { } wait)
                    {
                        return wait;
                    }

                    await SendAsync(head, cancellation);
                    break;
            }
        }

        return null;
    }

    private async Task SendAsync(Dispatch head, CancellationToken cancellation)
    {
        var prepared = await sender.PrepareAsync(head, cancellation);
        if (prepared.Refused is { } refused)
        {
            await RecordAsync(head, prepared, refused);
            return;
        }

        FaultPoint.Reached("dispatch-intent");
        if (await store.BeginAsync(prepared.Dispatch, cancellation) is not { } begun)
        {
            return;
        }

        FaultPoint.Reached("dispatch-sending");
        var started = time.GetTimestamp();
        var verdict = await sender.SendAsync(begun, prepared.Target!);
        metrics.Called(begun, verdict, time.GetElapsedTime(started));
        FaultPoint.Reached("dispatch-called");
        await RecordAsync(begun, prepared, verdict);
    }

    private async Task RecordAsync(Dispatch dispatch, PreparedDispatch prepared, SendVerdict verdict)
    {
        var written = await store.RecordAsync(dispatch, prepared.Target, verdict, options.Value.MaxAttempts);
        FaultPoint.Reached("dispatch-recorded");
        foreach (var lane in written.ReportLanes)
        {
            lanes.Kick<ReportLane>(lane);
        }

        if (written.DispatchIds.Count == 0)
        {
            return;
        }

        if (verdict.Outcome == SendOutcome.Sent)
        {
            Log.Sent(logger, dispatch.Id, dispatch.TargetName, dispatch.Attempts);
            await metrics.SentAsync(dispatch);
        }
        else
        {
            Log.NotSent(logger, dispatch.Id, dispatch.TargetName, dispatch.Attempts, verdict.Outcome, verdict.Message);
            metrics.NotSent(dispatch, verdict);
        }
    }

    private async Task LookAsync(Dispatch head, CancellationToken cancellation)
    {
        var (result, reported) = await lookup.LookAsync(head, cancellation);
        FaultPoint.Reached("dispatch-looked");
        foreach (var lane in reported)
        {
            lanes.Kick<ReportLane>(lane);
        }

        switch (result)
        {
            case LookResult.Found:
                Log.Found(logger, head.Id, head.TargetName);
                await metrics.SentAsync(head);
                break;
            case LookResult.NotTaken:
                await RecordAsync(head, new PreparedDispatch(head, null), NotTaken);
                break;
            case LookResult.CannotBeKnown:
                await RecordAsync(head, new PreparedDispatch(head, null), CannotBeKnown);
                break;
            default:
                break;
        }
    }

    private SendVerdict NotTaken => new()
    {
        Outcome = SendOutcome.Retry,
        Until = time.GetUtcNow(),
        Message = $"GitHub's answer was lost, and it shows no Run and no delivery of it after {options.Value.LookFor.TotalSeconds:0} s: it was not taken.",
    };

    private static SendVerdict CannotBeKnown => SendVerdict.Failed(
        "GitHub's answer was lost, and neither the target's runs nor the App's deliveries of dispatches can be read, so it cannot be known whether it was taken.",
        "Look at the target's Actions page. Grant the App *Actions: read*, and subscribe it to the events repository_dispatch and workflow_dispatch, so that it can be known.");

    /// <summary>How long to wait until GitHub takes another one for this repository; null: it does now.</summary>
    private TimeSpan? Brake(string lane)
    {
        var now = time.GetUtcNow();
        var sent = bursts.GetOrAdd(lane, static _ => new Queue<DateTimeOffset>());
        while (sent.TryPeek(out var oldest) && now - oldest >= BurstWindow)
        {
            sent.Dequeue();
        }

        if (sent.Count >= options.Value.Burst)
        {
            return BurstWindow - (now - sent.Peek());
        }

        sent.Enqueue(now);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "DispatchSent: {Dispatch} to {Target}, attempt {Attempt}.", EventName = "DispatchSent")]
        public static partial void Sent(ILogger logger, long dispatch, string target, long attempt);

        [LoggerMessage(2, LogLevel.Warning, "DispatchNotSent: {Dispatch} to {Target}, attempt {Attempt}: {Outcome}. {Reason}", EventName = "DispatchNotSent")]
        public static partial void NotSent(ILogger logger, long dispatch, string target, long attempt, SendOutcome outcome, string? reason);

        [LoggerMessage(3, LogLevel.Information, "DispatchFound: {Dispatch} to {Target} had been taken although its answer was lost.", EventName = "DispatchFound")]
        public static partial void Found(ILogger logger, long dispatch, string target);
    }
}
