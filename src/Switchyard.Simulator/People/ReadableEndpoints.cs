using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.People;

/// <summary>What a person may read: asked with their own token of an App, or by an App of one repository and person.</summary>
internal sealed class ReadableEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("GET", "/user/installations", Audience.User, call => new(Installations(call))));

        // The description here lacks it; its answer is that of the installation's own list.
        router.Add(new Route("GET", "/user/installations/{installation_id}/repositories", Audience.User, call => new(Repositories(call))) { Operation = "/installation/repositories" });
        RepositoryRoutes.Add(router, "GET", "/collaborators/{username}/permission", "metadata", "read", call => new(Permission(call)));
    }

    private Answer Installations(Call call) => Refusal(call) ?? Paging.List(
        call, world, Seen(call.Caller.Token!), installation =>
        {
            var json = world.Installations.Json(installation);
            json.Remove("client_id");
            return json;
        },
        (items, total) => new JsonObject { ["total_count"] = total, ["installations"] = items });

    private Answer Repositories(Call call) => Refusal(call) ?? (Seen(call.Caller.Token!).FirstOrDefault(installation => installation.Id == call.Id("installation_id")) is not { } found
        ? Answer.NotFound()
        : Paging.List(call, world, world.Collaborators.Of(found, call.Caller.Token!.Owner), world.Repositories.Render.Listed, (items, total) => new JsonObject
        {
            ["total_count"] = total,
            ["repository_selection"] = found.Selection,
            ["repositories"] = items,
        }));

    private Answer Permission(Call call)
    {
        if (world.Accounts.Find(call["username"]) is not { IsOrganization: false } person)
        {
            return Answer.Error(404, $"{call["username"]} is not a user");
        }

        var permission = world.Collaborators.Effective(call.Repository, person);
        var user = world.Accounts.Json(person);
        user["permissions"] = new JsonObject { ["admin"] = permission == "admin", ["push"] = permission is "admin" or "write", ["pull"] = permission != Collaborators.None };
        user["role_name"] = permission;
        return Answer.Ok(new JsonObject { ["permission"] = permission, ["role_name"] = permission, ["user"] = user });
    }

    /// <summary>The installations of the App that the person has something to do with.</summary>
    private List<Installation> Seen(AccessToken token) =>
    [
        .. world.Installations.Of(token.SignedInWith!).Where(installation => installation.SuspendedAt is null
            && (installation.Account.Id == token.Owner.Id
                || world.Memberships.Find(installation.Account.Login, token.Owner.Login) is { State: "active" }
                || world.Collaborators.Of(installation, token.Owner).Count > 0)),
    ];

    private static Answer? Refusal(Call call) => call.Caller.Token is { SignedInWith: not null } ? null
        : Answer.Error(403, "You must authenticate with an access token authorized to a GitHub App in order to list installations");
}
