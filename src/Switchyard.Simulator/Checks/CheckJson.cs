using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;

namespace Switchyard.Simulator.Checks;

/// <summary>Check runs and suites in the shapes of REST and of payloads.</summary>
internal sealed class CheckJson(World world)
{
    public JsonObject Run(CheckRun run)
    {
        var json = Common(run);
        json["check_suite"] = new JsonObject { ["id"] = run.Suite.Id };
        return json;
    }

    public JsonObject RunInPayload(CheckRun run)
    {
        var json = Common(run);
        var suite = Facts(run.Suite);
        suite["before"] = run.Suite.Before;
        suite["after"] = run.Suite.HeadSha;
        json["check_suite"] = suite;
        return json;
    }

    public JsonObject Suite(CheckSuite suite)
    {
        var json = SuiteInPayload(suite);
        json["repository"] = world.Repositories.Render.Minimal(suite.Repository);
        json["rerequestable"] = true;
        json["runs_rerequestable"] = true;
        return json;
    }

    public JsonObject SuiteInPayload(CheckSuite suite)
    {
        var json = Facts(suite);
        json["before"] = suite.Before;
        json["after"] = suite.HeadSha;
        json["latest_check_runs_count"] = suite.Latest.Count;
        json["check_runs_url"] = json["url"] + "/check-runs";
        json["head_commit"] = Commit(suite.Head);
        return json;
    }

    /// <summary>GitHub's "simple commit".</summary>
    public static JsonObject Commit(GitCommit commit) => new()
    {
        ["id"] = commit.Sha,
        ["tree_id"] = commit.Tree,
        ["message"] = commit.Message,
        ["timestamp"] = Wire.Time(DateTimeOffset.Parse(commit.Committer.Date)),
        ["author"] = new JsonObject { ["name"] = commit.Author.Name, ["email"] = commit.Author.Email },
        ["committer"] = new JsonObject { ["name"] = commit.Committer.Name, ["email"] = commit.Committer.Email },
    };

    private JsonObject Common(CheckRun run)
    {
        var repository = run.Suite.Repository;
        var api = world.Urls.Api($"/repos/{repository.FullName}/check-runs/{run.Id}");
        var html = world.Urls.Web($"/{repository.FullName}/runs/{run.Id}");
        return new JsonObject
        {
            ["id"] = run.Id,
            ["name"] = run.Name,
            ["node_id"] = Accounts.NodeId("CheckRun", run.Id),
            ["head_sha"] = run.Suite.HeadSha,
            ["external_id"] = run.ExternalId ?? "",
            ["url"] = api,
            ["html_url"] = html,
            ["details_url"] = run.DetailsUrl ?? html,
            ["status"] = run.Status,
            // The list of a check run's conclusions lacks these two of a suite.
            ["conclusion"] = run.Conclusion is "startup_failure" or "stale" ? "failure" : run.Conclusion,
            ["started_at"] = Wire.Time(run.StartedAt),
            ["completed_at"] = Wire.Time(run.CompletedAt),
            ["output"] = new JsonObject
            {
                ["title"] = run.Output.Title,
                ["summary"] = run.Output.Summary,
                ["text"] = run.Output.Text,
                ["annotations_count"] = run.Annotations.Count,
                ["annotations_url"] = api + "/annotations",
            },
            ["app"] = world.Apps.Json(run.App),
            ["pull_requests"] = Pulls(run.Suite),
        };
    }

    private JsonObject Facts(CheckSuite suite) => new()
    {
        ["id"] = suite.Id,
        ["node_id"] = Accounts.NodeId("CheckSuite", suite.Id),
        ["head_branch"] = world.Faults.IsOn("checks.fork") ? null : suite.HeadBranch,
        ["head_sha"] = suite.HeadSha,
        ["status"] = suite.Status,
        ["conclusion"] = suite.Conclusion,
        ["url"] = world.Urls.Api($"/repos/{suite.Repository.FullName}/check-suites/{suite.Id}"),
        ["pull_requests"] = Pulls(suite),
        ["app"] = world.Apps.Json(suite.App),
        ["created_at"] = Wire.Time(suite.CreatedAt),
        ["updated_at"] = Wire.Time(suite.UpdatedAt),
    };

    private JsonArray Pulls(CheckSuite suite) => world.Faults.IsOn("checks.fork") ? [] : world.Pulls.Minimal(suite.Repository, suite.HeadSha);
}
