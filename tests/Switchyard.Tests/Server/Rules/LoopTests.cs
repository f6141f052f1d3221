using System.Text.Json.Nodes;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Rules;

/// <summary>Rules that are started by what they start: the chain ends.</summary>
public sealed class LoopTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Signals:Settle"] = "00:00:00", ["Dispatches:MaxHops"] = "2", ["Reports:Interval"] = "00:00:00" };

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_rule_that_is_started_by_the_checks_of_its_own_run_ends_at_the_hop_limit(string kind)
    {
        await using var world = await StartAsync(kind, Rule("checks: { repositories: [acme/the-tests], branches: [main] }", "${{ signal.branch }}"), Settings);
        await world.ControlAsync("PUT", "plan", new JsonObject { ["secondsQueued"] = 0, ["secondsRunning"] = 0 });

        await world.UntilAsync("/api/v1/rules", list => Items(list).Any());

        await world.ControlAsync("POST", "repositories/acme/the-tests/checks", new JsonObject { ["name"] = "build" });

        await EndsAsync(world);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_workflow_that_pushes_to_the_branch_that_starts_it_ends_at_the_hop_limit(string kind)
    {
        await using var world = await StartAsync(kind, Rule("push: { repositories: [acme/the-tests], branches: [main] }", "main"), Settings);
        await world.ControlAsync("PUT", "plan", new JsonObject { ["secondsQueued"] = 0, ["secondsRunning"] = 0 });
        await world.ControlAsync("PUT", "faults/loops.echo", new JsonObject { ["repository"] = "acme/the-tests", ["app"] = "github-actions" });

        await world.PushAsync("acme/the-tests", "tests.cs", "1");

        await EndsAsync(world);
    }

    private static async Task EndsAsync(SwitchWorld world)
    {
        var dispatches = Items(await world.UntilAsync("/api/v1/dispatches", list => Items(list).Any(item => Text(item, "state") == "Suppressed"))).ToList();
        Assert.Equal(["Sent", "Sent", "Suppressed"], dispatches.OrderBy(item => long.Parse(Text(item, "id")!, System.Globalization.CultureInfo.InvariantCulture)).Select(item => Text(item, "state")));
        Assert.Contains("LoopGuard: 2 Dispatches in a row", dispatches.Select(item => Text(item, "error")).Single(error => error is not null), StringComparison.Ordinal);
        await world.DispatchedAsync(2);
    }

    private static string Rule(string on, string reference) =>
        $$"""
        version: 1
        rules:
          - name: round-and-round
            on: { {{on}} }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml, ref: "{{reference}}" }
        """;
}
