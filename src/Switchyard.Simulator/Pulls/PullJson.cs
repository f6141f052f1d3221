using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>Pull requests in the shapes of lists, of single ones (and payloads), and of checks.</summary>
internal sealed class PullJson(World world)
{
    private static readonly string[] Links = ["self", "html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses"];

    /// <summary>As in lists: "pull request simple".</summary>
    public JsonObject Simple(PullRequest pull)
    {
        var json = Common(pull);
        json["author_association"] = pull.FromFork ? "CONTRIBUTOR" : "MEMBER";
        return json;
    }

    public JsonObject Full(PullRequest pull)
    {
        var json = Simple(pull);
        json["merged"] = pull.MergedAt is not null;
        json["mergeable"] = pull.Open ? true : null;
        json["rebaseable"] = pull.Open ? true : null;
        json["mergeable_state"] = pull.Draft ? "draft" : pull.Open ? "clean" : "unknown";
        json["merged_by"] = pull.MergedBy is { } person ? world.Accounts.Json(person) : null;
        json["comments"] = 0;
        json["review_comments"] = 0;
        json["maintainer_can_modify"] = pull.FromFork;
        json["commits"] = pull.Content.Commits;
        json["additions"] = pull.Content.Files.Sum(file => file.Added);
        json["deletions"] = pull.Content.Files.Sum(file => file.Deleted);
        json["changed_files"] = pull.Content.Files.Count;
        return json;
    }

    /// <summary>Repositories in payloads have a member more than in REST.</summary>
    public JsonObject InPayload(PullRequest pull)
    {
        var json = Full(pull);
        json["head"]!["repo"] = world.Repositories.Render.InPayload(pull.Head);
        json["base"]!["repo"] = world.Repositories.Render.InPayload(pull.Base);
        return json;
    }

    public JsonObject Minimal(PullRequest pull) => new()
    {
        ["id"] = pull.Id,
        ["number"] = pull.Number,
        ["url"] = world.Urls.Api($"/repos/{pull.Base.FullName}/pulls/{pull.Number}"),
        ["head"] = new JsonObject { ["ref"] = pull.HeadBranch, ["sha"] = pull.HeadSha, ["repo"] = Brief(pull.Head) },
        ["base"] = new JsonObject { ["ref"] = pull.BaseBranch, ["sha"] = pull.Content.BaseSha, ["repo"] = Brief(pull.Base) },
    };

    public JsonObject Label(Repository repository, string name)
    {
        // A label has one number wherever it is used.
        var id = (repository.Id * 1000) + (name.Sum(c => c) % 1000);
        return new JsonObject
        {
            ["id"] = id,
            ["node_id"] = Accounts.NodeId("Label", id),
            ["url"] = world.Urls.Api($"/repos/{repository.FullName}/labels/{Uri.EscapeDataString(name)}"),
            ["name"] = name,
            ["color"] = "ededed",
            ["default"] = false,
            ["description"] = "",
        };
    }

    private JsonObject Common(PullRequest pull)
    {
        var api = world.Urls.Api($"/repos/{pull.Base.FullName}");
        var url = $"{api}/pulls/{pull.Number}";
        var html = world.Urls.Web($"/{pull.Base.FullName}/pull/{pull.Number}");
        var issue = $"{api}/issues/{pull.Number}";
        string[] targets = [url, html, issue, issue + "/comments", url + "/comments", $"{api}/pulls/comments{{/number}}", url + "/commits", $"{api}/statuses/{pull.HeadSha}"];
        return new JsonObject
        {
            ["url"] = url,
            ["id"] = pull.Id,
            ["node_id"] = Accounts.NodeId("PullRequest", pull.Id),
            ["html_url"] = html,
            ["diff_url"] = html + ".diff",
            ["patch_url"] = html + ".patch",
            ["issue_url"] = issue,
            ["commits_url"] = targets[6],
            ["review_comments_url"] = targets[4],
            ["review_comment_url"] = targets[5],
            ["comments_url"] = targets[3],
            ["statuses_url"] = targets[7],
            ["number"] = pull.Number,
            ["state"] = pull.Open ? "open" : "closed",
            ["locked"] = false,
            ["title"] = pull.Title,
            ["user"] = world.Accounts.Json(pull.Author),
            ["body"] = pull.Body,
            ["labels"] = new JsonArray([.. pull.Labels.Select(label => Label(pull.Base, label))]),
            ["milestone"] = null,
            ["active_lock_reason"] = null,
            ["created_at"] = Wire.Time(pull.CreatedAt),
            ["updated_at"] = Wire.Time(pull.UpdatedAt),
            ["closed_at"] = Wire.Time(pull.ClosedAt),
            ["merged_at"] = Wire.Time(pull.MergedAt),
            ["merge_commit_sha"] = pull.MergeCommit,
            ["assignee"] = null,
            ["assignees"] = new JsonArray(),
            ["requested_reviewers"] = new JsonArray(),
            ["requested_teams"] = new JsonArray(),
            ["head"] = Side(pull.Head, pull.HeadBranch, pull.HeadSha),
            ["base"] = Side(pull.Base, pull.BaseBranch, pull.Content.BaseSha),
            ["_links"] = new JsonObject(Links.Zip(targets, (name, target) => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["href"] = target }))),
            ["auto_merge"] = null,
            ["draft"] = pull.Draft,
        };
    }

    private JsonObject Side(Repository repository, string branch, string sha) => new()
    {
        ["label"] = $"{repository.Owner.Login}:{branch}",
        ["ref"] = branch,
        ["sha"] = sha,
        ["user"] = world.Accounts.Json(repository.Owner),
        ["repo"] = world.Repositories.Render.Listed(repository),
    };

    private JsonObject Brief(Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["url"] = world.Urls.Api($"/repos/{repository.FullName}"),
        ["name"] = repository.Name,
    };
}
