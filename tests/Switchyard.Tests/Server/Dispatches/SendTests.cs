using System.Text.Json.Nodes;
using Switchyard.Server.Dispatches;
using Switchyard.Tests.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>What is sent, what comes of refusals, and that each is sent once.</summary>
public sealed class SendTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_workflow_is_started_with_our_id_and_its_run_is_known_at_once(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");

        var dispatch = await world.FindAsync(id);
        Assert.Equal((DispatchState.Sent, 1L, "main", 1L), (dispatch.State, dispatch.Attempts, dispatch.Ref, dispatch.ShowsId));
        var effect = Assert.Single(await world.EffectsAsync("workflow_dispatch"));
        Assert.Equal(dispatch.Token, effect["inputs"]!["switchyard_id"]!.ToString());
        var run = (await world.RunAsync(id))!;
        Assert.Equal(RunMatch.Details, run.Match);
        Assert.NotNull(run.GithubId);
        var attempt = Assert.Single(await world.AttemptsAsync(id));
        Assert.Equal((AttemptResult.Sent, 200L), (attempt.Result, attempt.Status));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_carries_our_key_and_its_run_is_found(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        Assert.Equal(RunMatch.NotLinked, (await world.RunAsync(id))!.Match);

        await world.PassAsync(TimeSpan.FromSeconds(5));

        var effect = Assert.Single(await world.EffectsAsync("repository_dispatch"));
        Assert.Equal((await world.FindAsync(id)).Token, effect["clientPayload"]?["switchyard"]?["dispatch"]?.ToString() ?? effect["payload"]!["switchyard"]!["dispatch"]!.ToString());
        var run = (await world.RunAsync(id))!;
        Assert.Equal((RunMatch.ProbableMatch, "completed", "success"), (run.Match, run.Status, run.Conclusion));
    }

    [Theory]
    [InlineData("dispatch.acceptThenFail", true)]
    [InlineData("dispatch.acceptThenFail", false)]
    [InlineData("dispatch.acceptThenDrop", true)]
    [InlineData("dispatch.acceptThenDrop", false)]
    public async Task What_was_taken_although_its_answer_was_lost_is_found_and_not_sent_again(string fault, bool shown)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite", events: ["push"]);
        await world.FaultAsync(fault, new JsonObject { ["times"] = 1 });
        var id = shown ? await world.DispatchWorkflowAsync() : await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        await world.PassAsync(TimeSpan.FromSeconds(90));

        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        Assert.Single(await world.EffectsAsync(shown ? "workflow_dispatch" : "repository_dispatch"));
        Assert.Equal((shown ? RunMatch.Id : RunMatch.ProbableMatch, "success"), ((await world.RunAsync(id))!.Match, (await world.RunAsync(id))!.Conclusion));
        Assert.Equal(AttemptResult.Sent, Assert.Single(await world.AttemptsAsync(id)).Result);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_not_taken_is_sent_again_once_that_is_certain(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.FaultAsync("dispatch.failBefore", new JsonObject { ["times"] = 1 });
        var id = await world.DispatchWorkflowAsync();
        var next = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");
        Assert.Equal(DispatchState.Unconfirmed, (await world.FindAsync(id)).State);

        await world.PassAsync(TimeSpan.FromSeconds(59));
        Assert.Empty(await world.EffectsAsync("workflow_dispatch"));
        Assert.Equal(DispatchState.Pending, (await world.FindAsync(next)).State);

        await world.PassAsync(TimeSpan.FromSeconds(8));
        Assert.Equal([DispatchState.Sent, DispatchState.Sent], new[] { (await world.FindAsync(id)).State, (await world.FindAsync(next)).State });
        Assert.Equal(2, (await world.EffectsAsync("workflow_dispatch")).Count);
        Assert.Equal([AttemptResult.NotTaken, AttemptResult.Sent], (await world.AttemptsAsync(id)).Select(attempt => attempt.Result));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_echo_settles_it_even_where_no_run_can_be_seen(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.FaultAsync("dispatch.noRun");
        await world.FaultAsync("dispatch.acceptThenFail", new JsonObject { ["times"] = 1 });
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        await world.PassAsync(TimeSpan.FromSeconds(3), deliveries: true);

        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
    }

    [Fact]
    public async Task The_delivery_log_settles_it_where_no_delivery_arrives()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.FaultAsync("dispatch.noRun");
        await world.FaultAsync("dispatch.acceptThenFail", new JsonObject { ["times"] = 1 });
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        await world.ControlAsync("POST", "idle");
        await world.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        Assert.Contains("delivery log", Assert.Single(await world.AttemptsAsync(id)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public async Task A_clock_that_is_five_minutes_off_changes_nothing(int skew)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite", events: ["push"]);
        await world.FaultAsync("jwt.clockSkew", new JsonObject { ["seconds"] = skew });
        await world.FaultAsync("dispatch.acceptThenFail", new JsonObject { ["times"] = 1 });
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        await world.PassAsync(TimeSpan.FromSeconds(70));

        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
        Assert.Equal("success", (await world.RunAsync(id))!.Conclusion);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_that_a_dead_process_was_sending_is_looked_for(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind, events: ["push"]);
        var (taken, lost) = (await world.DispatchEventAsync(), await world.DispatchEventAsync("nightly"));
        await world.DrainAsync("dispatches");

        // As it would be if the process had ended between the call and its record, and between the intent and the call.
        await world.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update dispatches set state = 'Sending', sent_at = null where id = @taken", new { taken });
                await session.ExecuteAsync("update dispatches set state = 'Pending', attempts = 0, sent_at = null where id = @lost", new { lost });
                await session.ExecuteAsync("delete from runs");
                await session.ExecuteAsync("delete from dispatch_attempts where dispatch_id = @lost", new { lost });
            },
            CancellationToken.None);
        await world.ControlAsync("DELETE", "effects");
        await world.RestartAsync();
        await world.DrainAsync("dispatches");
        await world.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([DispatchState.Sent, DispatchState.Sent], new[] { (await world.FindAsync(taken)).State, (await world.FindAsync(lost)).State });
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
    }

    [Theory]
    [InlineData("renamed.yml", null, "GitHub answered 404: There is no .github/workflows/renamed.yml on main of acme/the-tests. There are ")]
    [InlineData("intergation.yml", null, "Did you mean integration.yml?")]
    [InlineData("upstream.yaml", null, "workflow_dispatch")]
    [InlineData("integration.yml", "no-such-branch", "no-such-branch")]
    public async Task A_refusal_says_what_is_wrong_and_what_to_do(string workflow, string? reference, string expected)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var id = await world.DispatchWorkflowAsync(workflow, reference);
        await world.DrainAsync("dispatches");

        var dispatch = await world.FindAsync(id);
        Assert.Equal(DispatchState.Failed, dispatch.State);
        Assert.Contains(expected, dispatch.Error, StringComparison.Ordinal);
        Assert.Contains($"switchyard dispatch retry {id}", dispatch.NextStep, StringComparison.Ordinal);
        Assert.Equal(AttemptResult.Refused, Assert.Single(await world.AttemptsAsync(id)).Result);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        var permissions = WorkflowWorld.Permissions;
        permissions["actions"] = "read";
        await using var world = await DispatchWorld.StartAsync("sqlite", permissions: permissions);
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");

        Assert.Equal(DispatchState.Failed, (await world.FindAsync(id)).State);
        Assert.Contains("actions", (await world.FindAsync(id)).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_target_that_the_App_cannot_see_fails_with_the_link_that_mends_it()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var id = await world.DispatchEventAsync(target: "elsewhere/tests");
        await world.DrainAsync("dispatches");

        Assert.Contains("installations/new", (await world.FindAsync(id)).NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_rate_limit_is_waited_for_and_uses_up_no_attempt(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.FaultAsync("limits.secondary", new JsonObject { ["times"] = 1, ["route"] = "/dispatches", ["seconds"] = 30 });
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        var waiting = await world.FindAsync(id);
        Assert.Equal((DispatchState.Pending, Held.RateLimited, 0L), (waiting.State, waiting.Held, waiting.Attempts));
        Assert.Contains("rate limit", waiting.Error, StringComparison.Ordinal);

        await world.PassAsync(TimeSpan.FromSeconds(32));
        Assert.Equal((DispatchState.Sent, 1L), ((await world.FindAsync(id)).State, (await world.FindAsync(id)).Attempts));
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_suspended_installation_holds_what_is_sent_until_it_is_not(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.ControlAsync("POST", $"installations/{world.Installation}/suspend");
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");
        Assert.Equal((DispatchState.Pending, Held.Suspended), ((await world.FindAsync(id)).State, (await world.FindAsync(id)).Held));

        // It was GitHub's refusal that told of it: the list is read again, and says so until it is over.
        await world.DrainAsync("installations");
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(DispatchState.Pending, (await world.FindAsync(id)).State);
        await world.ControlAsync("POST", $"installations/{world.Installation}/unsuspend");
        await world.Database.WriteAsync(session => session.ExecuteAsync("update providers set wanted_listing = wanted_listing + 1"), CancellationToken.None);
        await world.DrainAsync("installations");
        await world.DrainAsync("dispatches");
        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
    }

    [Fact]
    public async Task A_renamed_target_is_followed()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.ControlAsync("POST", "repositories/acme/the-tests/rename", new JsonObject { ["name"] = "the-suite" });
        var (workflow, @event) = (await world.DispatchWorkflowAsync(), await world.DispatchEventAsync());
        await world.DrainAsync("dispatches");

        Assert.Equal([DispatchState.Sent, DispatchState.Sent], new[] { (await world.FindAsync(workflow)).State, (await world.FindAsync(@event)).State });
        Assert.Single(await world.EffectsAsync("workflow_dispatch"));
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
    }

    [Fact]
    public async Task An_archived_target_is_no_use_trying_again()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.ControlAsync("POST", "repositories/acme/the-tests/archive");
        var id = await world.DispatchEventAsync();
        await world.DrainAsync("dispatches");

        Assert.Equal(DispatchState.Failed, (await world.FindAsync(id)).State);
        Assert.Contains("archived", (await world.FindAsync(id)).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(400)]
    public async Task A_host_that_tells_no_run_is_asked_in_its_own_way(int status)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.FaultAsync("dispatch.details", new JsonObject { ["status"] = status });
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");
        await world.PassAsync(TimeSpan.FromSeconds(4));

        Assert.Equal((DispatchState.Sent, RunMatch.Id), ((await world.FindAsync(id)).State, (await world.RunAsync(id))!.Match));
        Assert.Single(await world.EffectsAsync("workflow_dispatch"));
    }
}
