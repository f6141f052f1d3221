using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Check runs of Apps, suites, and commit statuses over the REST API.</summary>
public sealed class CheckTests
{
    private const string Tests = WorkflowWorld.Tests;

    [Fact]
    public async Task An_app_makes_a_check_run_and_changes_it_to_its_end()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["check_run", "check_suite"]);
        var sha = await HeadAsync(github);
        var token = await github.TokenAsync();

        var made = await github.SendAsync("POST", Tests + "/check-runs", token, new JsonObject { ["name"] = "switchyard / tests", ["head_sha"] = sha, ["status"] = "in_progress", ["external_id"] = "d-1", ["details_url"] = "https://example.test/1", ["output"] = Output(50) });
        Assert.Equal((201, "in_progress", "tests"), (made.Status, made.Json["status"]!.ToString(), made.Json["app"]!["slug"]!.ToString()));
        var path = $"{Tests}/check-runs/{made.Json["id"]}";
        var more = await github.SendAsync("PATCH", path, token, new JsonObject { ["output"] = Output(10) });
        Assert.Equal(60, more.Json["output"]!["annotations_count"]!.GetValue<int>());
        var done = await github.SendAsync("PATCH", path, token, new JsonObject { ["status"] = "completed", ["conclusion"] = "neutral" });
        Assert.Equal(("completed", "neutral", "2026-08-01T12:00:00Z"), (done.Json["status"]!.ToString(), done.Json["conclusion"]!.ToString(), done.Json["completed_at"]!.ToString()));
        Assert.Equal(done.Text, (await github.SendAsync("GET", path, token)).Text);

        Assert.Equal(["check_run.created", "check_run.completed", "check_suite.completed"], await github.HeardAsync());
        var told = github.Receiver.Of("check_run")[1].Json["check_run"]!;
        Assert.Equal(("main", sha, "neutral"), (told["check_suite"]!["head_branch"]!.ToString(), told["head_sha"]!.ToString(), told["check_suite"]!["conclusion"]!.ToString()));
        Assert.Equal(("d-1", "https://example.test/1"), (told["external_id"]!.ToString(), told["details_url"]!.ToString()));
        Assert.Equal(["check_run", "check_run_update", "check_run_update"], (await github.EffectsAsync("check_run,check_run_update")).Select(effect => effect!["kind"]!.ToString()));
    }

    [Theory]
    [InlineData("""{"name":"x","status":"completed"}""", 422)]
    [InlineData("""{"name":"x","completed_at":"2026-08-01T12:00:00Z"}""", 422)]
    [InlineData("""{"name":"x","status":"waiting"}""", 422)]
    [InlineData("""{"name":"x","conclusion":"stale"}""", 422)]
    [InlineData("""{"name":"x","output":{"title":"t"}}""", 422)]
    [InlineData("""{"name":"x","output":{"title":"t","summary":"s","annotations":[{"path":"a"}]}}""", 422)]
    [InlineData("""{"name":"x","actions":[{"label":"much too long a label","description":"d","identifier":"i"}]}""", 422)]
    [InlineData("""{"status":"queued"}""", 422)]
    [InlineData("""{"name":"x","conclusion":"success"}""", 201)]
    public async Task What_an_app_may_say_of_its_check_is_limited(string body, int status)
    {
        await using var github = await WorkflowWorld.StartAsync();
        var check = JsonNode.Parse(body)!.AsObject();
        check["head_sha"] = await HeadAsync(github);

        var reply = await github.SendAsync("POST", Tests + "/check-runs", await github.TokenAsync(), check);

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 201 ? 1 : 0, (await github.EffectsAsync("check_run")).Count);
    }

    [Fact]
    public async Task Long_texts_many_annotations_and_unknown_commits_are_refused()
    {
        await using var github = await WorkflowWorld.StartAsync();
        var token = await github.TokenAsync();
        var sha = await HeadAsync(github);
        Task<Reply> PostAsync(JsonNode? output, string? commit = null) =>
            github.SendAsync("POST", Tests + "/check-runs", token, new JsonObject { ["name"] = "x", ["head_sha"] = commit ?? sha, ["output"] = output });

        Assert.Equal(422, (await PostAsync(new JsonObject { ["title"] = "t", ["summary"] = new string('x', 65_536) })).Status);
        Assert.Equal(201, (await PostAsync(new JsonObject { ["title"] = "t", ["summary"] = new string('x', 65_535) })).Status);
        Assert.Equal(422, (await PostAsync(Output(51))).Status);
        Assert.Contains("No commit found for SHA", (await PostAsync(Output(0), new string('a', 40))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_app_that_made_a_check_may_change_it_and_no_person_may_make_one()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = "github_pat_1", ["owner"] = "acme", ["permissions"] = new JsonObject { ["checks"] = "write" } });
        var other = await github.ControlAsync("POST", WorkflowWorld.Control + "/checks", new JsonObject { ["name"] = "lint", ["app"] = "linter" });
        var token = await github.TokenAsync();

        var refused = await github.SendAsync("PATCH", $"{Tests}/check-runs/{other["id"]}", token, new JsonObject { ["status"] = "in_progress" });
        Assert.Equal((403, $"Invalid app_id `{github.AppId}` - check run can only be modified by the GitHub App that created it."), (refused.Status, refused.Message));
        var person = await github.SendAsync("POST", Tests + "/check-runs", "github_pat_1", new JsonObject { ["name"] = "x", ["head_sha"] = await HeadAsync(github) });
        Assert.Equal((403, "You must authenticate via a GitHub App."), (person.Status, person.Message));
    }

    [Fact]
    public async Task Checks_of_a_commit_are_listed_latest_or_all_by_name_app_and_status()
    {
        await using var github = await WorkflowWorld.StartAsync(events: []);
        foreach (var (name, app, conclusion) in new[] { ("build", "ci", "failure"), ("build", "ci", "success"), ("test", "ci", "success"), ("lint", "linter", "skipped") })
        {
            await github.ControlAsync("POST", WorkflowWorld.Control + "/checks", new JsonObject { ["name"] = name, ["app"] = app, ["conclusion"] = conclusion });
        }

        await github.ControlAsync("POST", WorkflowWorld.Control + "/checks", new JsonObject { ["name"] = "slow", ["app"] = "ci", ["status"] = "in_progress" });
        var suites = (await github.GetAsync(Tests + "/commits/main/check-suites"))["check_suites"]!.AsArray();
        Assert.Equal(["linter completed skipped", "ci in_progress ", "tests queued "], suites.Select(suite => $"{suite!["app"]!["slug"]} {suite["status"]} {suite["conclusion"]}"));
        var ci = suites[1]!;
        foreach (var (path, count) in new[]
        {
            ("/commits/main/check-runs", 4), ("/commits/main/check-runs?filter=all", 5), ("/commits/main/check-runs?check_name=build", 1), ("/commits/main/check-runs?filter=all&check_name=build", 2),
            ("/commits/main/check-runs?status=in_progress", 1), ($"/commits/main/check-runs?app_id={ci["app"]!["id"]}", 3), ($"/check-suites/{ci["id"]}/check-runs", 3),
            ($"/check-suites/{ci["id"]}/check-runs?filter=all", 4), ("/commits/heads/main/check-runs", 4), ("/commits/heads%2Fmain/check-runs", 4), ("/commits/main/check-suites?check_name=lint", 1),
        })
        {
            Assert.Equal(count, (await github.GetAsync(Tests + path))["total_count"]!.GetValue<int>());
        }

        Assert.Equal(422, (await github.SendAsync("GET", Tests + "/commits/absent/check-runs", await github.TokenAsync())).Status);
        Assert.Equal(404, (await github.SendAsync("GET", Tests + "/check-suites/1/check-runs", await github.TokenAsync())).Status);
    }

    [Fact]
    public async Task Jobs_of_a_run_are_check_runs_of_github_actions_in_a_suite_of_their_own()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.RunWorkflowAsync();
        var second = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();

        var run = await github.GetAsync($"{Tests}/actions/runs/{second}");
        var jobs = (await github.GetAsync($"{Tests}/actions/runs/{second}/jobs"))["jobs"]!.AsArray();
        var checks = (await github.GetAsync($"{Tests}/check-suites/{run["check_suite_id"]}/check-runs"))["check_runs"]!.AsArray();
        Assert.Equal(jobs.Select(job => job!["id"]!.ToString()).Order(), checks.Select(check => check!["id"]!.ToString()).Order());
        Assert.All(checks, check => Assert.Equal(("github-actions", 15368), (check!["app"]!["slug"]!.ToString(), check["app"]!["id"]!.GetValue<int>())));
        Assert.Equal(4, (await github.GetAsync(Tests + "/commits/main/check-runs?app_id=15368"))["total_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_combined_state_follows_the_newest_status_of_each_context()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["status"]);
        var sha = await HeadAsync(github);
        var token = await github.TokenAsync();
        async Task<string> StateAsync() => (await github.GetAsync(Tests + "/commits/main/status"))["state"]!.ToString();
        async Task SetAsync(string context, string state) =>
            Assert.Equal(201, (await github.SendAsync("POST", $"{Tests}/statuses/{sha}", token, new JsonObject { ["state"] = state, ["context"] = context, ["description"] = "d" })).Status);

        Assert.Equal("pending", await StateAsync());
        await SetAsync("a", "success");
        Assert.Equal("success", await StateAsync());
        await SetAsync("b", "pending");
        Assert.Equal("pending", await StateAsync());
        await SetAsync("b", "error");
        Assert.Equal("failure", await StateAsync());
        await SetAsync("b", "success");
        Assert.Equal("success", await StateAsync());
        Assert.Equal(2, (await github.GetAsync(Tests + "/commits/main/status"))["total_count"]!.GetValue<int>());
        Assert.Equal(["success", "error", "pending", "success"], (await github.GetAsync(Tests + $"/commits/{sha}/statuses")).AsArray().Select(status => status!["state"]!.ToString()));
        Assert.Equal(422, (await github.SendAsync("POST", $"{Tests}/statuses/{sha}", token, new JsonObject { ["state"] = "green" })).Status);

        await github.IdleAsync();
        var told = github.Receiver.Of("status")[0].Json;
        Assert.Equal((sha, "a", "acme/the-tests", "main", "tests[bot]"), (told["sha"]!.ToString(), told["context"]!.ToString(), told["name"]!.ToString(), told["branches"]![0]!["name"]!.ToString(), told["sender"]!["login"]!.ToString()));
        Assert.Equal(4, (await github.EffectsAsync("status")).Count);
    }

    private static async Task<string> HeadAsync(SimulatedGitHub github) => (await github.GetAsync(Tests + "/git/ref/heads/main"))["object"]!["sha"]!.ToString();

    private static JsonObject Output(int annotations) => new()
    {
        ["title"] = "t",
        ["summary"] = "s",
        ["annotations"] = new JsonArray([.. Enumerable.Range(1, annotations).Select(line => new JsonObject
        {
            ["path"] = "switchyard.yml",
            ["start_line"] = line,
            ["end_line"] = line,
            ["annotation_level"] = "failure",
            ["message"] = "wrong",
        })]),
    };
}
