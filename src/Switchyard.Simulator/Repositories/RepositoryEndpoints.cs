using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>The repository itself, its branches and its refs.</summary>
internal sealed class RepositoryEndpoints(World world)
{
    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "", "metadata", "read", Get);
        RepositoryRoutes.Add(router, "GET", "/branches", "contents", "read", Branches);
        RepositoryRoutes.Add(router, "GET", "/git/ref/{ref*}", "contents", "read", Ref);
        RepositoryRoutes.Add(router, "GET", "/git/matching-refs/{ref*}", "contents", "read", MatchingRefs);
    }

    private ValueTask<Answer> Get(Call call)
    {
        RepositoryStore.Measure(call.Repository);
        return new(Answer.Ok(world.Repositories.Render.Full(call.Repository)));
    }

    private async ValueTask<Answer> Branches(Call call)
    {
        const string Heads = "refs/heads/";
        var refs = await RepositoryRoutes.Reader(world, call).RefsAsync(Heads, call.Aborted);
        return Paging.List(call, world, refs, branch => new JsonObject
        {
            ["name"] = branch.Name[Heads.Length..],
            ["commit"] = new JsonObject
            {
                ["sha"] = branch.Sha,
                ["url"] = world.Urls.Api($"/repos/{call.Repository.FullName}/commits/{branch.Sha}"),
            },
            ["protected"] = false,
        });
    }

    private async ValueTask<Answer> Ref(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        var found = (await reader.RefsAsync("refs/" + call["ref"], call.Aborted)).FirstOrDefault(candidate => candidate.Name == "refs/" + call["ref"]);
        return found is null ? Answer.NotFound() : Answer.Ok(Json(call.Repository, found.Name, found.Type, found.Sha));
    }

    private async ValueTask<Answer> MatchingRefs(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        var refs = await reader.RefsAsync("refs/" + call["ref"], call.Aborted);
        return Paging.List(call, world, refs, found => Json(call.Repository, found.Name, found.Type, found.Sha));
    }

    public JsonObject Json(Repository repository, string name, string type, string sha) => new()
    {
        ["ref"] = name,
        ["node_id"] = Accounts.NodeId("Ref", repository.Id),
        ["url"] = world.Urls.Api($"/repos/{repository.FullName}/git/{Escape(name)}"),
        ["object"] = new JsonObject
        {
            ["sha"] = sha,
            ["type"] = type,
            ["url"] = world.Urls.Api($"/repos/{repository.FullName}/git/{type}s/{sha}"),
        },
    };

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
