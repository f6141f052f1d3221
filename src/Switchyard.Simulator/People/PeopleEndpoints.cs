using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.People;

/// <summary>Who a token stands for, and who belongs to what. Membership needs the App's <c>members: read</c>.</summary>
internal sealed class PeopleEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("GET", "/user", Audience.User, call => new(Answer.Ok(Json(call.Caller.Token!.Owner)))));
        router.Add(new Route("GET", "/user/{account_id}", Audience.Anyone, call =>
            new(world.Accounts.All.FirstOrDefault(account => account.Id == call.Id("account_id")) is { } account ? Answer.Ok(Json(account)) : Answer.NotFound())));
        router.Add(new Route("GET", "/orgs/{org}/memberships/{username}", Audience.Anyone, call => new(OfOrganization(call))));
        router.Add(new Route("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}", Audience.Anyone, call => new(OfTeam(call))));
    }

    private Answer OfOrganization(Call call) => Refusal(call) ?? (world.Memberships.Find(call["org"], call["username"]) is not { } found ? Answer.NotFound() : Answer.Ok(new JsonObject
    {
        ["url"] = world.Urls.Api($"/orgs/{found.Organization.Login}/memberships/{found.Person.Login}"),
        ["state"] = found.State,
        ["role"] = found.Role,
        ["organization_url"] = world.Urls.Api($"/orgs/{found.Organization.Login}"),
        ["organization"] = world.Accounts.OrganizationJson(found.Organization),
        ["user"] = world.Accounts.Json(found.Person),
    }));

    private Answer OfTeam(Call call) => Refusal(call) ?? (world.Memberships.Find(call["org"], call["username"]) is not { } found || !found.Teams.Contains(call["team_slug"])
        ? Answer.NotFound()
        : Answer.Ok(new JsonObject
        {
            ["url"] = world.Urls.Api($"/orgs/{found.Organization.Login}/teams/{call["team_slug"]}/memberships/{found.Person.Login}"),
            ["state"] = found.State,
            ["role"] = found.Role == "admin" ? "maintainer" : "member",
        }));

    /// <summary>An installation of another account sees nothing here; one without the permission is told so.</summary>
    private Answer? Refusal(Call call) => call.Caller.Token is not { } token ? Answer.Error(401, "Requires authentication")
        : token.Installation is { } installation && !string.Equals(installation.Account.Login, call["org"], StringComparison.OrdinalIgnoreCase) ? Answer.NotFound()
        : TokenStore.Permits(world.Tokens.Level(token, "members"), "read") ? null
        : Answer.Error(403, token.Installation is null ? "You must be a member of the organization" : "Resource not accessible by integration").With("x-accepted-github-permissions", "members=read");

    private JsonObject Json(Account account)
    {
        var json = world.Accounts.Json(account);
        foreach (var name in (ReadOnlySpan<string>)["name", "company", "location", "email", "hireable", "bio"])
        {
            json[name] = null;
        }

        json["blog"] = "";
        foreach (var name in (ReadOnlySpan<string>)["public_repos", "public_gists", "followers", "following"])
        {
            json[name] = 0;
        }

        json["created_at"] = Wire.Time(DateTimeOffset.UnixEpoch);
        json["updated_at"] = Wire.Time(DateTimeOffset.UnixEpoch);
        return json;
    }
}
