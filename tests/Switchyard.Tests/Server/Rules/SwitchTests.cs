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
