using System.Text.Json.Nodes;
using Switchyard.Server.Dispatches;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>The check run of a rule on the commit that started it.</summary>
public sealed class ReportTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task From_waiting_to_the_result_it_is_one_check_run(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.ControlAsync("PUT", "repositories/acme/the-tests/plan", new JsonObject { ["secondsQueued"] = 10, ["secondsRunning"] = 30 });
        var id = await world.DispatchWorkflowAsync();
        await WantAsync(world, id, "Quiet");
        Assert.Equal(("queued", null, $"Waiting for quiet until 09:00:00Z"), await LastAsync(world));

        world.Time.Advance(TimeSpan.FromSeconds(4));
        await WantAsync(world, id, "Checks", "Waiting for checks (3 of 5)");
        Assert.Equal("Waiting for checks (3 of 5)", (await LastAsync(world)).Title);

        world.Time.Advance(TimeSpan.FromSeconds(4));
        await WantAsync(world, id, "Released");
        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(("in_progress", null), ((await LastAsync(world)).Status, (await LastAsync(world)).Conclusion));

        await world.PassAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(("completed", "success", "integration.yml of acme/the-tests: success"), await LastAsync(world));
        Assert.Single(await world.EffectsAsync("check_run"), effect => effect["repository"]!.ToString() == DispatchWorld.Source);
        var report = Assert.Single(await world.ReportsAsync());
        Assert.Equal((report.Wanted, null), (report.Written, report.Error));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Many_reasons_are_one_write(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var id = await world.DispatchWorkflowAsync();
        await WantAsync(world, id, "Quiet", "1");
        for (var i = 2; i < 30; i++)
        {
            await WantAsync(world, id, "Checks", $"Waiting for checks ({i} of 30)", drain: i % 5 == 0);
        }

        Assert.Single(await world.EffectsAsync("check_run"));
        Assert.Empty(await world.EffectsAsync("check_run_update"));
        world.Time.Advance(TimeSpan.FromSeconds(4));
        await world.DrainAsync("reports");
        Assert.Single(await world.EffectsAsync("check_run_update"));
        Assert.Equal("Waiting for checks (29 of 30)", (await LastAsync(world)).Title);
    }

    [Theory]
    [InlineData("Cancelled", "cancelled")]
    [InlineData("ChecksFailed", "neutral")]
    [InlineData("TimedOut", "timed_out")]
    public async Task How_a_pending_ends_without_a_dispatch_is_told(string state, string conclusion)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var id = await world.DispatchWorkflowAsync();
        await world.Database.WriteAsync(session => session.ExecuteAsync("delete from dispatches"), CancellationToken.None);
        await WantAsync(world, id, state);
        Assert.Equal(("completed", conclusion), ((await LastAsync(world)).Status, (await LastAsync(world)).Conclusion));
    }

    [Fact]
    public async Task A_failed_dispatch_asks_for_action_and_says_which()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var id = await world.DispatchWorkflowAsync("gone.yml");
        await world.DrainAsync();

        Assert.Equal("action_required", (await LastAsync(world)).Conclusion);
        Assert.Contains($"switchyard dispatch retry {id}", (await world.CheckRunAsync())["output"]!["summary"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_run_whose_answer_was_lost_is_not_made_twice()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var id = await world.DispatchWorkflowAsync();
        await WantAsync(world, id, "Quiet");
        Assert.Single(await world.EffectsAsync("check_run"));

        // As if the process had ended before it kept the id.
        await world.Database.WriteAsync(session => session.ExecuteAsync("update reports set check_run_id = null, creating = 1, digest = null, wanted = wanted + 1"), CancellationToken.None);
        await world.DrainAsync("reports");
        Assert.Single(await world.EffectsAsync("check_run"));
        Assert.NotNull(Assert.Single(await world.ReportsAsync()).CheckRunId);
    }

    [Fact]
    public async Task Without_the_permission_it_is_given_up_with_the_reason_and_the_dispatch_goes_on()
    {
        var permissions = Simulator.WorkflowWorld.Permissions;
        permissions.Remove("checks");
        await using var world = await DispatchWorld.StartAsync("sqlite", permissions: permissions);
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync();

        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
        var report = Assert.Single(await world.ReportsAsync());
        Assert.Equal(report.Wanted, report.Written);
        Assert.Contains("hecks", report.Error, StringComparison.Ordinal);
    }

    private static async Task WantAsync(DispatchWorld world, long dispatch, string state, string? detail = null, bool drain = true)
    {
        await world.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update pendings set state = @state, detail = @detail", new { state, detail });
                var (rule, repository, pending) = await session.FirstAsync<(long, long, long)>("select rule_id, github_repository_id, pending_id from pendings p join pending_sources s on s.pending_id = p.id limit 1");
                await world.Get<ReportStore>().WantAsync(session, RuleReports.SubjectOf(world.Provider, rule, DispatchWorld.Rule, repository, DispatchWorld.Source, world.Sha));
                Assert.True(pending > 0 && dispatch > 0);
            },
            CancellationToken.None);
        if (drain)
        {
            await world.DrainAsync("reports");
        }
    }

    private static async Task<(string? Status, string? Conclusion, string? Title)> LastAsync(DispatchWorld world)
    {
        var run = await world.CheckRunAsync();
        return (run["status"]?.ToString(), run["conclusion"]?.ToString(), run["output"]!["title"]?.ToString());
    }
}
