using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.People;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Apps without pages, their installations, and personal tokens.</summary>
internal sealed class AppControl(World world)
{
    private const string One = "/installations/{id}";

    public void Map(ControlApi.Adder add)
    {
        add("GET", "/apps", (_, _) => ControlApi.Done(new JsonArray([.. world.Apps.All.Select(Json)])));
        add("POST", "/apps", (request, _) => ControlApi.Done(Create(request)));
        add("POST", "/apps/{app}/keys", (request, _) => ControlApi.Done(new JsonObject { ["pem"] = Find(world, request["app"]).AddKey() }));
        add("DELETE", "/apps/{app}/keys/{number}", (request, _) =>
        {
            var app = Find(world, request["app"]);
            app.Keys = app.Keys.RemoveAt(int.Parse(request["number"], CultureInfo.InvariantCulture) - 1);
            return ControlApi.Done();
        });
        add("PUT", "/apps/{app}/permissions", (request, _) =>
        {
            var app = Find(world, request["app"]);
            app.Permissions = Permissions(request.Body);
            return ControlApi.Done(Json(app));
        });
        add("POST", "/apps/{app}/installations", (request, _) => ControlApi.Done(Json(Install(Find(world, request["app"]), request))));
        add("GET", "/installations", (_, _) => ControlApi.Done(new JsonArray([.. world.Installations.All.Select(Json)])));
        Act(add, "/suspend", (installation, _) => world.Installations.Suspend(installation));
        Act(add, "/unsuspend", (installation, _) => world.Installations.Unsuspend(installation));
        Act(add, "/delete", (installation, _) => world.Installations.Delete(installation));
        Act(add, "/repositories", Change);
        add("POST", One + "/reinstall", (request, _) => ControlApi.Done(Json(world.Installations.Reinstall(Installation(request)))));
        add("POST", "/apps/{app}/requests", (request, _) => ControlApi.Done(Json(world.Installations.Request(
            Find(world, request["app"]), world.Accounts.Ensure(request.Required("account")), world.Accounts.Ensure(request.Required("requester"), organization: false)))));
        add("POST", "/requests/{id}/approve", (request, _) => ControlApi.Done(Json(world.Installations.Decide(request.Call.Id("id"), approve: true)!)));
        add("POST", "/requests/{id}/deny", (request, _) =>
        {
            world.Installations.Decide(request.Call.Id("id"), approve: false);
            return ControlApi.Done();
        });
        add("PUT", "/organizations/{org}/members/{login}", (request, _) =>
        {
            var member = world.Memberships.Set(request["org"], request["login"], request.Body["role"]?.ToString() ?? "member", request.Body["state"]?.ToString() ?? "active", request.Names("teams"));
            return ControlApi.Done(new JsonObject { ["id"] = member.Person.Id, ["login"] = member.Person.Login, ["teams"] = Wire.List(member.Teams) });
        });
        add("DELETE", "/organizations/{org}/members/{login}", (request, _) =>
        {
            world.Memberships.Remove(request["org"], request["login"]);
            return ControlApi.Done();
        });
        add("PUT", "/repositories/{owner}/{repo}/collaborators/{login}", (request, _) =>
        {
            world.Collaborators.Set(ControlApi.Repository(world, request), request["login"], request.Body["permission"]?.ToString() ?? "read");
            return ControlApi.Done(new JsonObject { ["id"] = world.Accounts.Ensure(request["login"], organization: false).Id });
        });
        add("DELETE", "/repositories/{owner}/{repo}/collaborators/{login}", (request, _) =>
        {
            world.Collaborators.Set(ControlApi.Repository(world, request), request["login"], Collaborators.None);
            return ControlApi.Done();
        });
        add("POST", "/tokens", (request, _) => ControlApi.Done(Register(request)));
    }

    /// <summary>By App id or slug.</summary>
    public static App Find(World world, string name) =>
        (long.TryParse(name, CultureInfo.InvariantCulture, out var id) ? world.Apps.Find(id) : world.Apps.FindBySlug(name))
        ?? throw new ArgumentException($"No App has the id or slug '{name}'.");

    private void Act(ControlApi.Adder add, string verb, Action<Installation, ControlRequest> act) => add("POST", One + verb, (request, _) =>
    {
        var installation = Installation(request);
        act(installation, request);
        return ControlApi.Done(Json(installation));
    });

