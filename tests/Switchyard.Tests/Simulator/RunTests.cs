using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>The life of workflow runs, by the clock and by hand.</summary>
public sealed class RunTests
{
    private const string Tests = WorkflowWorld.Tests;

    [Fact]
    public async Task A_run_is_queued_then_in_progress_then_completed_and_each_step_is_delivered()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["secondsQueued"] = 5, ["secondsRunning"] = 60 });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();

        Assert.Equal(("queued", null), await StateAsync(github, id));
        Assert.Equal(["workflow_dispatch", "workflow_run.requested", "check_run.created", "workflow_job.queued", "check_run.created", "workflow_job.queued"], await github.HeardAsync());
        github.Receiver.Clear();
        github.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("in_progress", null), await StateAsync(github, id));
        Assert.Equal(["workflow_run.in_progress", "workflow_job.in_progress", "workflow_job.in_progress"], await github.HeardAsync());
        github.Receiver.Clear();
        github.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(("completed", "success"), await StateAsync(github, id));
        Assert.Equal(["check_run.completed", "workflow_job.completed", "check_run.completed", "workflow_job.completed", "check_suite.completed", "workflow_run.completed"], await github.HeardAsync());

        var told = github.Receiver.Of("workflow_run")[0].Json;
        var run = told["workflow_run"]!.AsObject();
        Assert.Equal((id, "completed", "success"), (run["id"]!.ToString(), run["status"]!.ToString(), run["conclusion"]!.ToString()));
        Assert.Equal("Integration", told["workflow"]!["name"]!.ToString());
        Assert.False(run.ContainsKey("inputs") || run.ContainsKey("client_payload") || run.ContainsKey("payload"));
        Assert.Equal("2026-08-01T12:01:05Z", run["updated_at"]!.ToString());
    }

    [Fact]
    public async Task Steps_happen_at_their_own_times_when_the_clock_leaps()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/plan", new JsonObject { ["secondsQueued"] = 10, ["secondsRunning"] = 20, ["conclusion"] = "failure" });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();

        github.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(("completed", "failure"), await StateAsync(github, id));
        var run = await github.GetAsync($"{Tests}/actions/runs/{id}");
        Assert.Equal(("2026-08-01T12:00:10Z", "2026-08-01T12:00:30Z"), (run["run_started_at"]!.ToString(), run["updated_at"]!.ToString()));
    }

    [Fact]
    public async Task By_hand_a_run_waits_for_each_step_and_ends_as_told()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/plan", new JsonObject { ["workflow"] = "integration.yml", ["manual"] = true });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();
        github.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(("queued", null), await StateAsync(github, id));
        await github.ControlAsync("POST", $"/runs/{id}/advance");
        Assert.Equal(("in_progress", null), await StateAsync(github, id));
        await github.ControlAsync("POST", $"/runs/{id}/finish", new JsonObject { ["jobs"] = new JsonObject { ["All tests"] = "failure" } });

        Assert.Equal(("completed", "failure"), await StateAsync(github, id));
        var jobs = (await github.GetAsync($"{Tests}/actions/runs/{id}/jobs"))["jobs"]!.AsArray();
        Assert.Equal(["All tests: failure", "report: success"], jobs.Select(job => $"{job!["name"]}: {job["conclusion"]}"));
        Assert.Equal("self-hosted", jobs[1]!["labels"]![0]!.ToString());
        // The other workflow of the repository has another plan.
        await github.DispatchAsync("upstream-changed");
        Assert.Equal("completed", (await github.ControlAsync("GET", "/runs")).AsArray()[^1]!["status"]!.ToString());
    }

    [Fact]
    public async Task A_run_can_be_cancelled_until_it_is_over()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["manual"] = true });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();
        var token = await github.TokenAsync();

        Assert.Equal(202, (await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/cancel", token)).Status);
        Assert.Equal(("completed", "cancelled"), await StateAsync(github, id));
        Assert.Equal(409, (await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/cancel", token)).Status);
        Assert.Equal(404, (await github.SendAsync("POST", $"{Tests}/actions/runs/1/cancel", token)).Status);
    }

    [Fact]
    public async Task A_completed_run_can_be_run_again_whole_or_its_failed_jobs()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["jobs"] = new JsonObject { ["report"] = "failure" } });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();
        var token = await github.TokenAsync();
        Assert.Equal(("completed", "failure"), await StateAsync(github, id));

        await github.ControlAsync("PUT", "/plan", new JsonObject { ["jobs"] = new JsonObject() });
        Assert.Equal(201, (await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/rerun-failed-jobs", token)).Status);
        Assert.Equal(("completed", "success"), await StateAsync(github, id));
        Assert.Equal(2, (await github.GetAsync($"{Tests}/actions/runs/{id}"))["run_attempt"]!.GetValue<int>());
        Assert.Equal(["1", "2"], (await github.GetAsync($"{Tests}/actions/runs/{id}/jobs"))["jobs"]!.AsArray().Select(job => job!["run_attempt"]!.ToString()));
        Assert.Equal(3, (await github.GetAsync($"{Tests}/actions/runs/{id}/jobs?filter=all"))["total_count"]!.GetValue<int>());

        Assert.Equal(201, (await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/rerun", token)).Status);
        Assert.Equal(["1", "2", "3"], (await github.EffectsAsync("run")).Select(effect => effect!["attempt"]!.ToString()));
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["manual"] = true });
        await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/rerun", token);
        Assert.Equal(403, (await github.SendAsync("POST", $"{Tests}/actions/runs/{id}/rerun", token)).Status);
    }

    [Fact]
    public async Task A_concurrency_group_keeps_one_at_work_and_one_pending()
    {
        await using var github = await WorkflowWorld.StartAsync(Concurrency(cancel: false));
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["manual"] = true });
        var ids = new List<string>();
        foreach (var target in new[] { "a", "a", "a", "b" })
        {
            ids.Add((await github.RunWorkflowAsync(new JsonObject { ["sha"] = target })).Json["workflow_run_id"]!.ToString());
        }

        Assert.Equal(["queued", "completed", "pending", "queued"], await StatesAsync(github, ids));
        Assert.Equal(("completed", "cancelled"), await StateAsync(github, ids[1]));
        await github.ControlAsync("POST", $"/runs/{ids[0]}/finish");
        Assert.Equal(["completed", "completed", "queued", "queued"], await StatesAsync(github, ids));
    }

    [Fact]
    public async Task A_group_that_cancels_in_progress_keeps_the_newest()
    {
        await using var github = await WorkflowWorld.StartAsync(Concurrency(cancel: true));
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["manual"] = true });
        var first = (await github.RunWorkflowAsync(new JsonObject { ["sha"] = "a" })).Json["workflow_run_id"]!.ToString();
        await github.ControlAsync("POST", $"/runs/{first}/advance");
        var second = (await github.RunWorkflowAsync(new JsonObject { ["sha"] = "a" })).Json["workflow_run_id"]!.ToString();

        Assert.Equal(["completed", "queued"], await StatesAsync(github, [first, second]));
        Assert.Equal(("completed", "cancelled"), await StateAsync(github, first));
    }

    [Fact]
    public async Task Pushes_start_workflows_of_the_pushed_commit_also_those_of_an_app()
    {
        await using var github = await WorkflowWorld.StartAsync(new JsonObject
        {
            [".github/workflows/ci.yml"] = "name: CI\non: { push: { branches: [main, 'release/**'] } }\njobs: { build: { runs-on: x } }\n",
            [".github/workflows/tags.yml"] = "name: Tags\non: { push: { tags: ['v*'] } }\njobs: { build: { runs-on: x } }\n",
            [".github/workflows/all.yml"] = "name: All\non: [push]\njobs: { build: { runs-on: x } }\n",
            [".github/workflows/broken.yml"] = "name: [\n",
        });
        var sha = await github.CommitAsync("Second\n\nMore", new JsonObject { ["a"] = "1" }, "acme/the-tests");
        await github.CommitAsync("Aside", new JsonObject { ["b"] = "1" }, "acme/the-tests", "feature/x");
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/refs", new JsonObject { ["ref"] = "refs/tags/v1", ["sha"] = sha });

        var runs = (await github.EffectsAsync("run")).Select(effect => $"{effect!["workflow"]} {effect["branch"]}").ToArray();
        Assert.Equal(["all.yml main", "broken.yml main", "ci.yml main", "all.yml feature/x", "broken.yml feature/x", "all.yml v1", "broken.yml v1", "tags.yml v1"], runs);
        var found = (await github.GetAsync(Tests + "/actions/workflows/ci.yml/runs?head_sha=" + sha))["workflow_runs"]!.AsArray();
        Assert.Equal("Second", Assert.Single(found)!["display_title"]!.ToString());
        var broken = (await github.GetAsync(Tests + "/actions/workflows/broken.yml/runs"))["workflow_runs"]![0]!;
        Assert.Equal((".github/workflows/broken.yml", "startup_failure"), (broken["name"]!.ToString(), broken["conclusion"]!.ToString()));

        var work = github.Folder("work");
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/the-tests", await github.TokenAsync()), work);
        await github.GitOkAsync(work, "commit", "--quiet", "--allow-empty", "-m", "By the App");
        github.Receiver.Clear();
        await github.GitOkAsync(work, "push", "--quiet", "origin", "HEAD:main");
        await github.IdleAsync();
        Assert.Equal("tests[bot]", Assert.Single(github.Receiver.Of("push")).Json["sender"]!["login"]!.ToString());
        Assert.Equal("tests[bot]", (await github.EffectsAsync("run"))[^1]!["actor"]!.ToString());
    }

    [Fact]
    public async Task A_disabled_workflow_is_started_by_nothing()
    {
        await using var github = await WorkflowWorld.StartAsync();
        foreach (var file in new[] { "integration.yml", "upstream.yaml" })
        {
            await github.ControlAsync("PUT", $"{WorkflowWorld.Control}/workflows/{file}", new JsonObject { ["state"] = "disabled_manually" });
        }

        Assert.Equal("Cannot trigger a 'workflow_dispatch' on a disabled workflow", (await github.RunWorkflowAsync()).Message);
        Assert.Equal(204, (await github.DispatchAsync("upstream-changed")).Status);
        Assert.Empty(await github.EffectsAsync("run"));
        Assert.Equal("disabled_manually", (await github.GetAsync(Tests + "/actions/workflows/integration.yml"))["state"]!.ToString());
    }

    [Fact]
    public async Task Many_tags_at_once_start_nothing()
    {
        await using var github = await WorkflowWorld.StartAsync(new JsonObject { [".github/workflows/all.yml"] = "name: All\non: [push]\njobs: { build: { runs-on: x } }\n" });
        var sha = (await github.GetAsync(Tests + "/git/ref/heads/main"))["object"]!["sha"]!.ToString();
        JsonObject Tags(int from, int count) => new() { ["refs"] = new JsonArray([.. Enumerable.Range(from, count).Select(n => new JsonObject { ["ref"] = $"refs/tags/v{n}", ["sha"] = sha })]) };

        await github.ControlAsync("PUT", WorkflowWorld.Control + "/refs", Tags(1, 4));
        Assert.Empty(await github.EffectsAsync("run"));
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/refs", Tags(5, 3));
        Assert.Equal(3, (await github.EffectsAsync("run")).Count);
    }

    [Fact]
    public async Task Lists_of_runs_are_filtered_and_end_at_a_thousand()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/plan", new JsonObject { ["conclusion"] = "failure" });
        await github.RunWorkflowAsync();
        github.Clock.Advance(TimeSpan.FromMinutes(1));
        await github.ControlAsync("DELETE", WorkflowWorld.Control + "/plan");
        await github.DispatchAsync("upstream-changed");

        foreach (var (query, count) in new[]
        {
            ("", 2), ("?event=repository_dispatch", 1), ("?status=failure", 1), ("?status=completed", 2), ("?branch=main", 2), ("?branch=x", 0), ("?actor=tests[bot]", 2),
            ("?created=>=2026-08-01T12:01:00Z", 1), ("?created=<2026-08-01T12:01:00Z", 1), ("?created=2026-08-01", 2), ("?created=2026-08-01T11:00:00Z..2026-08-01T12:00:30Z", 1), ("?per_page=1&page=2", 2),
        })
        {
            Assert.Equal(count, (await github.GetAsync(Tests + "/actions/runs" + query))["total_count"]!.GetValue<int>());
        }
    }

    private static JsonObject Concurrency(bool cancel) => new()
    {
        [".github/workflows/integration.yml"] = $$$"""
            name: Integration
            on: { workflow_dispatch: { inputs: { sha: { required: true } } } }
            concurrency:
              group: "tests-${{ github.ref }}-${{ inputs.sha }}"
              cancel-in-progress: {{{(cancel ? "true" : "false")}}}
            jobs: { test: { runs-on: ubuntu-latest } }
            """,
    };

    private static async Task<(string Status, string? Conclusion)> StateAsync(SimulatedGitHub github, string id)
    {
        var run = await github.GetAsync($"{Tests}/actions/runs/{id}");
        return (run["status"]!.ToString(), run["conclusion"]?.ToString());
    }

    private static async Task<string[]> StatesAsync(SimulatedGitHub github, IEnumerable<string> ids)
    {
        var states = new List<string>();
        foreach (var id in ids)
        {
            states.Add((await StateAsync(github, id)).Status);
        }

        return [.. states];
    }
}
