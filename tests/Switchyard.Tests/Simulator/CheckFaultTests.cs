using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Checks set from outside, who hears of them, and rows 39 to 41 of GitHub's behaviours.</summary>
public sealed class CheckFaultTests
{
    private const string Tests = WorkflowWorld.Tests;
    private const string Control = WorkflowWorld.Control;

    [Fact]
    public async Task A_push_gives_each_app_that_may_write_checks_a_queued_suite_without_runs()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["check_suite"]);
        var sha = await github.CommitAsync("Second", new JsonObject { ["a"] = "1" }, "acme/the-tests");
        await github.ControlAsync("PUT", Control + "/refs", new JsonObject { ["ref"] = "refs/heads/same", ["sha"] = sha });

        var suite = Assert.Single((await github.GetAsync($"{Tests}/commits/{sha}/check-suites"))["check_suites"]!.AsArray())!;
        Assert.Equal(("tests", "queued", null, 0), (suite["app"]!["slug"]!.ToString(), suite["status"]!.ToString(), suite["conclusion"], suite["latest_check_runs_count"]!.GetValue<int>()));
        Assert.Equal(["check_suite.requested"], await github.HeardAsync());
        Assert.Equal((sha, "main"), (github.Receiver.All[0].Json["check_suite"]!["after"]!.ToString(), github.Receiver.All[0].Json["check_suite"]!["head_branch"]!.ToString()));
    }

    [Fact]
    public async Task Checks_of_others_are_heard_of_but_only_its_own_app_is_asked_to_run_one_again()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["check_run", "check_suite"]);
        var theirs = await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["name"] = "lint", ["app"] = "linter", ["status"] = "queued" });
        await github.ControlAsync("POST", $"/checks/{theirs["id"]}", new JsonObject { ["status"] = "in_progress" });
        await github.ControlAsync("POST", $"/checks/{theirs["id"]}", new JsonObject { ["conclusion"] = "action_required", ["title"] = "Look" });
        await github.ControlAsync("POST", $"/checks/{theirs["id"]}/rerequest");
        Assert.Equal(["check_run.created", "check_run.completed", "check_suite.completed"], await github.HeardAsync());
        Assert.Equal("linter[bot]", github.Receiver.All[0].Json["sender"]!["login"]!.ToString());

        github.Receiver.Clear();
        var ours = await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["name"] = "ours", ["app"] = "tests", ["status"] = "queued" });
        await github.ControlAsync("POST", $"/checks/{ours["id"]}/rerequest");
        Assert.Equal(["check_run.created", "check_run.rerequested"], await github.HeardAsync());
        Assert.Equal(["lint", "ours"], (await github.ControlAsync("GET", Control + "/checks")).AsArray().Select(check => check!["name"]!.ToString()).Order());
    }

    [Fact]
    public async Task An_app_that_may_not_read_checks_hears_of_none()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("permissions.withhold", new JsonObject { ["name"] = "checks" });
        await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["name"] = "lint", ["app"] = "linter" });
        await github.ControlAsync("POST", Control + "/statuses", new JsonObject { ["state"] = "success" });

        Assert.Equal(["status"], await github.HeardAsync());
    }

    [Fact]
    public async Task Statuses_may_be_missing_and_suites_of_others_stay_queued()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("POST", Control + "/statuses", new JsonObject { ["state"] = "success", ["context"] = "ci", ["creator"] = "someone" });
        await github.FaultAsync("checks.noStatuses");
        var combined = await github.GetAsync(Tests + "/commits/main/status");
        Assert.Equal(("pending", 0), (combined["state"]!.ToString(), combined["total_count"]!.GetValue<int>()));
        await github.ClearAsync("checks.noStatuses");
        Assert.Equal("success", (await github.GetAsync(Tests + "/commits/main/status"))["state"]!.ToString());

        await github.FaultAsync("checks.queuedSuite", new JsonObject { ["app"] = "idle" });
        await github.CommitAsync("Second", new JsonObject { ["a"] = "1" }, "acme/the-tests");
        await github.ControlAsync("POST", Control + "/suites", new JsonObject { ["app"] = "another" });
        var suites = (await github.GetAsync(Tests + "/commits/main/check-suites"))["check_suites"]!.AsArray();
        Assert.Equal(["another queued", "idle queued", "tests queued"], suites.Select(suite => $"{suite!["app"]!["slug"]} {suite["status"]}"));
    }

    [Theory]
    [InlineData("timed_out", "timed_out", 2)]
    [InlineData("startup_failure", "startup_failure", 0)]
    [InlineData("stale", "stale", 2)]
    [InlineData("skipped", "skipped", 2)]
    public async Task Runs_end_with_any_conclusion_github_knows(string conclusion, string shown, int jobs)
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("checks.conclusion", new JsonObject { ["conclusion"] = conclusion, ["times"] = 1 });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();

        var run = await github.GetAsync($"{Tests}/actions/runs/{id}");
        Assert.Equal(shown, run["conclusion"]!.ToString());
        Assert.Equal(jobs, (await github.GetAsync($"{Tests}/actions/runs/{id}/jobs"))["total_count"]!.GetValue<int>());
        var suites = (await github.GetAsync(Tests + "/commits/main/check-suites?app_id=15368"))["check_suites"]!.AsArray();
        Assert.Equal(shown, Assert.Single(suites)!["conclusion"]!.ToString());
        Assert.Equal(200, (await github.RunWorkflowAsync()).Status);
        Assert.Equal("success", (await github.GetAsync(Tests + "/actions/runs"))["workflow_runs"]![0]!["conclusion"]!.ToString());
    }

    [Fact]
    public async Task Checks_come_late_and_are_run_again()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["check_run"]);
        await github.FaultAsync("checks.late", new JsonObject { ["after"] = 30, ["name"] = "scan", ["conclusion"] = "failure" });
        await github.CommitAsync("Second", new JsonObject { ["a"] = "1" }, "acme/the-tests");
        Assert.Equal(0, (await github.GetAsync(Tests + "/commits/main/check-runs"))["total_count"]!.GetValue<int>());
        github.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("failure", (await github.GetAsync(Tests + "/commits/main/check-runs"))["check_runs"]![0]!["conclusion"]!.ToString());

        await github.FaultAsync("checks.rerun", new JsonObject { ["repository"] = "acme/the-tests", ["name"] = "scan" });
        Assert.Equal("success", Assert.Single((await github.GetAsync(Tests + "/commits/main/check-runs"))["check_runs"]!.AsArray())!["conclusion"]!.ToString());
        Assert.Equal(2, (await github.GetAsync(Tests + "/commits/main/check-runs?filter=all"))["total_count"]!.GetValue<int>());
        Assert.Equal(["check_run.created", "check_run.completed", "check_run.created", "check_run.completed"], await github.HeardAsync());
    }

    [Fact]
    public async Task Checks_of_a_fork_name_neither_branch_nor_pull_request()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["check_suite"]);
        await github.FaultAsync("checks.fork");
        await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["name"] = "lint", ["app"] = "linter" });
        await github.IdleAsync();
        var suite = Assert.Single(github.Receiver.Of("check_suite")).Json["check_suite"]!;
        Assert.Null(suite["head_branch"]);
        Assert.Empty(suite["pull_requests"]!.AsArray());
    }
}
