using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Releases: they are told, and their tag is pushed when it is not there yet.</summary>
internal sealed class ReleaseControl(World world)
{
    public void Map(ControlApi.Adder add) => add("POST", "/repositories/{owner}/{repo}/releases", PublishAsync);

    /// <summary><c>{tag, target?, name?, body?, draft?, prerelease?, sender?}</c></summary>
    private async Task<JsonNode?> PublishAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var (repository, tag) = (ControlApi.Repository(world, request), request.Required("tag"));
        var sender = request.Body["sender"]?.ToString() is { } login ? world.Accounts.Ensure(login, organization: false) : world.Developer;
        var target = request.Body["target"]?.ToString() ?? repository.DefaultBranch;
        var draft = request.Body["draft"]?.GetValue<bool>() ?? false;
        var prerelease = request.Body["prerelease"]?.GetValue<bool>() ?? false;
        var reader = new GitReader(world.Git, repository.Folder);
        if (!draft && await reader.FirstAsync(["refs/tags/" + tag], cancellationToken) is null)
        {
            var commit = await reader.ResolveAsync(target, "^{commit}", cancellationToken) ?? throw new ArgumentException($"{repository.FullName} has no commit {target}.");
            await new RefChanges(world).ApplyAsync(repository, sender, () => world.Git.RunAsync(repository.Folder, ["update-ref", "refs/tags/" + tag, commit.Sha], cancellationToken), cancellationToken);
        }

        var release = Json(repository, request.Body, tag, target, sender);
        string[] actions = draft ? ["created"] : ["created", "published", prerelease ? "prereleased" : "released"];
        foreach (var action in actions)
        {
            world.Deliveries.Events.ToAll(repository, "release", action, () =>
            {
                var payload = new JsonObject { ["action"] = action, ["release"] = release.DeepClone() };
                world.Deliveries.Events.AddRepository(payload, repository, sender, push: false);
                return payload;
            });
        }

        return new JsonObject { ["id"] = release["id"]!.DeepClone(), ["tag"] = tag };
    }

    private JsonObject Json(Repository repository, JsonObject body, string tag, string target, Account author)
    {
        var id = world.NextId();
        var api = world.Urls.Api($"/repos/{repository.FullName}");
        var now = Wire.Time(world.Clock.Now);
        var draft = body["draft"]?.GetValue<bool>() ?? false;
        return new JsonObject
        {
            ["url"] = $"{api}/releases/{id}",
            ["assets_url"] = $"{api}/releases/{id}/assets",
            ["upload_url"] = $"{api}/releases/{id}/assets{{?name,label}}",
            ["html_url"] = world.Urls.Web($"/{repository.FullName}/releases/tag/{tag}"),
            ["id"] = id,
            ["node_id"] = Accounts.NodeId("Release", id),
            ["tag_name"] = tag,
            ["target_commitish"] = target,
            ["name"] = body["name"]?.ToString() ?? tag,
            ["draft"] = draft,
            ["author"] = world.Accounts.Json(author),
            ["prerelease"] = body["prerelease"]?.GetValue<bool>() ?? false,
            ["created_at"] = now,
            ["published_at"] = draft ? null : now,
            ["assets"] = new JsonArray(),
            ["tarball_url"] = $"{api}/tarball/{tag}",
            ["zipball_url"] = $"{api}/zipball/{tag}",
            ["body"] = body["body"]?.ToString() ?? "",
        };
    }
}
