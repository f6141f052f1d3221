using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>What belongs to no App and no repository: limits, addresses, the person.</summary>
internal sealed class MetaEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("GET", "/rate_limit", Audience.Anyone, RateLimit));
        router.Add(new Route("GET", "/meta", Audience.Anyone, _ => new(Answer.Ok(new JsonObject
        {
            ["verifiable_password_authentication"] = false,
            ["hooks"] = Wire.List(["127.0.0.1/32"]),
            ["web"] = Wire.List(["127.0.0.1/32"]),
            ["api"] = Wire.List(["127.0.0.1/32"]),
            ["git"] = Wire.List(["127.0.0.1/32"]),
        }))));
        router.Add(new Route("GET", "/user", Audience.User, User));
    }

    private ValueTask<Answer> RateLimit(Call call)
    {
        var resources = new JsonObject();
        foreach (var resource in new[] { "core", "search", "graphql", "integration_manifest" })
        {
            resources[resource] = Json(world.Limits.Of(call.Caller, resource));
        }

        var body = new JsonObject { ["resources"] = resources };
        if (string.CompareOrdinal(call.ApiVersion, "2026-03-10") < 0)
        {
            body["rate"] = Json(world.Limits.Of(call.Caller, "core"));
        }

        return new(Answer.Ok(body));
    }

    private ValueTask<Answer> User(Call call)
    {
        var owner = call.Caller.Token!.Owner;
        var user = world.Accounts.Json(owner with { IsOrganization = false });
        foreach (var name in new[] { "name", "company", "location", "email", "hireable", "bio" })
        {
            user[name] = null;
        }

        user["blog"] = "";
        foreach (var name in new[] { "public_repos", "public_gists", "followers", "following" })
        {
            user[name] = 0;
        }

        user["created_at"] = "2020-01-01T00:00:00Z";
        user["updated_at"] = "2020-01-01T00:00:00Z";
        return new(Answer.Ok(user));
    }

    private static JsonObject Json(RateLimits.Bucket bucket) => new()
    {
        ["limit"] = bucket.Limit,
        ["used"] = bucket.Used,
        ["remaining"] = bucket.Remaining,
        ["reset"] = bucket.Reset.ToUnixTimeSeconds(),
    };
}
