using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.Repositories;

/// <summary>A repository in the three shapes GitHub has for it.</summary>
internal sealed class RepositoryJson(World world)
{
    private static readonly string[] Collections =
    [
        "forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks", "issue_events:issues/events{/number}", "events",
        "assignees{/user}", "branches{/branch}", "tags", "blobs:git/blobs{/sha}", "git_tags:git/tags{/sha}", "git_refs:git/refs{/sha}",
        "trees:git/trees{/sha}", "statuses:statuses/{sha}", "languages", "stargazers", "contributors", "subscribers", "subscription",
        "commits{/sha}", "git_commits:git/commits{/sha}", "comments{/number}", "issue_comment:issues/comments{/number}",
        "contents:contents/{+path}", "compare:compare/{base}...{head}", "merges", "archive:{archive_format}{/ref}", "downloads",
        "issues{/number}", "pulls{/number}", "milestones{/number}", "notifications{?since,all,participating}", "labels{/name}",
        "releases{/id}", "deployments",
    ];

    private static readonly string[] Counts =
        ["stargazers_count", "watchers_count", "forks_count", "open_issues_count", "forks", "open_issues", "watchers"];

    /// <summary>As in lists: "repository".</summary>
    public JsonObject Listed(Repository repository)
    {
        var json = Common(repository);
        json["has_downloads"] = true;
        return json;
    }

    /// <summary>As part of runs and suites: "minimal repository".</summary>
    public JsonObject Minimal(Repository repository) => Addresses(repository);

    /// <summary>As asked for by name: "full repository".</summary>
    public JsonObject Full(Repository repository)
    {
        var json = Common(repository);
        json["has_downloads"] = true;
        json["network_count"] = 0;
        json["subscribers_count"] = 0;
        json["custom_properties"] = new JsonObject();
        if (repository.Parent is { } parent)
        {
            json["parent"] = Listed(parent);
            json["source"] = Listed(parent);
        }

        if (repository.Owner.IsOrganization)
        {
            json["organization"] = world.Accounts.Json(repository.Owner);
        }

        return json;
    }

    /// <summary>As in payloads; a push writes two times as numbers and names the owner twice.</summary>
    public JsonObject InPayload(Repository repository, bool push = false)
    {
        var json = Common(repository);
        json.Remove("has_discussions");
        json["has_downloads"] = true;
        json["custom_properties"] = new JsonObject();
        if (push)
        {
            json["url"] = world.Urls.Web($"/{repository.FullName}");
            json["created_at"] = repository.CreatedAt.ToUnixTimeSeconds();
            json["pushed_at"] = (repository.PushedAt ?? repository.CreatedAt).ToUnixTimeSeconds();
            json["stargazers"] = 0;
            json["master_branch"] = repository.DefaultBranch;
            var owner = new JsonObject { ["name"] = repository.Owner.Login, ["email"] = Mail(repository.Owner) };
            foreach (var (key, value) in world.Accounts.Json(repository.Owner))
            {
                owner[key] = value?.DeepClone();
            }

            json["owner"] = owner;
        }

        return json;
    }

    /// <summary>The five facts that installation payloads hold.</summary>
    public static JsonObject Brief(Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["node_id"] = Accounts.NodeId("Repository", repository.Id),
        ["name"] = repository.Name,
        ["full_name"] = repository.FullName,
        ["private"] = repository.Private,
    };

    public static string Mail(Account account) => $"{account.Id}+{account.Login}@users.noreply.simulator.test";

    private JsonObject Addresses(Repository repository)
    {
        var api = world.Urls.Api($"/repos/{repository.FullName}");
        var html = world.Urls.Web($"/{repository.FullName}");
        var json = Brief(repository);
        json["owner"] = world.Accounts.Json(repository.Owner);
        json["html_url"] = html;
        json["description"] = repository.Description;
        json["fork"] = repository.Parent is not null;
        json["url"] = api;
        foreach (var collection in Collections)
        {
            var colon = collection.IndexOf(':', StringComparison.Ordinal);
            var path = colon < 0 ? collection : collection[(colon + 1)..];
            var name = colon < 0 ? collection.Split('{')[0] : collection[..colon];
            json[name + "_url"] = $"{api}/{path}";
        }

        return json;
    }

    private JsonObject Common(Repository repository)
    {
        var html = world.Urls.Web($"/{repository.FullName}");
        var json = Addresses(repository);
        json["created_at"] = Wire.Time(repository.CreatedAt);
        json["updated_at"] = Wire.Time(repository.UpdatedAt);
        json["pushed_at"] = Wire.Time(repository.PushedAt ?? repository.CreatedAt);
        json["git_url"] = $"git://{world.Urls.Host}/{repository.FullName}.git";
        json["ssh_url"] = $"git@{world.Urls.Host}:{repository.FullName}.git";
        json["clone_url"] = html + ".git";
        json["svn_url"] = html;
        json["homepage"] = null;
        json["size"] = repository.Size;
        foreach (var count in Counts)
        {
            json[count] = 0;
        }

        json["language"] = null;
        json["has_issues"] = true;
        json["has_projects"] = true;
        json["has_wiki"] = true;
        json["has_pages"] = false;
        json["has_discussions"] = false;
        json["mirror_url"] = null;
        json["archived"] = repository.Archived;
        json["disabled"] = false;
        json["license"] = null;
        json["default_branch"] = repository.DefaultBranch;
        json["is_template"] = false;
        json["topics"] = new JsonArray();
        json["visibility"] = repository.Private ? "private" : "public";
        json["web_commit_signoff_required"] = false;
        return json;
    }
}
