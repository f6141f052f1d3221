using System.Text.Json.Nodes;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>The two dispatches, with the limits and the words of github.com.</summary>
internal sealed class DispatchEndpoints(World world)
{
    private readonly DispatchFaults faults = new(world);
    private readonly DispatchEvents events = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "POST", "/dispatches", "contents", "write", call => faults.AroundAsync(call, () => RepositoryAsync(call)));
        RepositoryRoutes.Add(router, "POST", "/actions/workflows/{workflow_id}/dispatches", "actions", "write", call => faults.AroundAsync(call, () => WorkflowAsync(call)));
    }

    private async Task<Answer> RepositoryAsync(Call call)
    {
        var body = call.Json;
        var limits = DispatchLimits.Of(world);
        if (limits.Refuse(body) is { } refused)
        {
            return refused;
        }

        var repository = call.Repository;
        var branch = repository.DefaultBranch;
        var reader = new GitReader(world.Git, repository.Folder);
        var head = await reader.FirstAsync([$"refs/heads/{branch}^{{commit}}"], call.Aborted) is { } found ? await reader.CommitAsync(found.Sha, call.Aborted) : null;
        var type = body["event_type"]!.ToString();
        var payload = (body["client_payload"] as JsonObject)?.DeepClone().AsObject() ?? [];
        var files = head is null ? [] : await world.Workflows.ReadAsync(repository, head.Sha, call.Aborted);

        var actor = world.Accounts.Of(call.Caller);
        using var busy = world.Deliveries.Busy();
        var effect = events.Accepted(repository, "repository_dispatch", actor, new JsonObject { ["eventType"] = type, ["payload"] = payload.DeepClone() }, DispatchEvents.IdIn(payload));
        var echo = new JsonObject { ["action"] = type, ["branch"] = branch, ["client_payload"] = payload };
        events.Echo(repository, "repository_dispatch", type, echo, actor);
        foreach (var file in head is null || faults.Swallows(repository) ? [] : files.Where(file => Listens(file, type) && world.Workflows.Of(repository, file).State == "active"))
        {
            var run = world.Engine.Start(new RunStart(repository, world.Workflows.Of(repository, file), file, "repository_dispatch", actor)
            {
                Head = head!,
                Branch = branch,
                Ref = "refs/heads/" + branch,
                Title = type,
                Payload = echo,
            });
            effect.Append("runs", run.Id);
        }

        return Answer.NoContent();
    }

    private async Task<Answer> WorkflowAsync(Call call)
    {
        var body = call.Json;
        var repository = call.Repository;
        if (faults.RefuseDetails(body) is { } unknownField)
        {
            return unknownField;
        }

        if (body["ref"]?.ToString() is not { Length: > 0 } reference)
        {
            return Answer.Invalid("Invalid request.\n\n\"ref\" wasn't supplied.");
        }

        if (await world.Workflows.FindAsync(repository, call["workflow_id"], call.Aborted) is not { } workflow)
        {
            return Answer.NotFound();
        }

        if (await FullRefAsync(repository, reference, call.Aborted) is not var (fullRef, head))
        {
            return Answer.Invalid($"No ref found for: {reference}");
        }

        var file = (await world.Workflows.ReadAsync(repository, head.Sha, call.Aborted)).FirstOrDefault(file => file.Path == workflow.Path);
        if (file?.On.GetValueOrDefault("workflow_dispatch") is not { } trigger)
        {
            return Answer.Invalid("Workflow does not have 'workflow_dispatch' trigger");
        }

        if (workflow.State != "active")
        {
            return Answer.Invalid("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
        }

        var given = body["inputs"] as JsonObject ?? [];
        if (DispatchLimits.Of(world).RefuseInputs(given, trigger) is { } refused)
        {
            return refused;
        }

        var inputs = DispatchLimits.Complete(given, trigger);
        var actor = world.Accounts.Of(call.Caller);
        using var busy = world.Deliveries.Busy();
        var effect = events.Accepted(repository, "workflow_dispatch", actor, new JsonObject { ["workflow"] = workflow.FileName, ["ref"] = reference, ["inputs"] = given.DeepClone() }, DispatchEvents.IdIn(given));
        var echo = new JsonObject { ["inputs"] = inputs.Count > 0 ? inputs.DeepClone() : null, ["ref"] = fullRef, ["workflow"] = workflow.Path };
        events.Echo(repository, "workflow_dispatch", null, echo, actor);
        if (faults.Swallows(repository))
        {
            return Answer.NoContent();
        }

        var run = world.Engine.Start(new RunStart(repository, workflow, file, "workflow_dispatch", actor)
        {
            Head = head,
            Branch = fullRef.Split('/', 3)[2],
            Ref = fullRef,
            Title = file.Name,
            Payload = echo,
            Inputs = inputs,
        });
        effect.Append("runs", run.Id);
        return faults.GivesDetails(body) ? Answer.Ok(new JsonObject
        {
            ["workflow_run_id"] = run.Id,
            ["run_url"] = world.Urls.Api($"/repos/{repository.FullName}/actions/runs/{run.Id}"),
            ["html_url"] = world.Urls.Web($"/{repository.FullName}/actions/runs/{run.Id}"),
        }) : Answer.NoContent();
    }

    private static bool Listens(WorkflowFile file, string type) =>
        file.On.GetValueOrDefault("repository_dispatch") is { } trigger && (trigger.Types.IsEmpty || trigger.Types.Contains(type));

    /// <summary>Branches and tags only: a SHA is no ref here.</summary>
    private async Task<(string Ref, GitCommit Head)?> FullRefAsync(Repository repository, string reference, CancellationToken cancellationToken)
    {
        var reader = new GitReader(world.Git, repository.Folder);
        string[] candidates = reference.StartsWith("refs/", StringComparison.Ordinal) ? [reference] : [$"refs/heads/{reference}", $"refs/tags/{reference}"];
        foreach (var candidate in candidates)
        {
            if (await reader.FirstAsync([candidate + "^{commit}"], cancellationToken) is { } found && await reader.CommitAsync(found.Sha, cancellationToken) is { } commit)
            {
                return (candidate, commit);
            }
        }

        return null;
    }
}
