using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>Two rules that start each other, as each run pushes to its own repository: no hop travels over a push, so their pace shows it.</summary>
public sealed class SwitchLoops
{
    internal const string Guard = "loop-guard";

    private const int Brake = 3;
    private const int Pushes = 8;

    /// <summary>No answer is lost here, so one that comes late on a busy machine is waited for.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["SWITCHYARD_Dispatches__LoopBrake"] = $"{Brake}",
        ["SWITCHYARD_Dispatches__SendTimeout"] = "00:00:20",
        ["SWITCHYARD_Dispatches__LookFor"] = "00:00:30",
    };

    private static readonly Route There = new("there") { Target = "acme/back" };
    private static readonly Route Back = new("back") { Target = "acme/there", Action = Route.ShownEvent };

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_loop_of_two_rules_is_cut_off(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, [There, Back], settings: Settings);
        var rows = new FaultRows(kind);
        rows.Add(
            $"a loop of two rules whose runs push, with a brake at {Brake}",
            $"{2 * Brake} workflows started, then Suppressed: LoopGuard",
            await RunAsync(world, $"{2 * Brake}", "Suppressed: LoopGuard"));

        await world.Stage.StartServerAsync(Guard);
        rows.Add($"CONTROL without {Guard}: a loop of two rules that {Pushes} runs keep going", $"{Pushes + 1} workflows started, then Sent", await RunAsync(world, $"{Pushes + 1}", "Sent"));
        rows.Verify();
    }

    /// <summary>A run pushes only so often in all, so that the loop ends where nothing cuts it off.</summary>
    private static async Task<string> RunAsync(SwitchWorld world, string starts, string end)
    {
        var before = (await world.StartedAsync()).Count;
        await world.GitHub.FaultAsync("loops.echo", new JsonObject { ["times"] = Pushes });
        await world.PushAsync(There, $"the first of {starts}");
        var seen = await LifeCycle.LastAsync(() => SeenAsync(world, before), text => text == $"{starts} workflows started, then {end}");
        await world.RestAsync();
        await world.GitHub.ClearAsync("loops.echo");
        return await SeenAsync(world, before) is var after && after == seen ? after : $"{seen}, and later {after}";
    }

    private static async Task<string> SeenAsync(SwitchWorld world, int before)
    {
        var last = (await world.Stage.Hub.GetAsync("/api/v1/dispatches?limit=1"))["items"]!.AsArray().FirstOrDefault();
        var error = last?["error"]?.ToString().Split(':')[0];
        return $"{(await world.StartedAsync()).Count - before} workflows started, then {last?["state"]}{(error is null ? "" : ": " + error)}";
    }
}
