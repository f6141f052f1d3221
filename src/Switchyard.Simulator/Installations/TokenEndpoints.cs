using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Installations;

/// <summary>Mints installation tokens, and serves what an installation token may ask about itself.</summary>
internal sealed class TokenEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("POST", "/app/installations/{installation_id}/access_tokens", Audience.App, Mint));
        router.Add(new Route("GET", "/installation/repositories", Audience.Installation, Repositories) { Permission = "metadata" });
        router.Add(new Route("DELETE", "/installation/token", Audience.Installation, Revoke));
        router.Add(new Route("GET", "/user/repos", Audience.User, UserRepositories));
    }

    private ValueTask<Answer> Mint(Call call)
    {
        var installation = world.Installations.Find(call.Id("installation_id"));
        if (installation is null || installation.App != call.App)
        {
            return new(Answer.NotFound());
        }

        if (installation.SuspendedAt is not null)
        {
            return new(Answer.Error(403, "This installation has been suspended"));
        }

        var chosen = Chosen(call.Json, installation);
        var permissions = Permissions(call.Json, installation);
        bool? stateless = call.Http.Request.Headers["X-GitHub-Stateless-S2S-Token"].ToString() switch { "enabled" => true, "disabled" => false, _ => null };
        var token = world.Tokens.Mint(installation, chosen is null ? null : [.. chosen.Select(repository => repository.Id)], permissions, stateless);

        var body = new JsonObject
        {
            ["token"] = token.Value,
            ["expires_at"] = Wire.Time(token.ExpiresAt),
            ["permissions"] = Wire.Map(permissions),
            ["repository_selection"] = chosen is null ? installation.Selection : "selected",
        };
        if (chosen is not null)
        {
            body["repositories"] = new JsonArray([.. chosen.Select(repository => world.Repositories.Render.Listed(repository))]);
        }

        return new(Answer.Ok(body, 201));
    }

    private IReadOnlyList<Repository>? Chosen(JsonObject body, Installation installation)
    {
        var names = (body["repositories"] as JsonArray)?.Select(name => name!.ToString()).ToArray();
        var ids = (body["repository_ids"] as JsonArray)?.Select(id => id!.GetValue<long>()).ToArray();
        if (names is null && ids is null)
        {
            return null;
        }

        if ((names?.Length ?? 0) + (ids?.Length ?? 0) > 500)
        {
            throw new RefusedException(Answer.Invalid("Too many repositories requested: at most 500 are allowed."));
        }

        var visible = world.Repositories.Of(installation);
        var found = (names ?? []).Select(name => visible.FirstOrDefault(repository => string.Equals(repository.Name, name, StringComparison.OrdinalIgnoreCase)))
            .Concat((ids ?? []).Select(id => visible.FirstOrDefault(repository => repository.Id == id)))
            .ToArray();
        return found.Contains(null)
            ? throw new RefusedException(Answer.Invalid("There is at least one repository that does not exist or is not accessible to the parent installation."))
            : [.. found.Distinct().Select(repository => repository!)];
    }

    private ImmutableSortedDictionary<string, string> Permissions(JsonObject body, Installation installation)
    {
        var granted = world.Installations.Granted(installation);
        if (body["permissions"] is not JsonObject wanted || wanted.Count == 0)
        {
            return granted;
        }

        var permissions = wanted.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal);
        return permissions.All(pair => TokenStore.Permits(granted.GetValueOrDefault(pair.Key), pair.Value))
            ? permissions.SetItem("metadata", "read")
            : throw new RefusedException(Answer.Invalid("The permissions requested are not granted to this installation."));
    }

    private ValueTask<Answer> Repositories(Call call)
    {
        var token = call.Caller.Token!;
        var shown = world.Repositories.Of(token.Installation!).Where(token.Sees).ToArray();
        return new(Paging.List(call, world, shown, world.Repositories.Render.Listed, (items, total) => new JsonObject
        {
            ["total_count"] = total,
            ["repository_selection"] = token.RepositoryIds is null ? token.Installation!.Selection : "selected",
            ["repositories"] = items,
        }));
    }

    private ValueTask<Answer> Revoke(Call call)
    {
        call.Caller.Token!.Revoked = true;
        return new(Answer.NoContent());
    }

    private ValueTask<Answer> UserRepositories(Call call)
    {
        var token = call.Caller.Token!;
        return new(Paging.List(call, world, [.. world.Repositories.All.Where(repository => token.Sees(repository) && !world.Repositories.IsHidden(repository))], world.Repositories.Render.Listed));
    }
}
