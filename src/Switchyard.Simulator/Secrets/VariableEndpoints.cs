using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Secrets;

/// <summary>Variables of a repository's Actions.</summary>
internal sealed class VariableEndpoints(World world)
{
    private const string Permission = "actions_variables";

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "POST", "/actions/variables", Permission, "write", call => new(Create(call)));
        RepositoryRoutes.Add(router, "PATCH", "/actions/variables/{name}", Permission, "write", call => new(Update(call)));
        RepositoryRoutes.Add(router, "GET", "/actions/variables/{name}", Permission, "read", call => new(Get(call)));
    }

    private Answer Create(Call call)
    {
        if (call.Json["name"]?.ToString() is not { } given || call.Json["value"]?.ToString() is not { } value)
        {
            return Answer.Invalid($"Invalid request.\n\n\"{(call.Json["name"] is null ? "name" : "value")}\" wasn't supplied.");
        }

        if (SecretStore.WrongName(given, "Variable") is { } wrong)
        {
            return Answer.Invalid(wrong);
        }

        var name = given.ToUpperInvariant();
        var now = world.Clock.Now;
        if (!world.Secrets.Variables.TryAdd((call.Repository.Id, name), new Variable(name, value, now, now)))
        {
            return Answer.Error(409, "Already exists - Variable already exists");
        }

        Effect(call, name, value);
        return Answer.Ok(new JsonObject(), 201);
    }

    private Answer Update(Call call)
    {
        var key = Key(call);
        if (!world.Secrets.Variables.TryRemove(key, out var old))
        {
            return Answer.NotFound();
        }

        var name = call.Json["name"]?.ToString().ToUpperInvariant() ?? old.Name;
        var value = call.Json["value"]?.ToString() ?? old.Value;
        world.Secrets.Variables[(key.Repository, name)] = old with { Name = name, Value = value, UpdatedAt = world.Clock.Now };
        Effect(call, name, value);
        return Answer.NoContent();
    }

    private Answer Get(Call call) => world.Secrets.Variables.TryGetValue(Key(call), out var found)
        ? Answer.Ok(new JsonObject { ["name"] = found.Name, ["value"] = found.Value, ["created_at"] = Wire.Time(found.CreatedAt), ["updated_at"] = Wire.Time(found.UpdatedAt) })
        : Answer.NotFound();

    private static (long Repository, string Name) Key(Call call) => (call.Repository.Id, call["name"].ToUpperInvariant());

    private void Effect(Call call, string name, string value) =>
        world.Effects.Add("variable", call.Repository, new JsonObject { ["name"] = name, ["value"] = value, ["actor"] = world.Accounts.Of(call.Caller).Login });
}
