using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Deliveries;

/// <summary>The delivery log: of the App by JWT, of a repository hook by token. Pages go by cursor.</summary>
internal sealed class DeliveryEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("GET", "/app/hook/deliveries", Audience.App, call => new(List(call, call.App.Hook))));
        router.Add(new Route("GET", "/app/hook/deliveries/{delivery_id}", Audience.App, call => new(Answer.Ok(Find(call, call.App.Hook).ToDetailedJson()))));
        router.Add(new Route("POST", "/app/hook/deliveries/{delivery_id}/attempts", Audience.App, call => new(Redeliver(call, call.App.Hook))));
        RepositoryRoutes.Add(router, "GET", "/hooks/{hook_id}/deliveries", "repository_hooks", "read", call => new(List(call, RepositoryHook(call))));
    }

    private Answer List(Call call, Hook hook)
    {
        var log = world.Deliveries.Log.Of(hook);
        IEnumerable<DeliveryAttempt> shown = log;
        switch (call.Query("status"))
        {
            case "success":
                shown = log.Where(attempt => attempt.Succeeded);
                break;
            case "failure":
                shown = log.Where(attempt => !attempt.Succeeded);
                break;
            case null:
                break;
            default:
                return Answer.Invalid("Validation Failed");
        }

        if (call.Query("cursor") is { Length: > 0 } cursor)
        {
            if (!cursor.StartsWith("v1_", StringComparison.Ordinal) || !long.TryParse(cursor.AsSpan(3), CultureInfo.InvariantCulture, out var below))
            {
                return Answer.Error(400, "Invalid cursor");
            }

            shown = shown.Where(attempt => attempt.Id < below);
        }

        var per = Paging.PerPage(call);
        var page = shown.Take(per + 1).ToArray();
        var answer = Answer.Ok(new JsonArray([.. page.Take(per).Select(attempt => attempt.ToJson())]));
        if (page.Length > per)
        {
            answer.With("Link", $"<{Paging.Url(call, world, "cursor", $"v1_{page[per - 1].Id}")}>; rel=\"next\"");
        }

        return answer;
    }

    private Answer Redeliver(Call call, Hook hook)
    {
        var attempt = Find(call, hook);
        if (attempt.DeliveredAt < world.Clock.Now.AddDays(-3))
        {
            return Answer.Invalid("Deliveries older than 3 days cannot be redelivered.");
        }

        world.Deliveries.Redeliver(attempt);
        return Answer.Ok(new JsonObject(), 202);
    }

    private DeliveryAttempt Find(Call call, Hook hook) =>
        world.Deliveries.Log.Find(hook, call.Id("delivery_id")) ?? throw new RefusedException(Answer.NotFound());

    private static Hook RepositoryHook(Call call) =>
        call.Repository.Hooks.FirstOrDefault(hook => hook.Id == call.Id("hook_id")) ?? throw new RefusedException(Answer.NotFound());
}
