using System.Text.Json.Nodes;
using Switchyard.Simulator.Git;

namespace Switchyard.Simulator.Actions;

/// <summary>
/// The switch <c>loops.echo</c>: a run that ends pushes a commit in the name of an App, as release and formatting workflows do.
/// Such a push starts workflows and comes back to the App (docs: triggering a workflow from a workflow). As <c>github-actions</c> it is one
/// with the token of the workflow, of which the App is told all the same.
/// </summary>
internal sealed class LoopEcho(World world)
{
    public void Completed(WorkflowRun run)
    {
        if (world.Faults.Find("loops.echo") is not { } echo || !echo.Concerns(run.Repository) || !echo.Happens())
        {
            return;
        }

        var target = echo.Text("to") is { } name ? world.Repositories.Find(name) ?? run.Repository : run.Repository;
        var app = echo.Text("app") is { } slug ? world.Apps.FindBySlug(slug) ?? world.Apps.Outside(slug) : world.Apps.All is [var first, ..] ? first : null;
        var pusher = app is null ? world.Developer : world.Accounts.Bot(app);
        var commit = new JsonObject
        {
            ["branch"] = echo.Text("branch") ?? target.DefaultBranch,
            ["author"] = pusher.Login,
            ["message"] = $"Written by run {run.Id}",
            ["files"] = new JsonObject { [echo.Text("path") ?? "echo.txt"] = $"{run.Id}.{run.Attempt}\n" },
        };
        // The repository may be in the middle of the very push that started the run: its turn comes after that.
        var busy = world.Deliveries.Busy();
        _ = Task.Run(async () =>
        {
            using (busy)
            {
                await new RefChanges(world).ApplyAsync(target, pusher, () => new GitWriter(world).CommitAsync(target, commit, CancellationToken.None), CancellationToken.None);
            }
        });
    }
}
