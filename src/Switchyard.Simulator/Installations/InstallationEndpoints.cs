using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Installations;

/// <summary>The App about its installations.</summary>
internal sealed class InstallationEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("GET", "/app/installations", Audience.App, List));
        router.Add(new Route("GET", "/app/installation-requests", Audience.App, call => new(Paging.List(call, world, [.. world.Installations.Requests.Where(request => request.App == call.App)], Json))));
        router.Add(new Route("GET", "/app/installations/{installation_id}", Audience.App, call => new(Answer.Ok(world.Installations.Json(Mine(call))))));
        router.Add(new Route("DELETE", "/app/installations/{installation_id}", Audience.App, call => Act(call, world.Installations.Delete)));
        router.Add(new Route("PUT", "/app/installations/{installation_id}/suspended", Audience.App, call => Act(call, world.Installations.Suspend)));
        router.Add(new Route("DELETE", "/app/installations/{installation_id}/suspended", Audience.App, call => Act(call, world.Installations.Unsuspend)));
        router.Add(new Route("GET", "/repos/{owner}/{repo}/installation", Audience.App, OfRepository));
        router.Add(new Route("GET", "/repositories/{repository_id}/installation", Audience.App, OfRepository));
        router.Add(new Route("GET", "/orgs/{org}/installation", Audience.App, call => OfAccount(call, call["org"], organization: true)));
        router.Add(new Route("GET", "/users/{username}/installation", Audience.App, call => OfAccount(call, call["username"], organization: false)));
    }

    private ValueTask<Answer> List(Call call)
    {
        IEnumerable<Installation> shown = world.Installations.Of(call.App);
        if (DateTimeOffset.TryParse(call.Query("since"), out var since))
        {
            shown = shown.Where(installation => installation.UpdatedAt >= since);
        }

        if (world.Faults.Find("installation.listLag") is { } lag)
        {
            shown = shown.Where(installation => lag.Has("reads")
                ? installation.ListReads++ >= lag.Int("reads", 1)
                : installation.CreatedAt.AddSeconds(lag.Number("seconds", 60)) <= world.Clock.Now);
        }

        return new(Paging.List(call, world, [.. shown], Listed));
    }

    private JsonObject Json(InstallationRequest request) => new()
    {
        ["id"] = request.Id,
        ["node_id"] = Accounts.NodeId("IntegrationInstallationRequest", request.Id),
        ["account"] = world.Accounts.Json(request.Account),
        ["requester"] = world.Accounts.Json(request.Requester),
        ["created_at"] = Wire.Time(request.CreatedAt),
    };

    /// <summary>The list's own schema lacks the client id.</summary>
    private JsonObject Listed(Installation installation)
    {
        var json = world.Installations.Json(installation);
        json.Remove("client_id");
        return json;
    }

    private Installation Mine(Call call) =>
        world.Installations.Find(call.Id("installation_id")) is { } installation && installation.App == call.App
            ? installation
            : throw new RefusedException(Answer.NotFound());

    private ValueTask<Answer> Act(Call call, Action<Installation> act)
    {
        act(Mine(call));
        return new(Answer.NoContent());
    }

    private ValueTask<Answer> OfRepository(Call call)
    {
        var repository = call.Values.ContainsKey("owner") ? world.Repositories.Find(call["owner"], call["repo"]) : world.Repositories.Find(call.Id("repository_id"));
        if (repository is null && call.Values.ContainsKey("owner") && world.Repositories.FindMoved(call["owner"], call["repo"]) is { } moved)
        {
            return new(RepositoryGate.Moved(world, call, moved, "/installation"));
        }

        var installation = repository is null ? null : world.Installations.Of(call.App).FirstOrDefault(candidate => candidate.Has(repository));
        return new(installation is null ? Answer.NotFound() : Answer.Ok(world.Installations.Json(installation)));
    }

    private ValueTask<Answer> OfAccount(Call call, string login, bool organization)
    {
        var account = world.Accounts.Find(login);
        var installation = account is null || account.IsOrganization != organization ? null : world.Installations.Find(call.App, account);
        return new(installation is null ? Answer.NotFound() : Answer.Ok(world.Installations.Json(installation)));
    }
}
