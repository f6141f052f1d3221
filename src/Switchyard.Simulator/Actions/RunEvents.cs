using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Actions;

/// <summary>Deliveries about runs and jobs. A run tells neither payload nor inputs of what started it.</summary>
internal sealed class RunEvents(World world)
{
    private readonly RunJson render = new(world);

    public void Run(WorkflowRun run, string action) => Tell(run, "workflow_run", action, () => new JsonObject
    {
        ["action"] = action,
        ["workflow_run"] = render.Run(run),
        ["workflow"] = render.Workflow(run.Workflow),
    });

    public void Job(WorkflowRun run, Job job, string action) => Tell(run, "workflow_job", action, () => new JsonObject
    {
        ["action"] = action,
        ["workflow_job"] = render.Job(run, job),
    });

    private void Tell(WorkflowRun run, string name, string action, Func<JsonObject> make) => world.Deliveries.Events.ToAll(run.Repository, name, action, () =>
    {
        var payload = make();
        world.Deliveries.Events.AddRepository(payload, run.Repository, run.TriggeringActor, push: false);
        return payload;
    });
}
