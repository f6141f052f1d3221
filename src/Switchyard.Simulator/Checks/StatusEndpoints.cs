using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>Commit statuses: set one, list them, and the combined state. Where there are none the state is pending.</summary>
internal sealed class StatusEndpoints(World world)
{
    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/commits/{ref*}/status", "statuses", "read", Combined);
        RepositoryRoutes.Add(router, "GET", "/commits/{ref*}/statuses", "statuses", "read", List);
        RepositoryRoutes.Add(router, "POST", "/statuses/{sha}", "statuses", "write", Create);
    }

    private async ValueTask<Answer> Combined(Call call)
    {
        var sha = await CommitRef.RequireAsync(world, call);
        var latest = world.Statuses.Of(call.Repository, sha).DistinctBy(status => status.Context, StringComparer.Ordinal).ToArray();
        var state = latest switch
        {
            [] => "pending",
            _ when latest.Any(status => status.State is "error" or "failure") => "failure",
            _ when latest.Any(status => status.State == "pending") => "pending",
            _ => "success",
        };
        var api = world.Urls.Api($"/repos/{call.Repository.FullName}/commits/{sha}");
        return Paging.List(call, world, latest, status => Json(call.Repository, status, simple: true), (items, total) => new JsonObject
        {
            ["state"] = state,
            ["statuses"] = items,
            ["sha"] = sha,
            ["total_count"] = total,
            ["repository"] = world.Repositories.Render.Minimal(call.Repository),
            ["commit_url"] = api,
            ["url"] = api + "/status",
        });
    }

    private async ValueTask<Answer> List(Call call)
    {
        var sha = await CommitRef.RequireAsync(world, call);
        return Paging.List(call, world, world.Statuses.Of(call.Repository, sha), status => Json(call.Repository, status, simple: false));
    }

    private async ValueTask<Answer> Create(Call call)
    {
        var body = call.Json;
        if (body["state"]?.ToString() is not { } state || !StatusStore.States.Contains(state))
        {
            return Answer.Invalid("Validation Failed: state is not included in the list");
        }

        var sha = await CommitRef.RequireAsync(world, call, "sha");
        var commit = (await RepositoryRoutes.Reader(world, call).CommitAsync(sha, call.Aborted))!;
        var status = new CommitStatus(world.NextId(), sha, state, body["context"]?.ToString() ?? "default", world.Accounts.Of(call.Caller), world.Clock.Now)
        {
            Description = body["description"]?.ToString(),
            TargetUrl = body["target_url"]?.ToString(),
        };
        return await world.Statuses.AddAsync(call.Repository, commit, status, call.Aborted) is null
            ? Answer.Invalid("Validation Failed: This SHA and context has reached the maximum number of statuses.")
            : Answer.Ok(Json(call.Repository, status, simple: false), 201);
    }

    private JsonObject Json(Repository repository, CommitStatus status, bool simple)
    {
        var json = new JsonObject
        {
            ["url"] = world.Urls.Api($"/repos/{repository.FullName}/statuses/{status.Sha}"),
            ["avatar_url"] = world.Urls.Web($"/avatars/u/{status.Creator.Id}"),
            ["id"] = status.Id,
            ["node_id"] = Accounts.NodeId("StatusContext", status.Id),
            ["state"] = status.State,
            ["description"] = status.Description,
            ["target_url"] = status.TargetUrl,
            ["context"] = status.Context,
            ["created_at"] = Wire.Time(status.CreatedAt),
            ["updated_at"] = Wire.Time(status.CreatedAt),
        };
        if (!simple)
        {
            json["creator"] = world.Accounts.Json(status.Creator);
        }

        return json;
    }
}
