using System.Text;
using System.Text.Json.Nodes;
using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Dispatches;
using Switchyard.Server.Webhooks;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>Runs are followed to their ends, found where nothing names them, and missed aloud where there are none.</summary>
public sealed class TrackTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_run_is_followed_by_looking_at_it_and_no_more_once_it_has_ended(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.ControlAsync("PUT", "repositories/acme/the-tests/plan", new JsonObject { ["secondsQueued"] = 20, ["secondsRunning"] = 100, ["conclusion"] = "failure" });
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal("queued", (await world.RunAsync(id))!.Status);

        await world.PassAsync(TimeSpan.FromSeconds(50));
        Assert.Equal("in_progress", (await world.RunAsync(id))!.Status);

        await world.PassAsync(TimeSpan.FromSeconds(200));
        var run = (await world.RunAsync(id))!;
        Assert.Equal(("completed", "failure", 1L, null), (run.Status, run.Conclusion, run.Attempt, run.DueAt));
        Assert.NotNull(run.EndedAt);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Deliveries_tell_how_it_goes_in_any_order_and_a_rerun_begins_again(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        await world.ControlAsync("PUT", "repositories/acme/the-tests/plan", new JsonObject { ["manual"] = true });
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");
        var run = (await world.RunAsync(id))!.GithubId!.Value;

        // Shuffled: its end first, then what came before it, and each of them twice.
        foreach (var (attempt, status, conclusion, minute) in new[] { (1, "in_progress", null, 2), (1, "completed", "failure", 3), (1, "queued", null, 1), (1, "in_progress", null, 2), (1, "completed", "failure", 3), ((int, string, string?, int))(1, "in_progress", null, 4) })
        {
            await TellAsync(world, run, attempt, status, conclusion, minute);
        }

        Assert.Equal(("completed", "failure"), ((await world.RunAsync(id))!.Status, (await world.RunAsync(id))!.Conclusion));

        await TellAsync(world, run, 2, "queued", null, 5);
        Assert.Equal((2L, "queued", null), ((await world.RunAsync(id))!.Attempt, (await world.RunAsync(id))!.Status, (await world.RunAsync(id))!.Conclusion));
        await TellAsync(world, run, 1, "completed", "failure", 6);
        await TellAsync(world, run, 2, "completed", "success", 7);
        Assert.Equal((2L, "completed", "success"), ((await world.RunAsync(id))!.Attempt, (await world.RunAsync(id))!.Status, (await world.RunAsync(id))!.Conclusion));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Several_events_at_once_have_a_run_each(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await world.DispatchEventAsync());
            await world.DrainAsync("dispatches");
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await world.PassAsync(TimeSpan.FromSeconds(10));

        var effects = (await world.EffectsAsync("run")).Select(effect => (effect["runId"] ?? effect["id"] ?? effect["run"])!.GetValue<long>()).ToList();
        var linked = new List<long>();
        foreach (var id in ids)
        {
            linked.Add((await world.RunAsync(id))!.GithubId!.Value);
        }

        Assert.Equal(effects, linked);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Nobody_listens_is_said_with_what_is_listened_to(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var id = await world.DispatchEventAsync("model-changed");
        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromSeconds(110));
        Assert.Equal(RunMatch.NotLinked, (await world.RunAsync(id))!.Match);
        await world.PassAsync(TimeSpan.FromSeconds(15));

        var run = (await world.RunAsync(id))!;
        Assert.Equal(RunMatch.NoListener, run.Match);
        Assert.Equal("No workflow in acme/the-tests listens to `model-changed`. There are listeners to `upstream-changed`.", run.Detail);
        Assert.Contains("on.repository_dispatch.types", run.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_and_nothing_started_is_said_and_a_run_that_comes_late_is_linked_all_the_same()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.FaultAsync("runs.listLag", new JsonObject { ["ms"] = 200_000 });
        var id = await world.DispatchEventAsync();
        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromSeconds(125));
        Assert.Equal(RunMatch.NoListener, (await world.RunAsync(id))!.Match);
        Assert.Contains("Actions blocks bursts", (await world.RunAsync(id))!.Detail, StringComparison.Ordinal);

        await world.PassAsync(TimeSpan.FromSeconds(400));
        Assert.Equal((RunMatch.ProbableMatch, null), ((await world.RunAsync(id))!.Match, (await world.RunAsync(id))!.Detail));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_is_cancelled_and_not_failed()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        await world.ControlAsync("PUT", "repositories/acme/the-tests/plan", new JsonObject { ["manual"] = true });
        var id = await world.DispatchWorkflowAsync();
        await world.DrainAsync("dispatches");
        var actions = world.Get<DispatchActions>();
        Assert.True((await actions.CancelRunAsync(await world.FindAsync(id), CancellationToken.None)).Done);
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("cancelled", (await world.RunAsync(id))!.Conclusion);

        Assert.False((await actions.CancelRunAsync(await world.FindAsync(id), CancellationToken.None)).Done);
        Assert.True((await actions.RerunAsync(await world.FindAsync(id), failedOnly: false, CancellationToken.None)).Done);
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((2L, "queued"), ((await world.RunAsync(id))!.Attempt, (await world.RunAsync(id))!.Status));
    }

    private static async Task TellAsync(DispatchWorld world, long run, int attempt, string status, string? conclusion, int minute)
    {
        var payload = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["action"] = status,
            ["workflow_run"] = new JsonObject
            {
                ["id"] = run,
                ["run_attempt"] = attempt,
                ["status"] = status,
                ["conclusion"] = conclusion,
                ["event"] = "workflow_dispatch",
                ["updated_at"] = $"2026-11-21T10:{minute:00}:00Z",
            },
            ["repository"] = new JsonObject { ["id"] = 1, ["full_name"] = DispatchWorld.Target },
        }.ToJsonString());
        var handler = world.Get<IEnumerable<IDeliveryHandler>>().OfType<RunHandler>().Single();
        await world.Database.WriteAsync(
            session => handler.HandleAsync(new DeliveryContext(session, new ReceivedDelivery { Id = 1, ProviderId = world.Provider, Event = "workflow_run" }, WebhookEnvelope.Read(payload), payload)),
            CancellationToken.None);
    }
}
