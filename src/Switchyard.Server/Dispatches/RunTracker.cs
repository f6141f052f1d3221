using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// Follows the Runs of one target to their ends: Deliveries tell how they go, and where these stay away the Runs are looked at,
/// ever more rarely. A Dispatch without a Run is looked for, and after a time it is said why there is none.
/// </summary>
internal sealed partial class RunTracker(
    Database database, RunStore store, DispatchStore dispatches, RunFinder finder, NoListenerDiagnosis diagnosis, DispatchReports reports, TargetAccess targets, Lanes lanes,
    IOptions<DispatchOptions> options, TimeProvider time, ILogger<RunTracker> logger)
    : LaneWorker
{
    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(250);

    /// <summary>The looks at a Run that is known; the last one over and over.</summary>
    private static readonly int[] Following = [15, 30, 60, 120, 300, 600];

    /// <summary>The looks for one that is not.</summary>
    private static readonly int[] Searching = [2, 3, 5, 10, 15, 30, 60, 120, 300, 600];

    private static readonly TimeSpan SearchFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan FollowFor = TimeSpan.FromDays(35);

    public override string Kind => "runs";

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => await store.FindDueLanesAsync(cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("runs:" + lane, cancellation);
        if (hold is null)
        {
            return ComeBackToHeldLane;
        }

        while (!cancellation.IsCancellationRequested && await store.ListDueAsync(lane, cancellation) is { Count: > 0 } due)
        {
            await LookAsync(lane, due, cancellation);
        }

        return null;
    }

    private async Task LookAsync(string lane, List<RunRow> due, CancellationToken cancellation)
    {
        var found = FoundRuns.None;
        var trouble = default(GitHubException);
        AccessibleRepository? target = null;
        try
        {
            if (await dispatches.FindAsync(due[0].DispatchId, cancellation) is { } dispatch)
            {
                target = (await targets.FindAsync(dispatch, cancellation)).Found;
            }

            if (target is { InstallationState: InstallationState.Active } && due.Exists(run => run.GithubId is null))
            {
                found = await finder.FindAsync(lane, target, cancellation);
                Kick(found.ReportLanes);
            }
        }
        catch (GitHubException failure)
        {
            Log.NotRead(logger, failure, lane);
            trouble = failure;
        }

        foreach (var run in due)
        {
            if (run.GithubId is not null && trouble is null && target is { InstallationState: InstallationState.Active })
            {
                await FollowAsync(run, target, cancellation);
            }

            var next = run.GithubId is null ? await SearchedAsync(run, target, found, trouble, cancellation) : Step(Following, run, FollowFor);
            await store.LookedAsync(run, next, cancellation);
        }
    }

    private async Task FollowAsync(RunRow run, AccessibleRepository target, CancellationToken cancellation)
    {
        try
        {
            var actions = (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions;
            if (await actions.GetRunAsync(target.Owner, target.Name, run.GithubId!.Value, cancellation) is { } seen)
            {
                await ApplyAsync(run.ProviderId, seen, cancellation);
            }
            else if (run.Looks >= 3)
            {
                await ExplainAsync(run, run.Match, new NoRunReason($"Run {run.GithubId} of {target.FullName} is not there: it was deleted, or the App may not read it.", "Look at the target's Actions page."), cancellation);
            }
        }
        catch (GitHubException failure)
        {
            Log.NotRead(logger, failure, run.Lane);
            if (WorkflowFiles.IsForbidden(failure))
            {
                await ExplainAsync(run, run.Match, new NoRunReason($"How the Run goes cannot be read: {failure.Message}", $"Grant the App *Actions: read* on {target.FullName}."), cancellation);
            }
        }
    }

    /// <summary>When to look for it again, after it was said why there is none where it is time for that.</summary>
    private async Task<TimeSpan?> SearchedAsync(RunRow run, AccessibleRepository? target, FoundRuns found, GitHubException? trouble, CancellationToken cancellation)
    {
        if (found.Dispatches.Contains(run.DispatchId))
        {
            // The row was changed; the next turn follows it.
            return TimeSpan.FromSeconds(Following[0]);
        }

        var age = TimeSpan.FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() - run.CreatedAt);
        if (target is not null && (trouble is null || WorkflowFiles.IsForbidden(trouble)) && run.Match == RunMatch.NotLinked && age >= options.Value.NoRunAfter
            && await dispatches.FindAsync(run.DispatchId, cancellation) is { } dispatch)
        {
            try
            {
                var reason = await diagnosis.FindAsync(dispatch, target, cancellation);
                Log.NoRun(logger, run.DispatchId, reason.Detail);
                await ExplainAsync(run, RunMatch.NoListener, reason, cancellation);
            }
            catch (GitHubException failure)
            {
                Log.NotRead(logger, failure, run.Lane);
            }
        }

        var next = Step(Searching, run, SearchFor);
        var left = options.Value.NoRunAfter - age;
        return left > TimeSpan.Zero && next > left ? left : next;
    }

    private async Task ApplyAsync(long providerId, WorkflowRun run, CancellationToken cancellation)
    {
        var wanted = await database.WriteAsync(
            async session => await store.ApplyAsync(session, providerId, run) is { } dispatch ? await reports.WantAsync(session, dispatch, run.IsCompleted) : [],
            cancellation);
        Kick(wanted);
    }

    private async Task ExplainAsync(RunRow run, string match, NoRunReason reason, CancellationToken cancellation) =>
        Kick(await database.WriteAsync(
            async session => await RunStore.ExplainAsync(session, run, match, reason.Detail, reason.NextStep) > 0 ? await reports.WantAsync(session, run.DispatchId, ends: true) : [],
            cancellation));

    private void Kick(IReadOnlyList<string> reportLanes)
    {
        foreach (var lane in reportLanes)
        {
            lanes.Kick<ReportLane>(lane);
        }
    }

    private TimeSpan? Step(int[] steps, RunRow run, TimeSpan longest) =>
        time.GetUtcNow().ToUnixTimeMilliseconds() - run.CreatedAt > longest.TotalMilliseconds ? null : TimeSpan.FromSeconds(steps[Math.Min(run.Looks, steps.Length - 1)]);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "RunsNotRead: lane {Lane}; looked at again later.", EventName = "RunsNotRead")]
        public static partial void NotRead(ILogger logger, Exception failure, string lane);

        [LoggerMessage(2, LogLevel.Warning, "RunMissing: dispatch {Dispatch}: {Reason}", EventName = "RunMissing")]
        public static partial void NoRun(ILogger logger, long dispatch, string reason);
    }
}
