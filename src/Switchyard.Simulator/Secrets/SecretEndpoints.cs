using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Secrets;

/// <summary>Secrets of repositories, environments and organisations: the public key, set, look at, delete. The value is opened, never told.</summary>
internal sealed class SecretEndpoints(World world)
{
    private const string Environment = "/environments/{environment_name}/secrets";
    private const string Organization = "/orgs/{org}/actions/secrets";

    public void Map(Router router)
    {
        OnRepository(router, "/actions/secrets", "secrets", call => SecretScope.Of(call.Repository));
        OnRepository(router, Environment, "environments", call => call.Repository.Environments.Contains(call["environment_name"], StringComparer.OrdinalIgnoreCase)
            ? SecretScope.Of(call.Repository, call["environment_name"])
            : throw new RefusedException(Answer.NotFound()));
        OnOrganization(router, "GET", "", List);
        OnOrganization(router, "GET", "/public-key", PublicKey);
        OnOrganization(router, "GET", "/{secret_name}", Get);
        OnOrganization(router, "PUT", "/{secret_name}", Put);
        OnOrganization(router, "DELETE", "/{secret_name}", Delete);
    }

    private void OnRepository(Router router, string path, string permission, Func<Call, SecretScope> scope)
    {
        RepositoryRoutes.Add(router, "GET", path, permission, "read", call => new(List(call, scope(call))));
        RepositoryRoutes.Add(router, "GET", path + "/public-key", permission, "read", call => new(PublicKey(call, scope(call))));
        RepositoryRoutes.Add(router, "GET", path + "/{secret_name}", permission, "read", call => new(Get(call, scope(call))));
        RepositoryRoutes.Add(router, "PUT", path + "/{secret_name}", permission, "write", call => new(Put(call, scope(call))));
        RepositoryRoutes.Add(router, "DELETE", path + "/{secret_name}", permission, "write", call => new(Delete(call, scope(call))));
    }

    private void OnOrganization(Router router, string method, string path, Func<Call, SecretScope, Answer> handler)
    {
        var level = method == "GET" ? "read" : "write";
        router.Add(new Route(method, Organization + path, Audience.Anyone, call => new(handler(call, OpenOrganization(call, level)))) { Permission = "organization_secrets", Level = level });
    }

    private SecretScope OpenOrganization(Call call, string level)
    {
        var token = call.Caller.Token ?? throw new RefusedException(Answer.Error(401, "Requires authentication"));
        if (world.Accounts.Find(call["org"]) is not { IsOrganization: true } organization || organization.Id != token.Owner.Id)
        {
            throw new RefusedException(Answer.NotFound());
        }

        return TokenStore.Permits(world.Tokens.Level(token, "organization_secrets"), level)
            ? SecretScope.Of(organization)
            : throw new RefusedException(Answer.Error(403, token.Installation is null ? "Resource not accessible by personal access token" : "Resource not accessible by integration"));
    }

    private Answer PublicKey(Call call, SecretScope scope)
    {
        if (Sodium.Missing is { } missing)
        {
            return Answer.Error(503, missing);
        }

        var box = world.Secrets.Of(scope);
        return Answer.Ok(new JsonObject { ["key_id"] = box.KeyId, ["key"] = Convert.ToBase64String(box.PublicKey) });
    }

    private Answer Get(Call call, SecretScope scope)
    {
        if (!world.Secrets.Of(scope).Secrets.TryGetValue(call["secret_name"], out var secret))
        {
            return Answer.NotFound();
        }

        return Answer.Ok(Json(secret));
    }

    private Answer List(Call call, SecretScope scope) => Paging.List(
        call,
        world,
        [.. world.Secrets.Of(scope).Secrets.Values.OrderBy(secret => secret.Name, StringComparer.Ordinal)],
        Json,
        (items, total) => new JsonObject { ["total_count"] = total, ["secrets"] = items });

    private static JsonObject Json(Secret secret)
    {
        var json = new JsonObject { ["name"] = secret.Name, ["created_at"] = Wire.Time(secret.CreatedAt), ["updated_at"] = Wire.Time(secret.UpdatedAt) };
        if (secret.Visibility is { } visibility)
        {
            json["visibility"] = visibility;
        }

        return json;
    }

    private Answer Put(Call call, SecretScope scope)
    {
        var (body, box, name) = (call.Json, world.Secrets.Of(scope), call["secret_name"].ToUpperInvariant());
        var visibility = body["visibility"]?.ToString();
        if (Sodium.Missing is { } missing)
        {
            return Answer.Error(503, missing);
        }

        if (SecretStore.WrongName(name, "Secret") is { } wrong)
        {
            return Answer.Invalid(wrong);
        }

        if (scope.Kind == "organization" && visibility is not ("all" or "private" or "selected"))
        {
            return Answer.Invalid("Invalid request.\n\n\"visibility\" wasn't supplied.");
        }

        if (body["key_id"]?.ToString() != box.KeyId)
        {
            return Answer.Invalid("The key_id does not match the current public key. Get it again, and seal the value for it.");
        }

        if (!TryDecode(body["encrypted_value"]?.ToString(), out var bytes) || box.Open(bytes) is not { } value)
        {
            return Answer.Invalid("Improperly encrypted secret");
        }

        if (value.Length > SecretStore.MostBytes)
        {
            return Answer.Invalid("Secret value is too large: at most 48 KB are allowed.");
        }

        var now = world.Clock.Now;
        var made = new Secret(name, value, now, now) { Visibility = visibility, Repositories = [.. (body["selected_repository_ids"] as JsonArray ?? []).Select(id => id!.GetValue<long>())] };
        var stored = box.Secrets.AddOrUpdate(name, made, (_, old) => made with { CreatedAt = old.CreatedAt, Writes = old.Writes + 1 });
        Effect(call, scope, name, "set");
        return stored.Writes == 1 ? Answer.Ok(new JsonObject(), 201) : Answer.NoContent();
    }

    private Answer Delete(Call call, SecretScope scope)
    {
        if (!world.Secrets.Of(scope).Secrets.TryRemove(call["secret_name"], out var gone))
        {
            return Answer.NotFound();
        }

        Effect(call, scope, gone.Name, "deleted");
        return Answer.NoContent();
    }

    private void Effect(Call call, SecretScope scope, string name, string act) => world.Effects.Add("secret", scope.Kind == "organization" ? null : call.Repository, new JsonObject
    {
        ["scope"] = scope.Kind,
        ["organization"] = scope.Kind == "organization" ? scope.Name : null,
        ["environment"] = scope.Environment,
        ["name"] = name,
        ["act"] = act,
        ["actor"] = world.Accounts.Of(call.Caller).Login,
    });

    private static bool TryDecode(string? base64, out byte[] bytes)
    {
        bytes = new byte[base64?.Length ?? 0];
        var decoded = Convert.TryFromBase64String(base64 ?? "", bytes, out var length);
        bytes = bytes[..length];
        return decoded && length > 0;
    }
}
