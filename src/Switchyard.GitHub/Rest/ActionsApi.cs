using System.Globalization;
using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// Workflows and their runs. A call that starts something is never sent again by itself after a doubt: see
/// <see cref="GitHubException.MayHaveHappened"/>.
/// </summary>
public sealed class ActionsApi
{
    private readonly ApiCaller caller;

    internal ActionsApi(ApiCaller caller) => this.caller = caller.Needing("actions=read");

    /// <summary>
    /// Starts whatever workflows on the default branch listen to a repository_dispatch of this type; GitHub tells neither
    /// which nor how many. Needs <c>contents: write</c>.
    /// </summary>
    /// <param name="eventType">1 to 100 characters.</param>
    /// <param name="clientPayload">A JSON object, UTF-8, of at most 10 top-level keys and under 64 KB; empty for none.</param>
    /// <exception cref="ArgumentException">Outside of GitHub's limits; nothing was sent.</exception>
    public async Task DispatchRepositoryAsync(string owner, string repository, string eventType, ReadOnlyMemory<byte> clientPayload, CancellationToken cancellation = default)
    {
        var body = DispatchBody.OfRepository(eventType, clientPayload);
        var request = caller.Write(HttpMethod.Post, $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/dispatches", $"send {eventType} to {owner}/{repository}", "contents=write", body);
        await caller.SendAsync(request, cancellation);
    }

    /// <summary>
    /// Starts a workflow that has the workflow_dispatch trigger on that ref. Needs <c>actions: write</c>.
    /// </summary>
    /// <param name="workflow">Id of the workflow, or the name of its file.</param>
    /// <param name="reference">A branch or tag.</param>
    /// <param name="inputs">At most 25, those that the workflow declares.</param>
    /// <returns>The run, where GitHub tells it.</returns>
    /// <exception cref="ArgumentException">More than 25 inputs; nothing was sent.</exception>
    public async Task<StartedRun> DispatchWorkflowAsync(
        string owner,
        string repository,
        string workflow,
        string reference,
        IReadOnlyDictionary<string, string> inputs,
        CancellationToken cancellation = default)
    {
        var path = $"{Root(owner, repository)}/workflows/{ApiCaller.Segment(workflow)}/dispatches";
        var advice = new WorkflowAdvice($"{owner}/{repository}", workflow, reference);
        async Task<StartedRun> SendAsync(bool wantDetails)
        {
            var body = DispatchBody.OfWorkflow(reference, inputs, wantDetails);
            var request = caller.Write(HttpMethod.Post, path, $"start {workflow} on {reference} of {owner}/{repository}", "actions=write", body) with { Advise = advice.For };
            return DispatchBody.ReadStarted(await caller.SendAsync(request, cancellation));
        }

        if (caller.Traits.RefusesRunDetails)
        {
            return await SendAsync(wantDetails: false);
        }

        try
        {
            return await SendAsync(wantDetails: true);
        }
        catch (GitHubException refused) when (DispatchBody.RefusesDetails(refused))
        {
            // A refusal of the whole request: nothing was started, so this is no second try.
            caller.Traits.RefusesRunDetails = true;
            return await SendAsync(wantDetails: false);
        }
    }

    /// <summary>By id or by the name of its file; null when there is none on the default branch.</summary>
    public Task<Workflow?> GetWorkflowAsync(string owner, string repository, string workflow, CancellationToken cancellation = default) =>
        caller.FindAsync($"{Root(owner, repository)}/workflows/{ApiCaller.Segment(workflow)}", $"read workflow {workflow} of {owner}/{repository}", GitHubJson.Default.Workflow, cancellation);

    public async IAsyncEnumerable<Workflow> ListWorkflowsAsync(string owner, string repository, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync($"{Root(owner, repository)}/workflows?{ApiCaller.PerPage}", $"list the workflows of {owner}/{repository}", GitHubJson.Default.WorkflowPage, cancellation))
        {
            foreach (var workflow in page.Workflows)
            {
                yield return workflow;
            }
        }
    }

    /// <summary>Null when there is no such run (or none that may be seen).</summary>
    public Task<WorkflowRun?> GetRunAsync(string owner, string repository, long runId, CancellationToken cancellation = default) =>
        caller.FindAsync(Run(owner, repository, runId), $"read run {runId} of {owner}/{repository}", GitHubJson.Default.WorkflowRun, cancellation);

    /// <summary>Runs, the newest first.</summary>
    public async IAsyncEnumerable<WorkflowRun> ListRunsAsync(string owner, string repository, RunQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // A run that begins meanwhile moves the others on, and the last of a page is the first of the next one too.
        var seen = new HashSet<long>();
        var path = query.Workflow is null ? $"{Root(owner, repository)}/runs" : $"{Root(owner, repository)}/workflows/{ApiCaller.Segment(query.Workflow)}/runs";
        await foreach (var page in caller.PagesAsync(path + query.ToQuery(), $"list the runs of {query.Workflow ?? "workflows"} in {owner}/{repository}", GitHubJson.Default.RunPage, cancellation))
        {
            foreach (var run in page.WorkflowRuns.Where(run => seen.Add(run.Id)))
            {
                yield return run;
                if (seen.Count >= query.Limit)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>The jobs of a run's latest attempt.</summary>
    public async IAsyncEnumerable<WorkflowJob> ListJobsAsync(string owner, string repository, long runId, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync($"{Run(owner, repository, runId)}/jobs?{ApiCaller.PerPage}", $"list the jobs of run {runId} of {owner}/{repository}", GitHubJson.Default.JobPage, cancellation))
        {
            foreach (var job in page.Jobs)
            {
                yield return job;
            }
        }
    }

    /// <summary>Asks for the run's end; it ends some seconds later. Needs <c>actions: write</c>.</summary>
    /// <exception cref="GitHubException">Validation with status 409: the run has ended already.</exception>
    public Task CancelRunAsync(string owner, string repository, long runId, CancellationToken cancellation = default) =>
        caller.SendAsync(
            caller.Write(HttpMethod.Post, $"{Run(owner, repository, runId)}/cancel", $"cancel run {runId} of {owner}/{repository}", "actions=write") with
            {
                Advise = (status, _) => status == 409 ? "The run has ended already; nothing is left to cancel." : null,
            },
            cancellation);

    /// <summary>Begins the next attempt of the same run: of all its jobs, or of those that failed. Needs <c>actions: write</c>.</summary>
    /// <exception cref="GitHubException">PermissionMissing or Validation: it still runs, or is older than 30 days.</exception>
    public Task RerunAsync(string owner, string repository, long runId, bool failedOnly, CancellationToken cancellation = default) =>
        caller.SendAsync(
            caller.Write(HttpMethod.Post, $"{Run(owner, repository, runId)}/{(failedOnly ? "rerun-failed-jobs" : "rerun")}", $"run {runId} of {owner}/{repository} again", "actions=write") with
            {
                Advise = WorkflowAdvice.ForRerun,
            },
            cancellation);

    private static string Root(string owner, string repository) => $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/actions";

    private static string Run(string owner, string repository, long runId) => $"{Root(owner, repository)}/runs/{runId.ToString(CultureInfo.InvariantCulture)}";
}
