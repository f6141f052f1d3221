using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>A GitHub that loses its answer, refuses, limits, moves the target away or suspends: what is to be started is started once.</summary>
public sealed class SwitchGitHubFaults
{
    internal const string TakenWithoutRun = "5xx after accepting, and no run comes of it";

    private static readonly Route Plain = new("plain") { Action = Route.Plain };
    private static readonly Route Moving = new("moving") { Target = "acme/the-moving-tests", More = Route.Quiet.More };
    private static readonly Route Unheard = new("unheard") { Action = Route.UnheardEvent };
    private static readonly Route Own = new("own") { On = "pull_request: { repositories: [SOURCE] }" };
    private static readonly Route Forks = new("forks") { On = "pull_request: { repositories: [SOURCE], forks: true }" };

    private static readonly (string What, Route Route, (string Name, JsonObject Arguments)[] Faults)[] Passing =
    [
        ("5xx after accepting", Route.Straight, [("dispatch.acceptThenFail", Once())]),
        ("the connection breaks after accepting", Route.Straight, [("dispatch.acceptThenDrop", Once())]),
        ("a time-out after accepting", Route.Straight, [("dispatch.acceptThenDrop", Once(("hold", true)))]),
        ("5xx without accepting", Route.Straight, [("dispatch.failBefore", Once())]),
        ("the secondary limit, 403 with retry-after", Route.Straight, [("limits.secondary", Once(("seconds", 1), ("route", "/dispatches")))]),
        ("the secondary limit, 429 with retry-after", Route.Straight, [("limits.secondary", Once(("seconds", 1), ("route", "/dispatches"), ("status", 429)))]),
        ("GitHub's clock is 5 minutes ahead, 5xx after accepting", Plain, [("jwt.clockSkew", new() { ["seconds"] = 300 }), ("dispatch.acceptThenFail", Once())]),
        ("GitHub's clock is 5 minutes behind, 5xx after accepting", Plain, [("jwt.clockSkew", new() { ["seconds"] = -300 }), ("dispatch.acceptThenFail", Once())]),
        ("GitHub's clock is 5 minutes behind, 5xx without accepting", Plain, [("jwt.clockSkew", new() { ["seconds"] = -300 }), ("dispatch.failBefore", Once())]),
    ];

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Whatever_GitHub_answers_a_workflow_is_started_once(string kind)
    {
        await using var world = await StartAsync(kind, Route.Straight, Plain);
        var rows = new FaultRows(kind);
        foreach (var (what, route, faults) in Passing)
        {
            foreach (var (name, arguments) in faults)
            {
                await world.GitHub.FaultAsync(name, (JsonObject)arguments.DeepClone());
            }

            var sha = await world.PushAsync(route, what);
            await world.RestAsync(sha, route);
            var struck = await StruckAsync(world, faults[^1].Name);
            foreach (var (name, _) in faults)
            {
                await world.GitHub.ClearAsync(name);
            }

            rows.Add($"switch: {what}", $"struck once, {SwitchWorld.Once}", $"struck {(struck == 1 ? "once" : $"{struck} times")}, {await world.CountAsync(sha, route)}");
        }

        rows.Add($"switch: {TakenWithoutRun}", SwitchWorld.Once, await TakenWithoutRunAsync(world));

        // A process that has just started has no tokens yet.
        await world.Stage.KillAsync();
        await world.GitHub.FaultAsync("tokens.lag", new JsonObject { ["uses"] = 1 });
        await world.Stage.StartServerAsync();
        var fresh = await world.PushAsync(Route.Straight, "fresh");
        await world.RestAsync(fresh);
        await world.GitHub.ClearAsync("tokens.lag");
        var refused = (await world.GitHub.LogAsync("?kind=rest&method=POST&contains=/dispatches")).Count(request => request["status"]!.GetValue<int>() == 401);
        rows.Add("switch: 401 for a fresh token", $"refused once, {SwitchWorld.Once}", $"refused {(refused == 1 ? "once" : $"{refused} times")}, {await world.CountAsync(fresh)}");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_cannot_be_started_now_or_not_at_all_is_said(string kind)
    {
        await using var world = await StartAsync(kind, Route.Quiet, Moving, Unheard, Own, Forks);
        var rows = new FaultRows(kind);

        var moved = await world.PushAsync(Moving, "before");
        await world.WaitsAsync(Moving, "Quiet");
        await world.GitHub.ActAsync(Moving.Target, "rename", new JsonObject { ["name"] = "the-moved-tests" });
        await world.NowAsync(Moving);
        await world.RestAsync(moved, Moving);
        rows.Add("switch: the target is renamed while something waits", SwitchWorld.Once, await world.CountAsync(moved, Moving));
        moved = await world.PushAsync(Moving, "after");
        await world.WaitsAsync(Moving, "Quiet");
        await world.NowAsync(Moving);
        await world.RestAsync(moved, Moving);
        rows.Add("switch: the rule still names the target as it was called", SwitchWorld.Once, await world.CountAsync(moved, Moving));

        var unheard = await world.PushAsync(Unheard, "unheard");
        await world.RestAsync(unheard, Unheard);
        var run = (await DispatchAsync(world, Unheard))["run"];
        rows.Add(
            "switch: no workflow listens",
            "1 workflow started, 1 check run, 0 runs, NoListener: No workflow in acme/the-tests listens to `unheard`.",
            $"{await world.CountAsync(unheard, Unheard)}, {(await world.StartedAsync())[^1]["runs"]!.AsArray().Count} runs, {run?["match"]}: {run?["detail"]?.ToString().Split(" There are ")[0]}");

        var own = await ForkAsync(world, Own);
        var result = await LifeCycle.LastAsync(
            async () => string.Join(", ", (await world.Stage.Hub.ListAsync("/api/v1/evaluations?sha=" + own)).Select(evaluation => evaluation["result"]!.ToString())), text => text.Length > 0);
        await world.RestAsync();
        rows.Add("switch: a pull request from a fork", "NotMatched, 0 workflows started, 0 check runs", $"{result}, {await world.CountAsync(own, Own)}");
        var allowed = await ForkAsync(world, Forks);
        await world.RestAsync(allowed, Forks);
        rows.Add("switch: a pull request from a fork, and the rule allows it", SwitchWorld.Once, await world.CountAsync(allowed, Forks));

        var held = await world.PushAsync(Route.Quiet, "suspended");
        await world.WaitsAsync(Route.Quiet, "Quiet");
        await world.GitHub.FaultAsync("installation.suspend");
        await world.NowAsync(Route.Quiet);
        var said = await LifeCycle.LastAsync(async () => (await DispatchAsync(world, Route.Quiet))["error"]?.ToString() ?? "", text => text.Length > 0);
        var (state, before) = ((await DispatchAsync(world, Route.Quiet))["state"], await world.StartsAsync(held));
        rows.Add("switch: the installation is suspended", "0 workflows started, Pending: it is suspended", $"{before} workflows started, {state}: {(said.Contains("suspended", StringComparison.Ordinal) ? "it is suspended" : said)}");
        await world.GitHub.ClearAsync("installation.suspend");
        await world.RestAsync(held, Route.Quiet);
        rows.Add("switch: it is suspended no longer", SwitchWorld.Once, await world.CountAsync(held, Route.Quiet));
        rows.Verify();
    }

    /// <summary>What GitHub counts where only the App's echo can tell that the dispatch was taken.</summary>
    internal static async Task<string> TakenWithoutRunAsync(SwitchWorld world)
    {
        await world.GitHub.FaultAsync("dispatch.swallow", Once());
        await world.GitHub.FaultAsync("dispatch.acceptThenFail", Once());
        var sha = await world.PushAsync(Route.Straight, TakenWithoutRun);
        await world.RestAsync(sha, shown: false);
        await world.GitHub.ClearAsync("dispatch.swallow");
        await world.GitHub.ClearAsync("dispatch.acceptThenFail");
        return await world.CountAsync(sha);
    }

    private static Task<SwitchWorld> StartAsync(string kind, params Route[] routes) =>
        SwitchWorld.StartAsync(kind, routes, settings: new Dictionary<string, string> { ["SWITCHYARD_Dispatches__NoRunAfter"] = "00:00:05" });

    private static JsonObject Once(params (string Name, JsonNode Value)[] more) => new([new("times", 1), .. more.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value))]);

    private static async Task<int> StruckAsync(SwitchWorld world, string fault) =>
        (await world.GitHub.ControlAsync("GET", "/faults")).AsArray().Single(one => one!["name"]!.ToString() == fault)!["struck"]!.GetValue<int>();

    private static async Task<JsonNode> DispatchAsync(SwitchWorld world, Route route) =>
        (await Waiting.UntilAsync(() => world.Stage.Hub.ListAsync("/api/v1/dispatches?rule=" + route.Name), list => list.Count > 0, Stage.Patience, $"{route.Name} is to be sent"))[0];

    private static async Task<string> ForkAsync(SwitchWorld world, Route route)
    {
        await world.GitHub.ActAsync(route.Source, "fork", new JsonObject { ["owner"] = "stranger" });
        var pull = await world.GitHub.ControlAsync("POST", $"/repositories/{route.Source}/pulls", new JsonObject
        {
            ["head"] = "stranger:change",
            ["author"] = "stranger",
            ["files"] = new JsonObject { ["change.txt"] = "theirs" },
        });
        return pull["sha"]!.ToString();
    }
}
