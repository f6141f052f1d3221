using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Server.Rules;

/// <summary>The whole way of the README: a push to a source runs the target's workflow, and the commit is told.</summary>
public sealed class SwitchTests
{
    private const string RunsTests =
        """
        version: 1
        rules:
          - name: integration-tests
            on:
              push: { repositories: [acme/the-app, acme/the-lib], branches: [main] }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
        """;

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_push_to_a_source_runs_the_workflow_of_the_target_once_and_the_commit_is_told(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, RunsTests);

        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");

        var effects = await world.DispatchedAsync(1);
        Assert.Equal(sha, effects[0]["inputs"]!["sha"]!.ToString());
        var checks = await world.EffectsAsync("check_run");
        Assert.True(checks.Exists(check => check["sha"]?.ToString() == sha), await world.DescribeAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_start_by_hand_is_refused_where_nothing_would_come_of_it_and_a_dry_run_is_refused_the_same(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(
            kind,
            """
            version: 1
            rules:
              - name: smoke
                on:
                  push: { repositories: acme/the-app, branches: main, paths: ["src/**"] }
                  manual: { repositories: acme/the-app, inputs: [reason] }
                do:
                  - workflow: { repository: acme/the-tests, file: integration.yml }
            """);
        var rule = SwitchWorld.Items(await world.UntilAsync("/api/v1/rules", list => SwitchWorld.Items(list).Any())).Single();
        Assert.Equal(
            ["push in acme/the-app (branches: main; paths: src/**)", "manual in acme/the-app (inputs: reason)"], rule.GetProperty("when").EnumerateArray().Select(sentence => sentence.GetString()));
        var start = $"/api/v1/rules/{SwitchWorld.Text(rule, "id")}/start";
        foreach (var dryRun in (bool[])[true, false])
        {
            await world.SendAsync(HttpMethod.Post, start, new { repository = "acme/the-app", inputs = new { why = "x" }, dryRun }, HttpStatusCode.UnprocessableEntity);
            await world.SendAsync(HttpMethod.Post, start, new { repository = "acme/the-ap", dryRun }, HttpStatusCode.NotFound);
            await world.SendAsync(HttpMethod.Post, start, new { dryRun }, HttpStatusCode.UnprocessableEntity);
        }

        await world.SendAsync(HttpMethod.Post, start, new { repository = "acme/the-app", dryRun = true }, HttpStatusCode.NoContent);
        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{SwitchWorld.Text(rule, "id")}/disable", null, HttpStatusCode.OK);
        foreach (var dryRun in (bool[])[true, false])
        {
            var off = await world.SendAsync(HttpMethod.Post, start, new { repository = "acme/the-app", dryRun }, HttpStatusCode.Conflict);
            Assert.Equal("Rule \"smoke\" is switched off, so nothing would come of it.", SwitchWorld.Text(off, "detail"));
        }

        Assert.Empty(SwitchWorld.Items(await world.GetAsync("/api/v1/signals?kind=manual")));
        var unknown = await world.SendAsync(HttpMethod.Get, "/api/v1/evaluations?rule=smok", null, HttpStatusCode.NotFound);
        Assert.EndsWith("Did you mean \"smoke\"?", SwitchWorld.Text(unknown, "detail"), StringComparison.Ordinal);
        await world.SendAsync(HttpMethod.Get, "/api/v1/evaluations?rule=smoke&repository=acme/the-app", null, HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_pull_request_is_told_by_its_whole_ref_wherever_it_is_named(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(
            kind,
            """
            version: 1
            rules:
              - name: told
                on: { pull_request: { repositories: acme/the-app } }
                checks: { require: completed, names: [build], settle: 0s }
                do:
                  - dispatch: { repository: acme/the-tests, event_type: upstream-changed, payload: { sources: "${{ batch.sources }}" } }
            """);
        var pull = await world.ControlAsync("POST", "repositories/acme/the-app/pulls", new JsonObject { ["head"] = "change", ["title"] = "Change", ["message"] = "Change", ["files"] = new JsonObject { ["a.txt"] = "2" } });
        await world.ControlAsync("POST", "repositories/acme/the-app/checks", new JsonObject { ["sha"] = pull!["sha"]!.ToString(), ["name"] = "build", ["status"] = "completed", ["conclusion"] = "success" });

        var payload = (await world.DispatchedAsync(1))[0]["payload"]!;

        var expected = $"refs/pull/{pull["number"]}/head";
        Assert.Equal((expected, expected), (payload["sources"]![0]!["ref"]!.ToString(), payload["switchyard"]!["source"]!["ref"]!.ToString()));
    }
}
