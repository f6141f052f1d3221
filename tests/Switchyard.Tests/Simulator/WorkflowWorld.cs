using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>A simulated GitHub whose App may do all that this product does, with a repository "acme/the-tests" that has workflows.</summary>
internal static class WorkflowWorld
{
    public const string Tests = "/repos/acme/the-tests";
    public const string Control = "/repositories/acme/the-tests";

    public static readonly IReadOnlyList<string> Events =
    [
        "push", "create", "delete", "release", "repository_dispatch", "workflow_dispatch", "workflow_run", "workflow_job", "check_run",
        "check_suite", "status", "pull_request",
    ];

    public static JsonObject Permissions => new()
    {
        ["contents"] = "write",
        ["actions"] = "write",
        ["checks"] = "write",
        ["statuses"] = "write",
        ["pull_requests"] = "write",
        ["secrets"] = "write",
        ["environments"] = "write",
        ["organization_secrets"] = "write",
        ["workflows"] = "write",
        ["administration"] = "read",
        ["repository_hooks"] = "write",
    };

    public static JsonObject Files => new()
    {
        [".github/workflows/integration.yml"] = """
            name: Integration
            run-name: "Tests of ${{ inputs.sha }} (${{ inputs.switchyard_id }})"
            on:
              workflow_dispatch:
                inputs:
                  sha: { required: true }
                  level: { type: choice, options: [quick, full], default: quick }
                  switchyard_id: { required: false }
            jobs:
              test:
                name: All tests
                runs-on: ubuntu-latest
                steps: [{ run: make test }]
              report:
                runs-on: [self-hosted, linux]
                steps: [{ run: make report }]
            """,
        [".github/workflows/upstream.yaml"] = """
            name: Upstream
            run-name: "${{ github.event.action }} of ${{ github.event.client_payload.source.repo }} on ${{ github.ref_name }}"
            on:
              repository_dispatch:
                types: [upstream-changed]
            jobs:
              test:
                runs-on: ubuntu-latest
                steps: [{ run: make test }]
            """,
        ["README.md"] = "# Tests\n",
    };

    public static async Task<SimulatedGitHub> StartAsync(JsonObject? files = null, IReadOnlyList<string>? events = null)
    {
        var github = await SimulatedGitHub.StartAsync(permissions: Permissions, events: events ?? Events);
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/the-tests", ["files"] = files ?? Files });
        await github.IdleAsync();
        github.Receiver.Clear();
        await github.ControlAsync("DELETE", "/effects");
        return github;
    }

    public static async Task<Reply> DispatchAsync(this SimulatedGitHub github, string type, JsonObject? payload = null, string repository = Tests) =>
        await github.SendAsync("POST", repository + "/dispatches", await github.TokenAsync(), new JsonObject { ["event_type"] = type, ["client_payload"] = payload ?? [] });

    public static async Task<Reply> RunWorkflowAsync(this SimulatedGitHub github, JsonObject? inputs = null, bool? details = true, string file = "integration.yml", string reference = "main")
    {
        var body = new JsonObject { ["ref"] = reference, ["inputs"] = inputs ?? new JsonObject { ["sha"] = "abc" } };
        if (details is { } wanted)
        {
            body["return_run_details"] = wanted;
        }

        return await github.SendAsync("POST", $"{Tests}/actions/workflows/{file}/dispatches", await github.TokenAsync(), body);
    }

    public static async Task<JsonNode> GetAsync(this SimulatedGitHub github, string path)
    {
        var reply = await github.SendAsync("GET", path, await github.TokenAsync());
        Assert.True(reply.Status == 200, $"{path}: {reply.Text}");
        return reply.Json;
    }

    public static async Task<JsonArray> EffectsAsync(this SimulatedGitHub github, string kind) =>
        (await github.ControlAsync("GET", "/effects?kind=" + kind)).AsArray();

    /// <summary>The deliveries so far as <c>event.action</c>.</summary>
    public static async Task<IReadOnlyList<string>> HeardAsync(this SimulatedGitHub github)
    {
        await github.IdleAsync();
        return [.. github.Receiver.All.Select(delivery => delivery.Json["action"] is { } action && delivery.Event != "repository_dispatch" ? $"{delivery.Event}.{action}" : delivery.Event)];
    }
}