    /// <summary>
    /// <c>{name, webhookUrl?, webhookSecret?, permissions?, events?, owner?, public?, install?: {account, repositories?}}</c>;
    /// without permissions contents:read, without events push and repository. The key is returned once.
    /// </summary>
    private JsonObject Create(ControlRequest request)
    {
        var body = request.Body;
        var name = request.Required("name");
        if (world.Apps.NameTaken(name))
        {
            throw new ArgumentException($"The name '{name}' is in use.");
        }

        var owner = body["owner"]?.ToString() is { } login ? world.Accounts.Ensure(login) : world.Developer;
        var (app, pem) = world.Apps.Add(
            new NewApp(name, world.Urls.Web("/"), body["webhookUrl"]?.ToString())
            {
                WebhookSecret = body["webhookSecret"]?.ToString(),
                SetupUrl = body["setupUrl"]?.ToString(),
                CallbackUrls = [.. request.Names("callbackUrls")],
                Public = body["public"]?.GetValue<bool>() ?? true,
                Permissions = body["permissions"] is JsonObject given ? Permissions(given) : ImmutableSortedDictionary<string, string>.Empty.Add("contents", "read"),
                Events = body["events"] is null ? ["push", "repository", "create", "delete"] : [.. request.Names("events")],
            },
            owner);
        var json = Json(app);
        json["clientSecret"] = app.ClientSecret;
        json["webhookSecret"] = app.Hook.Secret;
        json["pem"] = pem;
        if (body["install"] is JsonObject install)
        {
            json["installation"] = Json(world.Installations.Install(app, world.Accounts.Ensure(install["account"]!.ToString()), Repositories(install["repositories"])));
        }

        return json;
    }

    private Installation Install(App app, ControlRequest request) =>
        world.Installations.Install(app, world.Accounts.Ensure(request.Required("account")), Repositories(request.Body["repositories"]));

    private void Change(Installation installation, ControlRequest request)
    {
        if (request.Names("add").ToArray() is { Length: > 0 } added)
        {
            world.Installations.Add(installation, Repositories(added));
        }

        if (request.Names("remove").ToArray() is { Length: > 0 } removed)
        {
            world.Installations.Remove(installation, Repositories(removed));
        }
    }

    private JsonObject Register(ControlRequest request)
    {
        var token = world.Tokens.Register(new SimulatedToken(
            request.Required("value"),
            request.Required("owner"),
            request.Body["repositories"] is null ? null : [.. request.Names("repositories")],
            request.Body["permissions"] is JsonObject permissions ? Permissions(permissions) : null,
            request.Body["expiresAt"] is { } expires ? DateTimeOffset.Parse(expires.ToString()) : null));
        return new JsonObject { ["owner"] = token.Owner.Login, ["permissions"] = Wire.Map(token.Permissions) };
    }

    private Installation Installation(ControlRequest request) =>
        world.Installations.Find(request.Call.Id("id")) ?? throw new ArgumentException($"There is no installation {request["id"]}.");

    private IReadOnlyList<Repository>? Repositories(JsonNode? names) =>
        names is JsonArray list ? Repositories(list.Select(item => item!.ToString())) : null;

    private IReadOnlyList<Repository> Repositories(IEnumerable<string> names) =>
        [.. names.Select(name => world.Repositories.Find(name) ?? throw new ArgumentException($"No repository is called {name}."))];

    private static ImmutableSortedDictionary<string, string> Permissions(JsonObject json) =>
        json.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal);

    private static JsonObject Json(InstallationRequest request) => new() { ["id"] = request.Id, ["account"] = request.Account.Login, ["requester"] = request.Requester.Login };

    private static JsonObject Json(App app) => new()
    {
        ["id"] = app.Id,
        ["clientId"] = app.ClientId,
        ["slug"] = app.Slug,
        ["name"] = app.Name,
        ["webhookUrl"] = app.Hook.Url,
        ["hookId"] = app.Hook.Id,
        ["permissions"] = Wire.Map(app.Permissions),
        ["events"] = Wire.List(app.Events),
    };

    private JsonObject Json(Installation installation) => new()
    {
        ["id"] = installation.Id,
        ["app"] = installation.App.Id,
        ["account"] = installation.Account.Login,
        ["selection"] = installation.Selection,
        ["suspended"] = installation.SuspendedAt is not null,
        ["deleted"] = installation.Deleted,
        ["repositories"] = Wire.List(world.Repositories.Of(installation).Select(repository => repository.FullName)),
    };
}
