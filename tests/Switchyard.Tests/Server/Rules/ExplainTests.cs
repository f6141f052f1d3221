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

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_commit_whose_place_was_taken_names_the_one_that_took_it_and_what_became_of_that(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("quiet: { for: 1h, max: 10h }"));
        string[] pushed = [await world.PushAsync("acme/the-app", "src/app.cs", "2"), await world.PushAsync("acme/the-app", "src/app.cs", "3"), await world.PushAsync("acme/the-app", "src/app.cs", "4")];
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("signals").GetInt64() == 3));
        var waiting = Items(await world.GetAsync("/api/v1/pendings")).Single();
        Assert.Equal((null, null), (Text(waiting, "quietEndedAt"), Text(waiting, "quietEndedBy")));
        Assert.Equal(Text(waiting, "dueAt"), Text(waiting, "quietUntil"));

        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(waiting, "id")}/now", null, HttpStatusCode.Accepted);
        await world.DispatchedAsync(1);

        var pending = await world.GetAsync($"/api/v1/pendings/{Text(waiting, "id")}");
        const string me = "test";
        Assert.Equal((me, me), (Text(pending, "quietEndedBy"), Text(pending, "endedBy")));
        Assert.Equal(Text(waiting, "quietUntil"), Text(pending, "quietUntil"));
        var steps = pending.GetProperty("steps").EnumerateArray().Select(step => step.ToString()).ToList();
        Assert.StartsWith("3 signals went in, from ", steps[0], StringComparison.Ordinal);
        Assert.EndsWith($" acme/the-app@{pushed[2][..7]}, the last of them, stands for all.", steps[0], StringComparison.Ordinal);
        Assert.Contains($"; {me} ended that at ", steps[1], StringComparison.Ordinal);
        Assert.StartsWith("It went on at ", steps[2], StringComparison.Ordinal);

        foreach (var sha in pushed)
        {
            var rule = (await world.GetAsync($"/api/v1/explanations?repository=acme/the-app&sha={sha}")).EnumerateArray().Single().GetProperty("rules").EnumerateArray().Single();
            Assert.Equal(sha == pushed[2] ? null : pushed[2], rule.GetProperty("supersededBy") is { ValueKind: not System.Text.Json.JsonValueKind.Null } newer ? Text(newer, "sha") : null);
            Assert.Equal(steps, rule.GetProperty("pendingSteps").EnumerateArray().Select(step => step.ToString()));
            Assert.Single(rule.GetProperty("dispatches").EnumerateArray());
        }

        // One Dispatch is one commit, whatever else went in.
        var dispatch = Text(Items(await world.GetAsync("/api/v1/dispatches")).Single(), "id");
        Assert.Equal(pushed[2], Text((await world.GetAsync($"/api/v1/explanations?dispatch={dispatch}")).EnumerateArray().Single(), "sha"));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_is_not_there_is_told_from_what_has_not_come_yet(string kind)
    {
        await using var world = await StartAsync(kind, Rules);

        Assert.Equal("There is no dispatch d-99.", await NothingAsync("dispatch=99"));
        Assert.Equal("There is no signal s-99, or it is no longer kept.", await NothingAsync("signal=99"));
        Assert.Equal("acme/the-ap is not linked, so nothing of it is known. Did you mean acme/the-app?", await NothingAsync("repository=acme/the-ap&sha=2206c24"));
        Assert.Equal("Nothing is known of acme/the-app@2206c24. A push that GitHub never told of is found by the poll, at the latest.", await NothingAsync("repository=acme/the-app&sha=2206c24"));

        async Task<string?> NothingAsync(string query) => Text(await world.SendAsync(HttpMethod.Get, "/api/v1/explanations?" + query, null, HttpStatusCode.NotFound), "detail");
    }

    private static async Task RefusedAsync(SwitchWorld world, string rule, object start, string word) =>
        Assert.Contains(word, Text(await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{rule}/start", start, HttpStatusCode.UnprocessableEntity), "detail"), StringComparison.Ordinal);
}
