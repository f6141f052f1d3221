using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Actions;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Deliveries;

/// <summary>
/// Pushes as payloads, with GitHub's caps: 2,048 commits, 3,000 files a commit, nothing for more than 3 tags
/// or more than 5,000 branches in one push (docs: webhook events and payloads, push).
/// </summary>
internal sealed class PushEvents(World world)
{
    private readonly RunTriggers triggers = new(world);
    private readonly CheckTriggers checks = new(world);

    public async Task TellAsync(Repository repository, Account pusher, IReadOnlyList<RefUpdate> updates)
    {
        var suppress = world.Faults.Find("push.suppress");
        var tags = updates.Where(update => update.IsTag).ToArray();
        var branches = updates.Where(update => update.Ref.StartsWith("refs/heads/", StringComparison.Ordinal)).ToArray();
        var told = new List<RefUpdate>();
        if (branches.Length < (suppress?.Int("branches", 5001) ?? 5001))
        {
            told.AddRange(branches);
        }

        if (tags.Length < (suppress?.Int("tags", 4) ?? 4))
        {
            told.AddRange(tags);
        }

        foreach (var update in told)
        {
            world.Deliveries.Events.ToAll(repository, "push", null, await PushAsync(repository, pusher, update));
            if (update.Created || update.Deleted)
            {
                world.Deliveries.Events.ToAll(repository, update.Created ? "create" : "delete", null, CreateOrDelete(repository, pusher, update));
            }

            await checks.PushedAsync(repository, pusher, update);
            await triggers.PushedAsync(repository, pusher, update);
        }
    }

    private async Task<JsonObject> PushAsync(Repository repository, Account pusher, RefUpdate update)
    {
        var reader = new GitReader(world.Git, repository.Folder);
        var cap = world.Faults.Find("push.cap");
        var forced = !update.Created && !update.Deleted && !update.IsTag
            && await reader.MergeBaseAsync(update.Before, update.After, CancellationToken.None) != update.Before;
        var commits = await CommitsAsync(repository, update, cap?.Int("commits", 2048) ?? 2048, cap?.Int("files", 3000) ?? 3000);
        JsonObject? head = null;
        if (!update.Deleted && await reader.FirstAsync([update.After + "^{commit}"], CancellationToken.None) is { } tip)
        {
            head = (JsonObject?)commits.FirstOrDefault(commit => commit["id"]!.ToString() == tip.Sha)?.DeepClone()
                ?? (await ReadAsync(repository, ["--max-count=1", tip.Sha], 3000))[0];
        }

        var payload = new JsonObject
        {
            ["ref"] = update.Ref,
            ["before"] = update.Before,
            ["after"] = update.After,
        };
        world.Deliveries.Events.AddRepository(payload, repository, pusher, push: true);
        payload["pusher"] = new JsonObject { ["name"] = pusher.Login, ["email"] = RepositoryJson.Mail(pusher) };
        payload["created"] = update.Created;
        payload["deleted"] = update.Deleted;
        payload["forced"] = forced;
        payload["base_ref"] = await BaseRefAsync(reader, update);
        payload["compare"] = world.Urls.Web($"/{repository.FullName}/compare/{update.Before[..12]}...{update.After[..12]}");
        payload["commits"] = new JsonArray([.. commits]);
        payload["head_commit"] = head;
        return payload;
    }

    private JsonObject CreateOrDelete(Repository repository, Account pusher, RefUpdate update)
    {
        var payload = new JsonObject { ["ref"] = update.ShortName, ["ref_type"] = update.IsTag ? "tag" : "branch" };
        if (update.Created)
        {
            payload["master_branch"] = repository.DefaultBranch;
            payload["description"] = repository.Description;
        }

        payload["pusher_type"] = "user";
        world.Deliveries.Events.AddRepository(payload, repository, pusher, push: false);
        return payload;
    }

    /// <summary>For a new tag or branch: the branch that already has this commit.</summary>
    private static async Task<string?> BaseRefAsync(GitReader reader, RefUpdate update) =>
        !update.Created
            ? null
            : (await reader.RefsAsync("refs/heads/", CancellationToken.None))
                .FirstOrDefault(branch => branch.Name != update.Ref && branch.Sha == update.After)?.Name;

    private async Task<IReadOnlyList<JsonObject>> CommitsAsync(Repository repository, RefUpdate update, int most, int files)
    {
        if (update.Deleted || update.IsTag || most == 0)
        {
            return [];
        }

        string[] range = update.Created
            ? [update.After, "--not", $"--exclude={update.Ref}", "--branches"]
            : [$"{update.Before}..{update.After}"];
        return await ReadAsync(repository, [$"--max-count={most}", .. range], files);
    }

    /// <summary>Oldest first, with the files of each against its first parent.</summary>
    private async Task<List<JsonObject>> ReadAsync(Repository repository, IEnumerable<string> revisions, int mostFiles)
    {
        const string Format = "--format=%x01%H%x00%T%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00";
        var output = await world.Git.RunAsync(
            repository.Folder,
            ["log", "-z", "--reverse", "--name-status", "--no-renames", "--diff-merges=first-parent", "--root", Format, .. revisions, "--"],
            CancellationToken.None);
        var tokens = Encoding.UTF8.GetString(output).Split('\0');
        var commits = new List<JsonObject>();
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i].TrimStart('\n');
            if (token.StartsWith('\u0001'))
            {
                commits.Add(Commit(repository, [token[1..], .. tokens[(i + 1)..(i + 9)]]));
                i += 8;
            }
            else if (token.Length == 1 && i + 1 < tokens.Length)
            {
                var list = commits[^1][token switch { "A" => "added", "D" => "removed", _ => "modified" }]!.AsArray();
                i++;
                if (Files(commits[^1]) < mostFiles)
                {
                    list.Add(tokens[i]);
                }
            }
        }

        return commits;
    }

    private static int Files(JsonObject commit) =>
        commit["added"]!.AsArray().Count + commit["removed"]!.AsArray().Count + commit["modified"]!.AsArray().Count;

    private JsonObject Commit(Repository repository, string[] fields) => new()
    {
        ["id"] = fields[0],
        ["tree_id"] = fields[1],
        ["distinct"] = true,
        ["message"] = fields[8].TrimEnd('\n'),
        ["timestamp"] = fields[7],
        ["url"] = world.Urls.Web($"/{repository.FullName}/commit/{fields[0]}"),
        ["author"] = new JsonObject { ["name"] = fields[2], ["email"] = fields[3] },
        ["committer"] = new JsonObject { ["name"] = fields[5], ["email"] = fields[6] },
        ["added"] = new JsonArray(),
        ["removed"] = new JsonArray(),
        ["modified"] = new JsonArray(),
    };
}
