using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>The workflows of the default branch.</summary>
internal sealed class WorkflowEndpoints(World world)
{
    private readonly RunJson render = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/actions/workflows", "actions", "read", List);
        RepositoryRoutes.Add(router, "GET", "/actions/workflows/{workflow_id}", "actions", "read", Get);
    }

    private async ValueTask<Answer> List(Call call)
    {
        var workflows = await world.Workflows.ListAsync(call.Repository, call.Aborted);
        return Paging.List(call, world, workflows, entry => render.Workflow(entry.Workflow), (items, total) => new JsonObject { ["total_count"] = total, ["workflows"] = items });
    }

    private async ValueTask<Answer> Get(Call call) =>
        await world.Workflows.FindAsync(call.Repository, call["workflow_id"], call.Aborted) is { } workflow ? Answer.Ok(render.Workflow(workflow)) : Answer.NotFound();
}
