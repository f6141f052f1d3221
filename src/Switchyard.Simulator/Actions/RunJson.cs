using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;

namespace Switchyard.Simulator.Actions;

/// <summary>Workflows, runs and jobs in the shape of REST, which is that of the payloads too.</summary>
internal sealed class RunJson(World world)
{
    public JsonObject Workflow(Workflow workflow)
    {
        var api = world.Urls.Api($"/repos/{workflow.Repository.FullName}/actions/workflows/{workflow.Id}");
        var html = world.Urls.Web($"/{workflow.Repository.FullName}");
        return new JsonObject
        {
            ["id"] = workflow.Id,
            ["node_id"] = Accounts.NodeId("Workflow", workflow.Id),
            ["name"] = workflow.Name,
            ["path"] = workflow.Path,
            ["state"] = workflow.State,
            ["created_at"] = Wire.Time(workflow.CreatedAt),
            ["updated_at"] = Wire.Time(workflow.CreatedAt),
            ["url"] = api,
            ["html_url"] = $"{html}/blob/{workflow.Repository.DefaultBranch}/{workflow.Path}",
            ["badge_url"] = $"{html}/actions/workflows/{Uri.EscapeDataString(workflow.FileName)}/badge.svg",
        };
    }

    public JsonObject Run(WorkflowRun run, bool pulls = true)
    {
        var repository = run.Repository;
        var api = world.Urls.Api($"/repos/{repository.FullName}");
        var url = $"{api}/actions/runs/{run.Id}";
        return new JsonObject
        {
            ["id"] = run.Id,
            ["name"] = run.Workflow.Name,
            ["node_id"] = Accounts.NodeId("WorkflowRun", run.Id),
            ["head_branch"] = run.Start.Branch,
            ["head_sha"] = run.Start.Head.Sha,
            ["path"] = run.Workflow.Path,
            ["display_title"] = run.Title,
            ["run_number"] = run.Number,
            ["event"] = run.Start.Event,
            ["status"] = run.Status,
            ["conclusion"] = run.Conclusion,
            ["workflow_id"] = run.Workflow.Id,
            ["check_suite_id"] = run.Suite.Id,
            ["check_suite_node_id"] = Accounts.NodeId("CheckSuite", run.Suite.Id),
            ["url"] = url,
            ["html_url"] = world.Urls.Web($"/{repository.FullName}/actions/runs/{run.Id}"),
            ["pull_requests"] = pulls && run.Start.HeadRepository is null ? world.Pulls.Minimal(repository, run.Start.Head.Sha) : [],
            ["created_at"] = Wire.Time(run.CreatedAt),
            ["updated_at"] = Wire.Time(run.UpdatedAt),
            ["actor"] = world.Accounts.Json(run.Start.Actor),
            ["run_attempt"] = run.Attempt,
            ["referenced_workflows"] = new JsonArray(),
            ["run_started_at"] = Wire.Time(run.StartedAt),
            ["triggering_actor"] = world.Accounts.Json(run.TriggeringActor),
            ["jobs_url"] = url + "/jobs",
            ["logs_url"] = url + "/logs",
            ["check_suite_url"] = $"{api}/check-suites/{run.Suite.Id}",
            ["artifacts_url"] = url + "/artifacts",
            ["cancel_url"] = url + "/cancel",
            ["rerun_url"] = url + "/rerun",
            ["previous_attempt_url"] = run.Attempt > 1 ? $"{url}/attempts/{run.Attempt - 1}" : null,
            ["workflow_url"] = $"{api}/actions/workflows/{run.Workflow.Id}",
            ["head_commit"] = CheckJson.Commit(run.Start.Head),
            ["repository"] = world.Repositories.Render.Minimal(repository),
            ["head_repository"] = world.Repositories.Render.Minimal(run.Start.HeadRepository ?? repository),
        };
    }

    public JsonObject Job(WorkflowRun run, Job job)
    {
        var check = job.Check;
        var api = world.Urls.Api($"/repos/{run.Repository.FullName}");
        var started = check.Status != "queued";
        return new JsonObject
        {
            ["id"] = check.Id,
            ["run_id"] = run.Id,
            ["workflow_name"] = run.Workflow.Name,
            ["head_branch"] = run.Start.Branch,
            ["run_url"] = $"{api}/actions/runs/{run.Id}",
            ["run_attempt"] = job.Attempt,
            ["node_id"] = Accounts.NodeId("CheckRun", check.Id),
            ["head_sha"] = run.Start.Head.Sha,
            ["url"] = $"{api}/actions/jobs/{check.Id}",
            ["html_url"] = world.Urls.Web($"/{run.Repository.FullName}/actions/runs/{run.Id}/job/{check.Id}"),
            ["status"] = check.Status,
            ["conclusion"] = check.Conclusion,
            ["created_at"] = Wire.Time(check.CreatedAt),
            ["started_at"] = Wire.Time(check.StartedAt),
            ["completed_at"] = Wire.Time(check.CompletedAt),
            ["name"] = check.Name,
            ["steps"] = new JsonArray(),
            ["check_run_url"] = $"{api}/check-runs/{check.Id}",
            ["labels"] = Wire.List([job.Definition.Label]),
            ["runner_id"] = started ? 1 : null,
            ["runner_name"] = started ? "GitHub Actions 1" : null,
            ["runner_group_id"] = started ? 0 : null,
            ["runner_group_name"] = started ? "GitHub Actions" : null,
        };
    }
}
