using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Deliveries;

/// <summary>Turns what happened into payloads, and finds out who is to hear of it.</summary>
internal sealed class EventSource(World world)
{
    /// <summary>Needs no subscription: every App gets these.</summary>
    private static readonly string[] Always = ["installation", "installation_repositories"];

    public void PingApp(App app)
    {
        var hook = app.Hook;
        if (!hook.Active)
        {
            return;
        }

        var json = HookJson(hook);
        json["app_id"] = app.Id;
        Post(hook, "ping", null, new JsonObject { ["zen"] = "Anything added dilutes everything else.", ["hook_id"] = hook.Id, ["hook"] = json });
    }

    public void PingRepositoryHook(Hook hook)
    {
        var payload = new JsonObject { ["zen"] = "Anything added dilutes everything else.", ["hook_id"] = hook.Id, ["hook"] = HookJson(hook) };
        AddRepository(payload, hook.Repository!, world.Developer, push: false);
        Post(hook, "ping", null, payload, repositoryId: hook.Repository!.Id);
    }

    public void Installation(Installation installation, string action, bool withRepositories)
    {
        var payload = new JsonObject { ["action"] = action, ["installation"] = InPayload(installation) };
        if (withRepositories)
        {
            payload["repositories"] = new JsonArray([.. world.Repositories.Of(installation).Select(RepositoryJson.Brief)]);
        }

        payload["requester"] = null;
        payload["sender"] = world.Accounts.Json(world.Developer);
        Post(installation, "installation", action, payload);
    }

    public void InstallationRepositories(Installation installation, IReadOnlyList<Repository> added, IReadOnlyList<Repository> removed)
    {
        if (added.Count > 0)
        {
            Post("added", added, []);
        }

        if (removed.Count > 0)
        {
            Post("removed", [], removed);
        }

        void Post(string action, IReadOnlyList<Repository> addedNow, IReadOnlyList<Repository> removedNow) => this.Post(installation, "installation_repositories", action, new JsonObject
        {
            ["action"] = action,
            ["installation"] = InPayload(installation),
            ["repository_selection"] = installation.Selection,
            ["repositories_added"] = new JsonArray([.. addedNow.Select(RepositoryJson.Brief)]),
            ["repositories_removed"] = new JsonArray([.. removedNow.Select(RepositoryJson.Brief)]),
            ["requester"] = null,
            ["sender"] = world.Accounts.Json(world.Developer),
        });
    }

    public void Repository(Repository repository, string action, JsonObject? changes = null)
    {
        var payload = new JsonObject { ["action"] = action };
        if (changes is not null)
        {
            payload["changes"] = changes;
        }

        AddRepository(payload, repository, world.Developer, push: false);
        ToAll(repository, "repository", action, payload);
    }

    /// <summary>Sends an event on a repository to every App and hook that wants it. The installation is added for each App.</summary>
    public void ToAll(Repository repository, string name, string? action, JsonObject payload) => ToAll(repository, name, action, () => payload);

    /// <summary>The same; the payload is made only when somebody listens. <paramref name="only"/> leaves out all others but one App.</summary>
    public void ToAll(Repository repository, string name, string? action, Func<JsonObject> make, App? only = null)
    {
        JsonObject? payload = null;
        var bytes = (byte[]?)null;
        foreach (var hook in repository.Hooks.Where(hook => only is null && hook.Wants(name)))
        {
            Post(new OutboundEvent(hook, Guid.NewGuid().ToString(), name, action, bytes ??= Wire.Bytes(payload ??= make())) { RepositoryId = repository.Id });
        }

        if (world.Repositories.IsHidden(repository))
        {
            return;
        }

        foreach (var installation in world.Installations.All.Where(installation => (only is null || installation.App == only) && Hears(installation, repository, name)))
        {
            payload ??= make();
            payload["installation"] = new JsonObject { ["id"] = installation.Id, ["node_id"] = Accounts.NodeId("IntegrationInstallation", installation.Id) };
            Post(installation, name, action, payload, repository.Id);
        }

        payload?.Remove("installation");
    }

    /// <summary>Subscribed, and permitted to read what the event is about.</summary>
    private bool Hears(Installation installation, Repository repository, string name) =>
        installation.Events.Contains(name) && installation.Has(repository)
        && (EventPermissions.Of(name) is not { } permission || world.Installations.Granted(installation).ContainsKey(permission));

    public void AddRepository(JsonObject payload, Repository repository, Account sender, bool push)
    {
        payload["repository"] = world.Repositories.Render.InPayload(repository, push);
        if (repository.Owner.IsOrganization)
        {
            payload["organization"] = world.Accounts.OrganizationJson(repository.Owner);
        }

        payload["sender"] = world.Accounts.Json(sender);
    }

    /// <summary>The hook in the shape of REST and of ping payloads.</summary>
    public JsonObject HookJson(Hook hook)
    {
        var config = new JsonObject { ["content_type"] = hook.ContentType, ["insecure_ssl"] = hook.InsecureSsl, ["url"] = hook.Url };
        if (hook.Secret is not null)
        {
            config["secret"] = "********";
        }

        var api = hook.Repository is null ? world.Urls.Api("/app/hook") : world.Urls.Api($"/repos/{hook.Repository.FullName}/hooks/{hook.Id}");
        var json = new JsonObject
        {
            ["type"] = hook.Repository is null ? "App" : "Repository",
            ["id"] = hook.Id,
            ["name"] = "web",
            ["active"] = hook.Active,
            ["events"] = Wire.List(hook.Events),
            ["config"] = config,
            ["updated_at"] = Wire.Time(hook.CreatedAt),
            ["created_at"] = Wire.Time(hook.CreatedAt),
        };
        if (hook.Repository is not null)
        {
            json["url"] = api;
            json["test_url"] = api + "/test";
            json["ping_url"] = api + "/pings";
            json["deliveries_url"] = api + "/deliveries";
            json["last_response"] = new JsonObject { ["code"] = null, ["status"] = "unused", ["message"] = null };
        }
        else
        {
            json["deliveries_url"] = api + "/deliveries";
        }

        return json;
    }

    private JsonObject InPayload(Installation installation)
    {
        var json = world.Installations.Json(installation);
        // In payloads these two are numbers (payloads/installation).
        json["created_at"] = installation.CreatedAt.ToUnixTimeSeconds();
        json["updated_at"] = installation.UpdatedAt.ToUnixTimeSeconds();
        json.Remove("client_id");
        return json;
    }

    /// <summary>A suspended installation hears nothing but of itself.</summary>
    private void Post(Installation installation, string name, string? action, JsonObject payload, long? repositoryId = null)
    {
        var hook = installation.App.Hook;
        if (hook.Active && (Always.Contains(name) || installation.SuspendedAt is null))
        {
            Post(hook, name, action, payload, installation.Id, repositoryId);
        }
    }

    private void Post(Hook hook, string name, string? action, JsonObject payload, long? installationId = null, long? repositoryId = null)
    {
        if (hook.Url.Length > 0)
        {
            Post(new OutboundEvent(hook, Guid.NewGuid().ToString(), name, action, Wire.Bytes(payload)) { InstallationId = installationId, RepositoryId = repositoryId });
        }
    }

    private void Post(OutboundEvent outbound) => world.Deliveries.Post(outbound);
}
