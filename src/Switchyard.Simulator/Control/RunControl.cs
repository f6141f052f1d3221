using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Actions;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Workflow runs: how they go by default, and step by step.</summary>
internal sealed class RunControl(World world)
{
    private const string One = "/runs/{id}";
    private const string Plans = "/repositories/{owner}/{repo}/plan";

    public void Map(ControlApi.Adder add)
    {
        add("GET", "/plan", (_, _) => ControlApi.Done(world.Plans.Default.ToJson()));
        add("PUT", "/plan", (request, _) => ControlApi.Done((world.Plans.Default = world.Plans.Default.With(request.Body)).ToJson()));
        // {workflow?, secondsQueued?, secondsRunning?, conclusion?, manual?, jobs?: {name: conclusion}}
        add("PUT", Plans, (request, _) => ControlApi.Done(world.Plans.Set(Repository(request), request.Body["workflow"]?.ToString(), request.Body).ToJson()));
        add("DELETE", Plans, (request, _) =>
        {
            world.Plans.Clear(Repository(request));
            return ControlApi.Done();
        });
        // {state: active or disabled_manually}
        add("PUT", "/repositories/{owner}/{repo}/workflows/{file}", async (request, cancellationToken) =>
        {
            var workflow = await world.Workflows.FindAsync(Repository(request), request["file"], cancellationToken) ?? throw new ArgumentException($"There is no workflow {request["file"]}.");
            workflow.State = request.Required("state") is "active" or "disabled_manually" ? request.Required("state") : throw new ArgumentException("A state is active or disabled_manually.");
            return new JsonObject { ["id"] = workflow.Id, ["state"] = workflow.State };
        });
        // ?repository=OWNER/NAME
        add("GET", "/runs", (request, _) => ControlApi.Done(new JsonArray([.. world.Runs.All
            .Where(run => request.Call.Query("repository") is not { } name || string.Equals(run.Repository.FullName, name, StringComparison.OrdinalIgnoreCase)).Select(Json)])));
        add("GET", One, (request, _) => ControlApi.Done(Json(Find(request))));
        Act(add, "/plan", (run, request) => run.Plan = world.Plans.Of(run).With(request.Body), method: "PUT");
        Act(add, "/advance", (run, _) => world.Engine.Advance(run));
        Act(add, "/finish", (run, request) => world.Engine.Finish(run, request.Body));
        Act(add, "/cancel", (run, _) => world.Engine.Cancel(run));
        Act(add, "/rerun", (run, _) => world.Engine.Rerun(run, world.Developer, onlyFailed: false));
    }

    private void Act(ControlApi.Adder add, string verb, Action<WorkflowRun, ControlRequest> act, string method = "POST") => add(method, One + verb, (request, _) =>
    {
        var run = Find(request);
        act(run, request);
        return ControlApi.Done(Json(run));
    });

    private WorkflowRun Find(ControlRequest request) =>
        (long.TryParse(request["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? world.Runs.Find(id) : null)
        ?? throw new ArgumentException($"There is no run {request["id"]}. GET /_simulator/runs lists them.");

    private Repository Repository(ControlRequest request) => ControlApi.Repository(world, request);

    private static JsonObject Json(WorkflowRun run) => new()
    {
        ["id"] = run.Id,
        ["repository"] = run.Repository.FullName,
        ["workflow"] = run.Workflow.FileName,
        ["event"] = run.Start.Event,
        ["title"] = run.Title,
        ["sha"] = run.Start.Head.Sha,
        ["branch"] = run.Start.Branch,
        ["attempt"] = run.Attempt,
        ["status"] = run.Status,
        ["conclusion"] = run.Conclusion,
        ["group"] = run.Group,
        ["inputs"] = run.Start.Inputs.DeepClone(),
        ["payload"] = run.Start.Payload["client_payload"]?.DeepClone(),
        ["jobs"] = new JsonArray([.. run.Jobs.Where(job => job.Attempt == run.Attempt).Select(job => new JsonObject
        {
            ["name"] = job.Check.Name,
            ["status"] = job.Check.Status,
            ["conclusion"] = job.Check.Conclusion,
        })]),
    };
}
