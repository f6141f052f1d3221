using Switchyard.GitHub;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>What came of something a person asked for: done, or why not and what to do.</summary>
internal sealed record ActionResult(bool Done, string? Why = null, string? NextStep = null, bool OtherSide = false)
{
    public static ActionResult Ok { get; } = new(true);
}

/// <summary>What people do with Dispatches and their Runs.</summary>
internal sealed class DispatchActions(Database database, DispatchStore store, RunStore runs, DispatchReports reports, TargetAccess targets, Lanes lanes, TimeProvider time)
{
    /// <summary>Takes it back before it is sent.</summary>
    public async Task<ActionResult> CancelAsync(Dispatch dispatch, string by, CancellationToken cancellation)
    {
        var wanted = await database.WriteAsync(
            async session =>
            {
                var moved = await session.ExecuteAsync(
                    $"""
                    update dispatches set state = '{DispatchState.Cancelled}', held = null, held_at = null, error = @why, next_step = null, ended_at = @now
                    where id = @Id and state in ('{DispatchState.Pending}', '{DispatchState.Retrying}')
                    """,
                    new { dispatch.Id, why = $"Cancelled by {by} before it was sent.", now = time.GetUtcNow().ToUnixTimeMilliseconds() });
                return moved > 0 ? await reports.WantAsync(session, dispatch, ends: true) : null;
            },
            cancellation);
        if (wanted is null)
        {
            var now = await store.FindAsync(dispatch.Id, cancellation);
            return new ActionResult(
                false,
                now?.State is DispatchState.Sent or DispatchState.Unconfirmed or DispatchState.Sending
                    ? $"Dispatch {dispatch.Id} is {now.State}: it was sent, or may have been."
                    : $"Dispatch {dispatch.Id} is {now?.State ?? "gone"} already.",
                now?.State == DispatchState.Sent ? $"Stop its Run: switchyard dispatch cancel {dispatch.Id} --run" : null);
        }

        Kick(wanted, dispatch.Lane);
        return ActionResult.Ok;
    }

    /// <summary>Sends what was not sent again, as it was: the same payload, the next attempt.</summary>
    public async Task<ActionResult> RetryAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        if (dispatch is { Kind: DispatchKind.Job } || (dispatch.State == DispatchState.Failed && dispatch.Attempts == 0 && dispatch.TargetGithubId is null && dispatch.Body == "{}"))
        {
            return new ActionResult(false, $"Dispatch {dispatch.Id} cannot be sent as it is: {dispatch.Error}", "Correct the rule; the next Signal makes another Dispatch.");
        }

        var wanted = await database.WriteAsync(
            async session =>
            {
                var moved = await session.ExecuteAsync(
                    $"""
                    update dispatches set state = '{DispatchState.Pending}', held = null, held_at = null, error = null, next_step = null, failures = 0, due_at = @now, ended_at = null
                    where id = @Id and state in ('{DispatchState.Failed}', '{DispatchState.Dead}', '{DispatchState.Suppressed}', '{DispatchState.Cancelled}')
                    """,
                    new { dispatch.Id, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
                return moved > 0 ? await reports.WantAsync(session, dispatch) : null;
            },
            cancellation);
        if (wanted is null)
        {
            return new ActionResult(
                false,
                $"Dispatch {dispatch.Id} is {dispatch.State}: only one that is Failed, Dead, Suppressed or Cancelled can be sent again.",
                dispatch.State == DispatchState.Sent ? $"Run it again: switchyard dispatch rerun {dispatch.Id}" : "It goes on by itself.");
        }

        Kick(wanted, dispatch.Lane);
        return ActionResult.Ok;
    }

    public Task<ActionResult> CancelRunAsync(Dispatch dispatch, CancellationToken cancellation) => WithRunAsync(
        dispatch, (actions, owner, name, run) => actions.CancelRunAsync(owner, name, run, cancellation), cancellation);

    /// <param name="failedOnly">Only the jobs that failed, and those that need them.</param>
    public Task<ActionResult> RerunAsync(Dispatch dispatch, bool failedOnly, CancellationToken cancellation) => WithRunAsync(
        dispatch, (actions, owner, name, run) => actions.RerunAsync(owner, name, run, failedOnly, cancellation), cancellation);

    private async Task<ActionResult> WithRunAsync(Dispatch dispatch, Func<GitHub.Rest.ActionsApi, string, string, long, Task> act, CancellationToken cancellation)
    {
        if (await runs.FindAsync(dispatch.Id, cancellation) is not { GithubId: { } run } row)
        {
            return new ActionResult(false, $"No Run of dispatch {dispatch.Id} is known{(dispatch.State == DispatchState.Sent ? " yet" : $": it is {dispatch.State}")}.", $"See what is: switchyard dispatch view {dispatch.Id}");
        }

        try
        {
            var answer = await targets.FindAsync(dispatch, cancellation);
            if (answer.Found is not { } target)
            {
                return new ActionResult(false, answer.Reason, answer.NextStep, OtherSide: true);
            }

            await act((await targets.OpenAsync(target, cancellation, ("actions", "write"))).Actions, target.Owner, target.Name, run);
            await database.WriteAsync(
                session => session.ExecuteAsync(
                    "update runs set due_at = @due, looks = 0 where dispatch_id = @DispatchId", new { row.DispatchId, due = time.GetUtcNow().ToUnixTimeMilliseconds() + 1000 }),
                cancellation);
            return ActionResult.Ok;
        }
        catch (GitHubException failure)
        {
            return new ActionResult(false, failure.Message, OtherSide: failure.Status != 409);
        }
    }

    private void Kick(IReadOnlyList<string> reported, string lane)
    {
        foreach (var report in reported)
        {
            lanes.Kick<ReportLane>(report);
        }

        lanes.Kick<DispatchLane>(lane);
    }
}
