using System.Net;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Rules;

/// <summary>Why something ran, and why it did not.</summary>
public sealed class ExplainTests
{
    private const string Rules =
        """
        version: 1
        rules:
          - name: on-main
            on: { push: { repositories: [acme/the-app], branches: [main], paths: ["src/**"] } }
            do: [ { workflow: { repository: acme/the-tests, file: integration.yml } } ]
          - name: on-release
            on: { push: { repositories: [acme/the-app], branches: ["release/*"] } }
            do: [ { workflow: { repository: acme/the-tests, file: integration.yml } } ]
          - name: of-the-lib
            on: { push: { repositories: [acme/the-lib] } }
            do: [ { workflow: { repository: acme/the-tests, file: integration.yml } } ]
          - name: by-hand
            on: { manual: { repositories: [acme/the-app], inputs: [why] } }
            do: [ { workflow: { repository: acme/the-tests, file: integration.yml, inputs: { sha: "${{ signal.inputs.why }}" } } } ]
        """;

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Every_rule_says_what_it_made_of_a_commit_condition_by_condition(string kind)
    {
        await using var world = await StartAsync(kind, Rules);
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);

        var explanation = (await world.GetAsync($"/api/v1/explanations?repository=acme/the-app&sha={sha[..8]}")).EnumerateArray().Single();
        var rules = explanation.GetProperty("rules").EnumerateArray().ToDictionary(rule => Text(rule, "rule")!);

        Assert.Equal("Matched", Text(rules["on-main"], "result"));
        Assert.Equal("Released", Text(rules["on-main"], "pendingState"));
        Assert.Equal("Sent", Text(rules["on-main"].GetProperty("dispatches").EnumerateArray().Single(), "state"));
        Assert.Equal("NotMatched", Text(rules["on-release"], "result"));
        Assert.True(rules["on-release"].GetProperty("stored").GetBoolean());
        Assert.Contains(rules["on-release"].GetProperty("conditions").EnumerateArray(), condition => Text(condition, "name") == "branches" && Text(condition, "actual") == "main" && Text(condition, "outcome") == "NotMatched");
        Assert.False(rules["of-the-lib"].GetProperty("stored").GetBoolean());
        Assert.Equal("NotMatched", Text(rules["of-the-lib"], "result"));

        var dispatch = Text(rules["on-main"].GetProperty("dispatches").EnumerateArray().Single(), "id");
        var other = (await world.GetAsync($"/api/v1/explanations?dispatch={dispatch}&rule=on-main")).EnumerateArray().Single();
        Assert.Equal(Text(explanation, "signalId"), Text(other, "signalId"));
        Assert.Single(other.GetProperty("rules").EnumerateArray());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_change_outside_of_the_paths_starts_nothing_and_says_so(string kind)
    {
        await using var world = await StartAsync(kind, Rules);
        await world.PushAsync("acme/the-app", "docs/readme.md", "2");

        var evaluation = Items(await world.UntilAsync("/api/v1/evaluations?rule=on-main", list => Items(list).Any())).Single();
        Assert.Equal("NotMatched", Text(evaluation, "result"));
        Assert.Contains("paths", Text(evaluation, "reason"), StringComparison.Ordinal);
        await world.IdleAsync();
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_person_starts_a_rule_with_inputs_and_only_that_rule(string kind)
    {
        await using var world = await StartAsync(kind, Rules);
        var rules = Items(await world.GetAsync("/api/v1/rules")).ToDictionary(rule => Text(rule, "name")!, rule => Text(rule, "id")!);

        await RefusedAsync(world, rules["on-main"], new { repository = "acme/the-app" }, "manual");
        await RefusedAsync(world, rules["by-hand"], new { repository = "acme/the-app", inputs = new { what = "x" } }, "what");
        await RefusedAsync(world, rules["by-hand"], new { }, "acme/the-app");
        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{rules["by-hand"]}/start", new { repository = "acme/the-app", inputs = new { why = "because" } }, HttpStatusCode.Accepted);

        Assert.Equal("because", (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.Http.PostAsync(new Uri("/api/v1/rules/4711/enable", UriKind.Relative), null)).StatusCode);
    }

    private static async Task RefusedAsync(SwitchWorld world, string rule, object start, string word) =>
        Assert.Contains(word, Text(await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{rule}/start", start, HttpStatusCode.UnprocessableEntity), "detail"), StringComparison.Ordinal);
}
