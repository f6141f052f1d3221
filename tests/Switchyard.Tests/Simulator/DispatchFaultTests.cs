using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Rows 42 to 46 of GitHub's behaviours, and the loop of row 16.</summary>
public sealed class DispatchFaultTests
{
    private const string Tests = WorkflowWorld.Tests;

    [Fact]
    public async Task A_failed_answer_may_hide_an_accepted_dispatch_or_one_that_never_was()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("dispatch.acceptThenFail", new JsonObject { ["times"] = 1 });
        Assert.Equal(502, (await github.RunWorkflowAsync()).Status);
        Assert.Single(await github.EffectsAsync("run"));
        Assert.Contains("workflow_dispatch", await github.HeardAsync());

        await github.FaultAsync("dispatch.failBefore", new JsonObject { ["status"] = 503, ["times"] = 1 });
        Assert.Equal(503, (await github.DispatchAsync("upstream-changed")).Status);
        Assert.Single(await github.EffectsAsync("run,repository_dispatch"));
        Assert.Equal(204, (await github.DispatchAsync("upstream-changed")).Status);
        // A request that is refused has no effect to hide.
        await github.FaultAsync("dispatch.acceptThenFail");
        Assert.Equal(422, (await github.RunWorkflowAsync([])).Status);
    }

    [Fact]
    public async Task The_answer_to_an_accepted_dispatch_may_be_lost_or_late()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("dispatch.acceptThenDrop", new JsonObject { ["times"] = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => github.DispatchAsync("upstream-changed"));
        Assert.Single(await github.EffectsAsync("run"));

        await github.FaultAsync("dispatch.acceptThenDrop", new JsonObject { ["hold"] = true });
        var late = github.RunWorkflowAsync();
        while ((await github.EffectsAsync("run")).Count < 2)
        {
            await Task.Yield();
        }

        Assert.False(late.IsCompleted);
        await github.ClearAsync("dispatch.acceptThenDrop");
        Assert.Equal(200, (await late).Status);
    }

    [Theory]
    [InlineData("dispatch.noRun", 0)]
    [InlineData("dispatch.swallow", 1)]
    public async Task An_accepted_dispatch_may_start_no_run(string name, int runs)
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync(name, runs == 0 ? [] : new JsonObject { ["every"] = 2 });

        Assert.Equal(runs == 0 ? 204 : 200, (await github.RunWorkflowAsync()).Status);
        Assert.Equal(204, (await github.DispatchAsync("upstream-changed")).Status);

        Assert.Equal(runs, (await github.EffectsAsync("run")).Count);
        Assert.Equal(2, (await github.EffectsAsync("repository_dispatch,workflow_dispatch")).Count);
    }

    [Fact]
    public async Task Run_details_may_be_refused_or_never_given()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("dispatch.details");
        var refused = await github.RunWorkflowAsync();
        Assert.Equal((400, "Invalid request.\n\n\"return_run_details\" is not a permitted key."), (refused.Status, refused.Message));
        Assert.Equal(400, (await github.RunWorkflowAsync(details: false)).Status);
        Assert.Equal(204, (await github.RunWorkflowAsync(details: null)).Status);
        await github.FaultAsync("dispatch.details", new JsonObject { ["status"] = 204 });
        Assert.Equal(204, (await github.RunWorkflowAsync()).Status);
        await github.FaultAsync("dispatch.details", new JsonObject { ["status"] = 200 });
        Assert.Equal(200, (await github.RunWorkflowAsync()).Status);
        await github.FaultAsync("api.ghes");
        Assert.Equal(400, (await github.RunWorkflowAsync()).Status);
        await github.FaultAsync("api.ghes", new JsonObject { ["version"] = "3.21" });
        Assert.Equal(200, (await github.RunWorkflowAsync()).Status);
        Assert.Equal(4, (await github.EffectsAsync("run")).Count);
    }

    [Fact]
    public async Task The_echo_may_fail_to_come()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("dispatch.echo");
        await github.DispatchAsync("upstream-changed");
        await github.RunWorkflowAsync();
        var heard = await github.HeardAsync();
        Assert.DoesNotContain("repository_dispatch", heard);
        Assert.DoesNotContain("workflow_dispatch", heard);
        Assert.Contains("workflow_run.completed", heard);
    }

    [Fact]
    public async Task Limits_can_be_made_small()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("dispatch.limits", new JsonObject { ["eventType"] = 4, ["keys"] = 1, ["bytes"] = 20, ["inputs"] = 0 });
        Assert.Equal(422, (await github.DispatchAsync("12345")).Status);
        Assert.Equal(422, (await github.DispatchAsync("1234", new JsonObject { ["a"] = 1, ["b"] = 2 })).Status);
        Assert.Equal(422, (await github.DispatchAsync("1234", new JsonObject { ["a"] = new string('x', 20) })).Status);
        Assert.Equal(422, (await github.RunWorkflowAsync()).Status);
        Assert.Equal(204, (await github.DispatchAsync("1234", new JsonObject { ["a"] = 1 })).Status);
    }

    [Fact]
    public async Task Pending_runs_are_cancelled_by_newer_ones()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("runs.cancelPending", new JsonObject { ["repository"] = "acme/the-tests" });
        await github.ControlAsync("PUT", "/plan", new JsonObject { ["manual"] = true });
        foreach (var sha in new[] { "a", "b", "c" })
        {
            await github.RunWorkflowAsync(new JsonObject { ["sha"] = sha });
        }

        var runs = (await github.ControlAsync("GET", "/runs?repository=acme/the-tests")).AsArray();
        Assert.Equal(["queued ", "completed cancelled", "pending "], runs.Select(run => $"{run!["status"]} {run["conclusion"]}"));
    }

    [Fact]
    public async Task A_slow_run_takes_longer_and_a_new_one_is_listed_later()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("runs.slow", new JsonObject { ["seconds"] = 30 });
        await github.FaultAsync("runs.listLag", new JsonObject { ["ms"] = 3000 });
        var id = (await github.RunWorkflowAsync()).Json["workflow_run_id"]!.ToString();

        Assert.Equal(0, (await github.GetAsync(Tests + "/actions/runs"))["total_count"]!.GetValue<int>());
        Assert.Equal("in_progress", (await github.GetAsync($"{Tests}/actions/runs/{id}"))["status"]!.ToString());
        github.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, (await github.GetAsync(Tests + "/actions/runs"))["total_count"]!.GetValue<int>());
        github.Clock.Advance(TimeSpan.FromSeconds(27));
        Assert.Equal("completed", (await github.GetAsync($"{Tests}/actions/runs/{id}"))["status"]!.ToString());
    }

    [Fact]
    public async Task A_run_that_pushes_as_the_app_comes_back_to_it()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.FaultAsync("loops.echo", new JsonObject { ["repository"] = "acme/the-tests", ["to"] = "acme/models", ["times"] = 1 });
        await github.RunWorkflowAsync();
        await github.RunWorkflowAsync();
        await github.IdleAsync();

        var push = Assert.Single(github.Receiver.Of("push")).Json;
        Assert.Equal(("acme/models", "tests[bot]"), (push["repository"]!["full_name"]!.ToString(), push["sender"]!["login"]!.ToString()));
    }

    [Fact]
    public async Task An_argument_that_a_switch_does_not_know_is_refused_with_those_it_knows()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var reply = await github.SendAsync("PUT", new Uri(github.Host.Url, "/_simulator/faults/dispatch.details").ToString(), null, new JsonObject { ["banana"] = 1 });
        Assert.Equal((400, "The switch dispatch.details has no argument 'banana'. It takes status."), (reply.Status, reply.Json["error"]!.ToString()));
        Assert.DoesNotContain((await github.ControlAsync("GET", "/faults")).AsArray(), known => known!["on"]!.GetValue<bool>());
    }
}
