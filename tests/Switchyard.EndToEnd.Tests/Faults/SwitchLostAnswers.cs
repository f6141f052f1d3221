using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>
/// The answer to a dispatch is lost, for both kinds of dispatch, where the Run shows our id and where it does not, where GitHub
/// tells the App of dispatches and runs and where it does not: whatever is left to tell by, there is one effect.
/// </summary>
public sealed class SwitchLostAnswers
{
    private static readonly (string What, Route Route)[] Targets =
    [
        ("workflow_dispatch", new("shown") { Target = "acme/tests-1" }),
        ("workflow_dispatch, no id in run-name", new("plain") { Target = "acme/tests-2", Action = Route.Plain }),
        ("repository_dispatch", new("shown-event") { Target = "acme/tests-3", Action = Route.ShownEvent }),
        ("repository_dispatch, no id in run-name", new("plain-event") { Target = "acme/tests-4", Action = Route.PlainEvent }),
    ];

    private static readonly (string What, string Fault, JsonObject Arguments)[] Lost =
    [
        ("5xx after accepting", "dispatch.acceptThenFail", []),
        ("a time-out after accepting", "dispatch.acceptThenDrop", new() { ["hold"] = true }),
    ];

    public static TheoryData<string, bool> Ways => new() { { "sqlite", true }, { "sqlite", false }, { "postgresql", true }, { "postgresql", false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_is_left_to_tell_by_there_is_one_effect(string kind, bool echoes)
    {
        await using var world = await SwitchWorld.StartAsync(kind, [.. Targets.Select(target => target.Route)], echoes);
        var rows = new FaultRows(kind);
        var without = echoes ? "" : ", echo events off";
        foreach (var (what, route) in Targets)
        {
            world.Stage.Faults.Arm("dispatch-called");
            var sha = await world.PushAsync(route, "killed");
            var fell = await world.Stage.FallAsync(Stage.Patience);
            await world.Stage.StartServerAsync();
            await world.RestAsync(sha, route, shown: false);
            rows.Add($"kill -9 at dispatch-called: {what}{without}", "ended there, " + SwitchWorld.Once, $"{(fell ? "ended there" : "NOT ended")}, {await world.CountAsync(sha, route)}");
        }

        foreach (var (lost, fault, arguments) in Lost)
        {
            // Each to a target of its own, at the same time: every first try is struck, and no second one.
            var all = (JsonObject)arguments.DeepClone();
            all["times"] = Targets.Length;
            await world.GitHub.FaultAsync(fault, all);
            var pushed = new List<(string What, Route Route, string Sha)>();
            foreach (var (what, route) in Targets)
            {
                pushed.Add((what, route, await world.PushAsync(route, lost)));
            }

            foreach (var (what, route, sha) in pushed)
            {
                await world.RestAsync(sha, route, shown: false);
            }

            await world.GitHub.ClearAsync(fault);
            foreach (var (what, route, sha) in pushed)
            {
                rows.Add($"{lost}: {what}{without}", SwitchWorld.Once, await world.CountAsync(sha, route));
            }
        }

        rows.Verify();
    }
}
