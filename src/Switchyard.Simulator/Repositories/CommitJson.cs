using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;

namespace Switchyard.Simulator.Repositories;

/// <summary>Commits and their files in REST shape. Patches are left out, as GitHub does for large or binary files.</summary>
internal sealed class CommitJson(World world)
{
    public JsonObject Full(Repository repository, GitCommit commit)
    {
        var api = world.Urls.Api($"/repos/{repository.FullName}");
        var html = world.Urls.Web($"/{repository.FullName}");
        return new JsonObject
        {
            ["sha"] = commit.Sha,
            ["node_id"] = Accounts.NodeId("Commit", repository.Id),
            ["commit"] = new JsonObject
            {
                ["author"] = Person(commit.Author),
                ["committer"] = Person(commit.Committer),
                ["message"] = commit.Message,
                ["tree"] = new JsonObject { ["sha"] = commit.Tree, ["url"] = $"{api}/git/trees/{commit.Tree}" },
                ["url"] = $"{api}/git/commits/{commit.Sha}",
                ["comment_count"] = 0,
                ["verification"] = new JsonObject { ["verified"] = false, ["reason"] = "unsigned", ["signature"] = null, ["payload"] = null, ["verified_at"] = null },
            },
            ["url"] = $"{api}/commits/{commit.Sha}",
            ["html_url"] = $"{html}/commit/{commit.Sha}",
            ["comments_url"] = $"{api}/commits/{commit.Sha}/comments",
            // Authors of git are matched to accounts by mail address; none of ours match.
            ["author"] = null,
            ["committer"] = null,
            ["parents"] = new JsonArray([.. commit.Parents.Select(parent => new JsonObject
            {
                ["sha"] = parent,
                ["url"] = $"{api}/commits/{parent}",
                ["html_url"] = $"{html}/commit/{parent}",
            })]),
        };
    }

    public JsonObject File(Repository repository, string commit, GitChange change)
    {
        var path = string.Join('/', change.Path.Split('/').Select(Uri.EscapeDataString));
        var json = new JsonObject
        {
            ["sha"] = change.Sha,
            ["filename"] = change.Path,
            ["status"] = change.Status switch { 'A' => "added", 'D' => "removed", 'R' => "renamed", 'C' => "copied", 'T' => "changed", _ => "modified" },
            ["additions"] = change.Added,
            ["deletions"] = change.Deleted,
            ["changes"] = change.Added + change.Deleted,
            ["blob_url"] = world.Urls.Web($"/{repository.FullName}/blob/{commit}/{path}"),
            ["raw_url"] = world.Urls.Web($"/{repository.FullName}/raw/{commit}/{path}"),
            ["contents_url"] = world.Urls.Api($"/repos/{repository.FullName}/contents/{path}?ref={commit}"),
        };
        if (change.From is not null)
        {
            json["previous_filename"] = change.From;
        }

        return json;
    }

    private static JsonObject Person(GitPerson person) => new()
    {
        ["name"] = person.Name,
        ["email"] = person.Email,
        ["date"] = Wire.Time(DateTimeOffset.Parse(person.Date)),
    };
}
