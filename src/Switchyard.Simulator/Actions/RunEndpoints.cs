using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>Runs and their jobs: lists, single ones, cancel, run again.</summary>
internal sealed class RunEndpoints(World world)
{
    /// <summary>A search by filter ends here, without a word (OpenAPI: actions/list-workflow-runs-for-repo).</summary>
    private const int MostFound = 1000;
    private readonly RunJson render = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/actions/runs", "actions", "read", call => new(List(call, world.Runs.Listed(call.Repository))));
        RepositoryRoutes.Add(router, "GET", "/actions/workflows/{workflow_id}/runs", "actions", "read", OfWorkflow);
        RepositoryRoutes.Add(router, "GET", "/actions/runs/{run_id}", "actions", "read", call => new(Answer.Ok(render.Run(Find(call), pulls: call.Query("exclude_pull_requests") != "true"))));
        RepositoryRoutes.Add(router, "GET", "/actions/runs/{run_id}/jobs", "actions", "read", call => new(Jobs(call)));
        RepositoryRoutes.Add(router, "POST", "/actions/runs/{run_id}/cancel", "actions", "write", call => new(Cancel(call)));
        RepositoryRoutes.Add(router, "POST", "/actions/runs/{run_id}/rerun", "actions", "write", call => new(Rerun(call, onlyFailed: false)));
        RepositoryRoutes.Add(router, "POST", "/actions/runs/{run_id}/rerun-failed-jobs", "actions", "write", call => new(Rerun(call, onlyFailed: true)));
    }

    private async ValueTask<Answer> OfWorkflow(Call call) =>
        await world.Workflows.FindAsync(call.Repository, call["workflow_id"], call.Aborted) is { } workflow
            ? List(call, [.. world.Runs.Listed(call.Repository).Where(run => run.Workflow == workflow)])
            : Answer.NotFound();

    private Answer List(Call call, IReadOnlyList<WorkflowRun> runs)
    {
        var filter = RunFilter.Of(call);
        var shown = filter.IsEmpty ? runs : [.. runs.Where(filter.Fits).Take(MostFound)];
        var pulls = call.Query("exclude_pull_requests") != "true";
        return Paging.List(call, world, shown, run => render.Run(run, pulls), (items, total) => new JsonObject { ["total_count"] = total, ["workflow_runs"] = items });
    }

    private Answer Jobs(Call call)
    {
        var run = Find(call);
        Job[] jobs;
        lock (world.Acts)
        {
            // The newest attempt of each job: re-runs of failed jobs leave the others as they were.
            jobs = call.Query("filter") == "all" ? [.. run.Jobs] : [.. run.Jobs.GroupBy(job => job.Definition.Id, StringComparer.Ordinal).Select(same => same.Last())];
        }

        return Paging.List(call, world, jobs, job => render.Job(run, job), (items, total) => new JsonObject { ["total_count"] = total, ["jobs"] = items });
    }

    private Answer Cancel(Call call)
    {
        var run = Find(call);
        lock (world.Acts)
        {
            if (run.Over)
            {
                return Answer.Error(409, "Cannot cancel a workflow run that is completed.");
            }

            world.Engine.Cancel(run);
        }

        return Answer.Ok(new JsonObject(), 202);
    }

    private Answer Rerun(Call call, bool onlyFailed)
    {
        var run = Find(call);
        lock (world.Acts)
        {
            if (!run.Over)
            {
                return Answer.Error(403, "This workflow is already running");
            }

            world.Engine.Rerun(run, world.Accounts.Of(call.Caller), onlyFailed);
        }

        return Answer.Ok(new JsonObject(), 201);
    }

    private WorkflowRun Find(Call call) => world.Runs.Find(call.Repository, call.Id("run_id")) ?? throw new RefusedException(Answer.NotFound());
}
