using System.Text.Json.Nodes;
using Switchyard.Simulator.Deliveries;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>Hooks made by hand on a repository.</summary>
internal sealed class HookEndpoints(World world)
{
    private const string Permission = "repository_hooks";

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/hooks", Permission, "read", call => new(Paging.List(call, world, call.Repository.Hooks, world.Deliveries.Events.HookJson)));
        RepositoryRoutes.Add(router, "POST", "/hooks", Permission, "write", Create);
        RepositoryRoutes.Add(router, "POST", "/hooks/{hook_id}/pings", Permission, "read", Ping);
    }

    private ValueTask<Answer> Create(Call call)
    {
        var body = call.Json;
        if (body["config"] is not JsonObject config || config["url"]?.ToString() is not { Length: > 0 } url)
        {
            return new(Answer.Invalid("Validation Failed", new JsonObject { ["resource"] = "Hook", ["code"] = "custom", ["message"] = "url cannot be blank" }));
        }

        if (body["name"] is { } name && name.ToString() != "web")
        {
            return new(Answer.Invalid("Validation Failed", new JsonObject { ["resource"] = "Hook", ["code"] = "custom", ["message"] = "name must be web" }));
        }

        if (call.Repository.Hooks.Any(present => present.Url == url))
        {
            return new(Answer.Invalid("Validation Failed", new JsonObject { ["resource"] = "Hook", ["code"] = "custom", ["message"] = "Hook already exists on this repository" }));
        }

        var hook = new Hook
        {
            Id = world.NextId(),
            TargetId = call.Repository.Id,
            Repository = call.Repository,
            Url = url,
            ContentType = config["content_type"]?.ToString() ?? "form",
            Secret = config["secret"]?.ToString(),
            InsecureSsl = config["insecure_ssl"]?.ToString() ?? "0",
            Active = body["active"]?.GetValue<bool>() ?? true,
            Events = [.. (body["events"] as JsonArray)?.Select(item => item!.ToString()) ?? ["push"]],
            CreatedAt = world.Clock.Now,
        };
        call.Repository.Hooks = call.Repository.Hooks.Add(hook);
        if (hook.Active)
        {
            world.Deliveries.Events.PingRepositoryHook(hook);
        }

        var json = world.Deliveries.Events.HookJson(hook);
        return new(Answer.Ok(json, 201).With("Location", json["url"]!.ToString()));
    }

    private ValueTask<Answer> Ping(Call call)
    {
        if (call.Repository.Hooks.FirstOrDefault(hook => hook.Id == call.Id("hook_id")) is not { } found)
        {
            return new(Answer.NotFound());
        }

        world.Deliveries.Events.PingRepositoryHook(found);
        return new(Answer.NoContent());
    }
}
