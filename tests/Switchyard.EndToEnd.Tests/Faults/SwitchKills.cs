using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended at each boundary between a Signal and its effect; what GitHub counts is one run and one check run.</summary>
public sealed class SwitchKills
{
    internal const string Lookup = "dispatch-lookup";

    private const string Once = "ended there, 1 workflow started, 1 check run";
    private const string Source = "acme/the-app";

    private const string Rules =
        """
        version: 1
        rules:
          - name: integration-tests
            on: { push: { repositories: [acme/the-app], branches: [main] } }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
        """;

    private const string Workflow =
        """
        name: integration
        run-name: integration ${{ inputs.switchyard_id }}
        on:
          workflow_dispatch:
            inputs: { sha: { required: true }, switchyard_id: { required: false } }
        jobs:
          test: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
        """;

    private static readonly JsonObject App = new()
    {
        ["permissions"] = new JsonObject { ["contents"] = "write", ["actions"] = "write", ["checks"] = "write", ["statuses"] = "read", ["pull_requests"] = "read", ["metadata"] = "read" },
        ["events"] = new JsonArray("push", "repository", "check_run", "check_suite", "status", "workflow_run", "workflow_dispatch", "repository_dispatch"),
    };

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_each_boundary_from_the_signal_to_the_run_there_is_one_effect(string kind)
    {
        await using var stage = await StartAsync(kind);
        var rows = new FaultRows(kind);
        foreach (var point in KillPoints.Switching)
        {
            stage.Faults.Arm(point);
            var sha = await stage.GitHub.CommitAsync(Source, new JsonObject { ["app.cs"] = point }, point);
            var fell = await stage.FallAsync(Stage.Patience);
            await stage.StartServerAsync();
            await RestAsync(stage, sha);
            rows.Add($"kill -9 at {point}", Once, $"{(fell ? "ended there" : "NOT ended")}, {await CountAsync(stage, sha)}");
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_looking_for_a_lost_answer_a_workflow_is_started_twice(string kind)
    {
        await using var stage = await StartAsync(kind);
        var rows = new FaultRows(kind);
        stage.Faults.Arm("dispatch-called");
        var sha = await stage.GitHub.CommitAsync(Source, new JsonObject { ["app.cs"] = "control" }, "control");
        await stage.FallAsync(Stage.Patience);
        await stage.StartServerAsync(Lookup);
        await RestAsync(stage, sha);
        rows.Add($"CONTROL without {Lookup}: kill -9 at dispatch-called", "2 workflows started, 1 check run", await CountAsync(stage, sha));
        rows.Verify();
    }

    private static async Task<Stage> StartAsync(string kind)
    {
        var stage = await Stage.StartAsync(kind, new StageOptions
        {
            App = App,
            Install = false,
            Environment = new Dictionary<string, string>
            {
                ["SWITCHYARD_Dispatches__SendTimeout"] = "00:00:02",
                ["SWITCHYARD_Dispatches__LookFor"] = "00:00:05",
                ["SWITCHYARD_Reports__Interval"] = "00:00:00",
            },
        });
        await stage.AddRepositoryAsync("the-app", files: new JsonObject { ["app.cs"] = "1" });
        await stage.AddRepositoryAsync("the-tests", files: new JsonObject { [".github/workflows/integration.yml"] = Workflow });
        await stage.AddRepositoryAsync(".github", files: new JsonObject { ["switchyard.yml"] = Rules });
        await stage.InstallAsync();
        await stage.QuietAsync(Source, "acme/the-tests", "acme/.github");
        await Waiting.UntilAsync(() => stage.Hub.CountAsync("/api/v1/rules"), count => count == 1, Stage.Patience, "the rule is in force");
        return stage;
    }

    /// <summary>Waits until the workflow ran, nothing more is to be sent, and the check run on the commit says how it ended.</summary>
    private static async Task RestAsync(Stage stage, string sha)
    {
        await Waiting.UntilAsync(() => StartsAsync(stage, sha), starts => starts > 0, Stage.Patience, $"the workflow is started for {sha}");
        await Waiting.UntilAsync(() => ChecksAsync(stage, sha), checks => checks.Contains("completed", StringComparison.Ordinal), Stage.Patience, $"the check run on {sha} is completed");
        await Waiting.UntilAsync(
            async () => (await stage.Hub.ListAsync("/api/v1/dispatches")).Count(dispatch => dispatch["state"]!.ToString() != "Sent"), open => open == 0, Stage.Patience, "every dispatch is sent");
        await stage.QuietAsync(Source);
    }

    private static async Task<string> CountAsync(Stage stage, string sha)
    {
        var (starts, checks) = (await StartsAsync(stage, sha), (await ChecksAsync(stage, sha)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        return $"{starts} workflow{(starts == 1 ? "" : "s")} started, {checks} check run{(checks == 1 ? "" : "s")}";
    }

    /// <summary>Counted by GitHub: every dispatch that it accepted for the commit.</summary>
    private static async Task<int> StartsAsync(Stage stage, string sha) =>
        (await stage.GitHub.ControlAsync("GET", "/effects?kind=workflow_dispatch")).AsArray().Count(effect => effect!["inputs"]?["sha"]?.ToString() == sha);

    private static async Task<string> ChecksAsync(Stage stage, string sha) => string.Join(
        ' ',
        (await stage.GitHub.ControlAsync("GET", $"/repositories/{Source}/checks?sha={sha}")).AsArray()
            .Where(check => check!["name"]!.ToString().StartsWith("Switchyard /", StringComparison.Ordinal)).Select(check => check!["status"]!.ToString()));
}
