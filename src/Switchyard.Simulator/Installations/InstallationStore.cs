using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Installations;

/// <summary>Installations, and what their owners do to them; each act tells the App by a delivery.</summary>
internal sealed class InstallationStore(World world)
{
    private readonly ConcurrentDictionary<long, Installation> byId = new();

    private readonly ConcurrentDictionary<long, InstallationRequest> requests = new();

    public IReadOnlyList<Installation> All => [.. byId.Values.OrderBy(installation => installation.Id)];

    public IReadOnlyList<Installation> Of(App app) => [.. All.Where(installation => installation.App == app && !installation.Deleted)];

    public Installation? Find(long id) => byId.TryGetValue(id, out var found) && !found.Deleted ? found : null;

    public Installation? Find(App app, Account account) => Of(app).FirstOrDefault(installation => installation.Account.Id == account.Id);

    /// <summary>No list of repositories means all, now and later.</summary>
    public Installation Install(App app, Account account, IReadOnlyCollection<Repository>? repositories)
    {
        if (Find(app, account) is { } present)
        {
            Select(present, repositories);
            return present;
        }

        var now = world.Clock.Now;
        var installation = new Installation
        {
            Id = world.NextId(),
            App = app,
            Account = account,
            CreatedAt = now,
            UpdatedAt = now,
            AllRepositories = repositories is null,
            Selected = repositories is null ? [] : [.. repositories.Select(repository => repository.Id)],
            Permissions = app.Permissions,
            Events = app.Events,
        };
        byId[installation.Id] = installation;
        world.Deliveries.Events.Installation(installation, "created", withRepositories: true);
        return installation;
    }

    /// <summary>What members asked their owners for and nobody has decided.</summary>
    public IReadOnlyList<InstallationRequest> Requests => [.. requests.Values.OrderBy(request => request.Id)];

    /// <summary>A member, who may not install, asks the owners. The App hears nothing of it.</summary>
    public InstallationRequest Request(App app, Account account, Account requester)
    {
        var request = new InstallationRequest(world.NextId(), app, account, requester, world.Clock.Now);
        requests[request.Id] = request;
        return request;
    }

    /// <summary>An owner installs the App as asked, or declines.</summary>
    public Installation? Decide(long id, bool approve) => !requests.TryRemove(id, out var request) ? throw new ArgumentException($"There is no request {id}.")
        : approve ? Install(request.App, request.Account, null) : null;

    /// <summary>Changes the selection; the difference goes out as installation_repositories.</summary>
    public void Select(Installation installation, IReadOnlyCollection<Repository>? repositories)
    {
        var before = world.Repositories.Of(installation);
        installation.AllRepositories = repositories is null;
        installation.Selected = repositories is null ? [] : [.. repositories.Select(repository => repository.Id)];
        installation.UpdatedAt = world.Clock.Now;
        var after = world.Repositories.Of(installation);
        world.Deliveries.Events.InstallationRepositories(installation, [.. after.Except(before)], [.. before.Except(after)]);
    }

    public void Add(Installation installation, IReadOnlyCollection<Repository> repositories) =>
        Select(installation, [.. world.Repositories.Of(installation).Union(repositories)]);

    public void Remove(Installation installation, IReadOnlyCollection<Repository> repositories) =>
        Select(installation, [.. world.Repositories.Of(installation).Except(repositories)]);

    public void Suspend(Installation installation)
    {
        if (installation.SuspendedAt is null)
        {
            installation.SuspendedAt = installation.UpdatedAt = world.Clock.Now;
            world.Deliveries.Events.Installation(installation, "suspend", withRepositories: true);
        }
    }

    public void Unsuspend(Installation installation)
    {
        if (installation.SuspendedAt is not null)
        {
            installation.SuspendedAt = null;
            installation.UpdatedAt = world.Clock.Now;
            world.Deliveries.Events.Installation(installation, "unsuspend", withRepositories: true);
        }
    }

    public void Delete(Installation installation)
    {
        world.Deliveries.Events.Installation(installation, "deleted", withRepositories: true);
        installation.Deleted = true;
    }

    /// <summary>Deletes it and installs the App anew with the same selection: a new id.</summary>
    public Installation Reinstall(Installation installation)
    {
        var selected = installation.AllRepositories ? null : world.Repositories.Of(installation);
        Delete(installation);
        return Install(installation.App, installation.Account, selected);
    }

    /// <summary>The grant in force: what the owner approved, less what a switch withholds.</summary>
    public ImmutableSortedDictionary<string, string> Granted(Installation installation) =>
        world.Faults.Find("permissions.withhold")?.Text("name") is { } withheld ? installation.Permissions.Remove(withheld) : installation.Permissions;

    public JsonObject Json(Installation installation)
    {
        var organization = installation.Account.IsOrganization;
        var settings = organization ? $"/organizations/{installation.Account.Login}/settings/installations" : "/settings/installations";
        return new JsonObject
        {
            ["id"] = installation.Id,
            ["account"] = world.Accounts.Json(installation.Account),
            ["repository_selection"] = installation.Selection,
            ["access_tokens_url"] = world.Urls.Api($"/app/installations/{installation.Id}/access_tokens"),
            ["repositories_url"] = world.Urls.Api("/installation/repositories"),
            ["html_url"] = world.Urls.Web($"{settings}/{installation.Id}"),
            ["app_id"] = installation.App.Id,
            ["client_id"] = installation.App.ClientId,
            ["app_slug"] = installation.App.Slug,
            ["target_id"] = installation.Account.Id,
            ["target_type"] = installation.Account.Type,
            ["permissions"] = Wire.Map(Granted(installation)),
            ["events"] = Wire.List(installation.Events),
            ["created_at"] = Wire.Time(installation.CreatedAt),
            ["updated_at"] = Wire.Time(installation.UpdatedAt),
            ["single_file_name"] = null,
            ["has_multiple_single_files"] = false,
            ["single_file_paths"] = new JsonArray(),
            ["suspended_by"] = installation.SuspendedAt is null ? null : world.Accounts.Json(world.Developer),
            ["suspended_at"] = Wire.Time(installation.SuspendedAt),
        };
    }
}
