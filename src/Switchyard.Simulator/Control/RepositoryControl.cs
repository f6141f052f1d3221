using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Repositories: make them, push to them, and do to them what owners do.</summary>
internal sealed class RepositoryControl(World world)
{
    private const string One = "/repositories/{owner}/{repo}";

    public void Map(ControlApi.Adder add)
    {
        add("GET", "/repositories", (_, _) => ControlApi.Done(new JsonArray([.. world.Repositories.All.Select(Json)])));
        add("POST", "/repositories", CreateAsync);
        add("GET", One, (request, _) => ControlApi.Done(Json(Find(request))));
        add("POST", One + "/commits", CommitAsync);
        add("PUT", One + "/refs", MoveAsync);
        add("POST", One + "/lfs", (request, _) => ControlApi.Done(new JsonObject
        {
            ["pointer"] = LfsEndpoints.Store(Find(request), Convert.FromBase64String(request.Required("base64"))),
        }));
        // {branch?, checks: [name], byRuleset?}
        Act(add, "/required", (repository, request) =>
        {
            var branch = request.Body["branch"]?.ToString() ?? repository.DefaultBranch;
            var byRuleset = request.Body["byRuleset"]?.GetValue<bool>() ?? true;
            var others = repository.Required.RemoveAll(checks => checks.Branch == branch && checks.ByRuleset == byRuleset);
            repository.Required = others.Add(new RequiredChecks(branch, [.. request.Names("checks")], byRuleset));
        });
        Act(add, "/rename", (repository, request) => world.Repositories.Rename(repository, request.Required("name")));
        Act(add, "/transfer", (repository, request) => world.Repositories.Transfer(repository, world.Accounts.Ensure(request.Required("owner"))));
        Act(add, "/archive", (repository, _) => world.Repositories.Archive(repository, archived: true));
        Act(add, "/unarchive", (repository, _) => world.Repositories.Archive(repository, archived: false));
        Act(add, "/privatize", (repository, _) => world.Repositories.Show(repository, isPrivate: true));
        Act(add, "/publicize", (repository, _) => world.Repositories.Show(repository, isPrivate: false));
        Act(add, "/delete", (repository, _) => world.Repositories.Delete(repository));
        add("POST", One + "/recreate", async (request, cancellationToken) =>
            Json(await world.Repositories.RecreateAsync(Find(request), request.Body["source"]?.ToString(), cancellationToken)));
    }

    private void Act(ControlApi.Adder add, string verb, Action<Repository, ControlRequest> act) => add("POST", One + verb, (request, _) =>
    {
        var repository = Find(request);
        act(repository, request);
        return ControlApi.Done(Json(repository));
    });

    /// <summary><c>{fullName, source?, private?, defaultBranch?, startAt?, organization?, files?}</c></summary>
    private async Task<JsonNode?> CreateAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var repository = await world.Repositories.AddAsync(
            new SimulatedRepository(request.Required("fullName"), body["source"]?.ToString())
            {
                Private = body["private"]?.GetValue<bool>() ?? true,
                DefaultBranch = body["defaultBranch"]?.ToString(),
                StartAt = body["startAt"]?.ToString(),
                OwnerIsOrganization = body["organization"]?.GetValue<bool>() ?? true,
            },
            cancellationToken);
        if (body["files"] is JsonObject files)
        {
            await PushAsync(repository, () => new GitWriter(world).CommitAsync(repository, new JsonObject { ["message"] = "Initial commit", ["files"] = files.DeepClone() }, cancellationToken), cancellationToken);
        }

        return Json(repository);
    }

    /// <summary>See <see cref="GitWriter"/> for the body; the answer names the new tip and the refs that moved.</summary>
    private async Task<JsonNode?> CommitAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var repository = Find(request);
        var sha = "";
        var moved = await PushAsync(repository, async () => sha = await new GitWriter(world).CommitAsync(repository, request.Body, cancellationToken), cancellationToken);
        return new JsonObject { ["sha"] = sha, ["refs"] = moved };
    }

    /// <summary><c>{ref, sha}</c>, or a list <c>{refs: [...]}</c> as one push; sha null deletes. The objects must be there.</summary>
    private async Task<JsonNode?> MoveAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var repository = Find(request);
        var wanted = request.Body["refs"] as JsonArray ?? [request.Body.DeepClone()];
        var lines = string.Concat(wanted.Select(item => item!["sha"] is { } sha ? $"update {item["ref"]} {sha}\n" : $"delete {item!["ref"]}\n"));
        var moved = await PushAsync(repository, () => world.Git.RunAsync(repository.Folder, ["update-ref", "--stdin"], cancellationToken, Encoding.UTF8.GetBytes(lines)), cancellationToken);
        return new JsonObject { ["refs"] = moved };
    }

    private async Task<JsonArray> PushAsync(Repository repository, Func<Task> change, CancellationToken cancellationToken)
    {
        var moved = await new RefChanges(world).ApplyAsync(repository, world.Developer, change, cancellationToken);
        return new JsonArray([.. moved.Select(update => new JsonObject { ["ref"] = update.Ref, ["before"] = update.Before, ["after"] = update.After })]);
    }

    private Repository Find(ControlRequest request) => ControlApi.Repository(world, request);

    private JsonObject Json(Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["fullName"] = repository.FullName,
        ["private"] = repository.Private,
        ["archived"] = repository.Archived,
        ["deleted"] = repository.Deleted,
        ["defaultBranch"] = repository.DefaultBranch,
        ["clone"] = world.Urls.Web($"/{repository.FullName}.git"),
        ["folder"] = repository.Folder,
    };
}
