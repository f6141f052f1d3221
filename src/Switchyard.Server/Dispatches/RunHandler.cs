using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Dispatches;

/// <summary>A workflow run was requested, began or ended: it is taken over where it is one of ours, whatever came before.</summary>
internal sealed class RunHandler(RunStore runs, DispatchReports reports, Lanes lanes, TimeProvider time) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["workflow_run"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        var (session, provider) = (delivery.Session, delivery.Delivery.ProviderId);
        if (WorkflowRunEvent.Read(delivery.Payload) is not { Run: { } run, RepositoryFullName: { } repository } || run.Event is not ("workflow_dispatch" or "repository_dispatch"))
        {
            return null;
        }

        var ours = await session.ScalarAsync<long?>("select dispatch_id from runs where provider_id = @provider and github_id = @Id", new { provider, run.Id });
        if (ours is null && RunFinder.TokenIn(run.DisplayTitle) is { } token
            && await session.FirstAsync<Dispatch>($"select {DispatchStore.Columns} from dispatches d where d.token = @token and d.provider_id = @provider", new { token, provider }) is { } dispatch)
        {
            if (dispatch.State != DispatchState.Sent)
            {
                await DispatchEchoHandler.KeepAsync(delivery, lanes, dispatch, time.GetUtcNow());
                return $"GitHub took dispatch {dispatch.Id}: it shows in run {run.Id}";
            }

            if (await runs.LinkAsync(session, dispatch, run, RunMatch.Id, 0))
            {
                await TellAsync(delivery, dispatch.Id, run.IsCompleted);
                return $"Run {run.Id} is of dispatch {dispatch.Id}";
            }
        }

        if (ours is { } known)
        {
            if (await runs.ApplyAsync(session, provider, run) is null)
            {
                return null;
            }

            await TellAsync(delivery, known, run.IsCompleted);
            return $"Run {run.Id} of dispatch {known} is {run.Conclusion ?? run.Status}";
        }

        // It may be one that is being looked for: that is judged from all of them, not from this one.
        var waiting = await RunStore.HurryAsync(session, provider, repository, time.GetUtcNow().ToUnixTimeMilliseconds());
        delivery.AfterCommit(() => waiting.ForEach(lane => lanes.Kick<RunTracker>(lane)));
        return waiting.Count > 0 ? "The Runs of dispatches are looked at again" : null;
    }

    private async Task TellAsync(DeliveryContext delivery, long dispatchId, bool ends)
    {
        var wanted = await reports.WantAsync(delivery.Session, dispatchId, ends);
        delivery.AfterCommit(() =>
        {
            foreach (var lane in wanted)
            {
                lanes.Kick<ReportLane>(lane);
            }
        });
    }
}
