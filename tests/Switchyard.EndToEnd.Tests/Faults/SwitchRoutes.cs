using System.Text.Json.Nodes;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>A source repository, the rule of its name, and what that rule starts.</summary>
internal sealed record Route(string Name)
{
    /// <summary>Its Run shows our id.</summary>
    public const string Shown = "workflow: { repository: TARGET, file: shown.yml, inputs: { sha: \"${{ signal.sha }}\" } }";

    /// <summary>The workflow neither takes our id nor shows one.</summary>
    public const string Plain = "workflow: { repository: TARGET, file: plain.yml, inputs: { sha: \"${{ signal.sha }}\" } }";

    public const string ShownEvent = "dispatch: { repository: TARGET, event_type: shown, payload: { sha: \"${{ signal.sha }}\" } }";

    public const string PlainEvent = "dispatch: { repository: TARGET, event_type: plain, payload: { sha: \"${{ signal.sha }}\" } }";

    /// <summary>No workflow listens to it.</summary>
    public const string UnheardEvent = "dispatch: { repository: TARGET, event_type: unheard, payload: { sha: \"${{ signal.sha }}\" } }";

    /// <summary>The route that most rows take.</summary>
    public static Route Straight { get; } = new("straight");

    /// <summary>Waits for quiet longer than any test takes, so that the test says when it is over.</summary>
    public static Route Quiet { get; } = new("quiet") { More = "quiet: { for: 10m, max: 1h, keep: latest }" };

    /// <summary>Waits for a check of its commit.</summary>
    public static Route Gated { get; } = new("gated") { More = "checks: { require: success, names: [build], settle: 1s }" };

    public string Source => "acme/" + Name;

    public string Target { get; init; } = "acme/the-tests";

    public string On { get; init; } = "push: { repositories: [SOURCE], branches: [main] }";

    public string Action { get; init; } = Shown;

    /// <summary>A further line of the rule.</summary>
    public string More { get; init; } = "report: check";

    /// <summary>What every target holds: each way of being started, with and without an id in the title of the Run.</summary>
    public static JsonObject Workflows { get; } = new()
    {
        [".github/workflows/shown.yml"] = Workflow("shown ${{ inputs.switchyard_id }}", "workflow_dispatch: { inputs: { sha: { required: true }, switchyard_id: { required: false } } }"),
        [".github/workflows/plain.yml"] = Workflow("plain", "workflow_dispatch: { inputs: { sha: { required: true } } }"),
        [".github/workflows/shown-event.yml"] = Workflow("shown event ${{ github.event.client_payload.switchyard.dispatch }}", "repository_dispatch: { types: [shown] }"),
        [".github/workflows/plain-event.yml"] = Workflow("plain event", "repository_dispatch: { types: [plain] }"),
    };

    /// <summary>The account's file of rules.</summary>
    public static string File(IEnumerable<Route> routes) => "version: 1\nrules:\n" + string.Concat(routes.Select(route => route.ToRule()));

    private string ToRule() =>
        $$"""
          - name: {{Name}}
            on: { {{On.Replace("SOURCE", Source, StringComparison.Ordinal)}} }
            {{More}}
            do:
              - {{Action.Replace("TARGET", Target, StringComparison.Ordinal)}}

        """;

    private static string Workflow(string title, string trigger) =>
        $$"""
        name: tests
        run-name: {{title}}
        on:
          {{trigger}}
        jobs:
          test: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
        """;
}
