using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended at each boundary between a Signal and its effect; what GitHub counts is one run and one check run.</summary>
public sealed class SwitchKills
{
    private const string Once = "ended there, " + SwitchWorld.Once;

    /// <summary>Starts when the checks of a commit are done.</summary>
    private static readonly Route Settled = new("settled") { On = "checks: { repositories: SOURCE, branches: main }" };

    /// <summary>Comes into the file of rules later.</summary>
    private static readonly Route Late = new("late");

    private static readonly Route[] Routes = [Route.Straight, Route.Quiet, Route.Gated, Settled];

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_each_boundary_from_the_signal_to_the_run_there_is_one_effect(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, Routes);
        var rows = new FaultRows(kind);
        foreach (var point in KillPoints.Switching)
        {
            world.Stage.Faults.Arm(point);
            var sha = await world.PushAsync(Route.Straight, point);
            await FallAsync(world, rows, point, Route.Straight, sha);
        }

        await LookedAsync(world, rows, "dispatch.acceptThenFail", "that GitHub had taken");
        await LookedAsync(world, rows, "dispatch.failBefore", "that GitHub had not taken");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task While_something_waits_and_before_it_is_known_of_there_is_one_effect(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, Routes, settings: new Dictionary<string, string> { ["SWITCHYARD_Signals__PollInterval"] = "00:00:03" });
        var stage = world.Stage;
        var rows = new FaultRows(kind);

        var quiet = await world.PushAsync(Route.Quiet, "quiet");
        await world.WaitsAsync(Route.Quiet, "Quiet");
        await stage.KillAsync();
        await stage.StartServerAsync();
        await world.NowAsync(Route.Quiet);
        await world.RestAsync(quiet, Route.Quiet);
        rows.Add("kill -9 while quiet", SwitchWorld.Once, await world.CountAsync(quiet, Route.Quiet));

        // The checks pass while nobody is there to hear of it.
        var gated = await world.PushAsync(Route.Gated, "gated");
        await world.WaitsAsync(Route.Gated, "Checks");
        await stage.KillAsync();
        await world.PassAsync(Route.Gated, gated);
        await stage.StartServerAsync();
        await world.RestAsync(gated, Route.Gated);
        rows.Add("kill -9 while waiting for checks", SwitchWorld.Once, await world.CountAsync(gated, Route.Gated));

        stage.Faults.Arm("pending-waits");
        gated = await world.PushAsync(Route.Gated, "pending-waits");
        await FallAsync(world, rows, "pending-waits", Route.Gated, gated, () => world.PassAsync(Route.Gated, gated));

        var settled = await world.PushAsync(Settled, "checks-read");
        stage.Faults.Arm("checks-read");
        await world.PassAsync(Settled, settled);
        await FallAsync(world, rows, "checks-read", Settled, settled);

        // Nothing tells of the push: the first poll after the next start finds it.
        await stage.KillAsync();
        await world.GitHub.FaultAsync("deliveries.drop", new JsonObject { ["event"] = "push", ["logged"] = false });
        var polled = await world.PushAsync(Route.Straight, "poll-refs-listed");
        await world.GitHub.IdleAsync();
        await world.GitHub.ClearAsync("deliveries.drop");
        stage.Faults.Arm("poll-refs-listed");
        await stage.StartServerToFallAsync();
        await FallAsync(world, rows, "poll-refs-listed", Route.Straight, polled);

        await world.GitHub.AddAsync(Late.Source, files: new JsonObject { ["change.txt"] = "1" });
        await stage.QuietAsync(Late.Source);
        stage.Faults.Arm("rules-loaded");
        await world.GitHub.CommitAsync(SwitchWorld.Central, new JsonObject { [SwitchWorld.RuleFile] = Route.File([.. Routes, Late]) });
        var late = "";
        await FallAsync(world, rows, "rules-loaded", Late, () => late, async () =>
        {
            await world.RulesAsync(Routes.Length + 1);
            late = await world.PushAsync(Late, "rules-loaded");
        });
        rows.Verify();
    }

    /// <summary>The answer is lost, and the process ends between looking for it and what follows from that.</summary>
    private static async Task LookedAsync(SwitchWorld world, FaultRows rows, string fault, string what)
    {
        world.Stage.Faults.Arm("dispatch-looked");
        await world.GitHub.FaultAsync(fault, new JsonObject { ["times"] = 1 });
        var sha = await world.PushAsync(Route.Straight, fault);
        await FallAsync(world, rows, "dispatch-looked", Route.Straight, sha, what: " for one " + what);
        await world.GitHub.ClearAsync(fault);
    }

    private static Task FallAsync(SwitchWorld world, FaultRows rows, string point, Route route, string sha, Func<Task>? then = null, string what = "") =>
        FallAsync(world, rows, point, route, () => sha, then, what);

    private static async Task FallAsync(SwitchWorld world, FaultRows rows, string point, Route route, Func<string> sha, Func<Task>? then = null, string what = "")
    {
        var fell = await world.Stage.FallAsync(Stage.Patience);
        await world.Stage.StartServerAsync();
        await (then?.Invoke() ?? Task.CompletedTask);
        await world.RestAsync(sha(), route);
        rows.Add($"kill -9 at {point}{what}", Once, $"{(fell ? "ended there" : "NOT ended")}, {await world.CountAsync(sha(), route)}");
    }
}
