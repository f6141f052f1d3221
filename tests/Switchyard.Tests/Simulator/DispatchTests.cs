using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>repository_dispatch and workflow_dispatch: what is accepted, what comes of it, what is refused in which words.</summary>
public sealed class DispatchTests
{
    private const string Tests = WorkflowWorld.Tests;

    [Fact]
    public async Task A_repository_dispatch_starts_the_workflows_that_listen_on_the_default_branch_and_is_echoed()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.CommitAsync("A branch of its own", new JsonObject { [".github/workflows/other.yml"] = "on: repository_dispatch\njobs: { a: { runs-on: x } }\n" }, "acme/the-tests", "other");

        var reply = await github.DispatchAsync("upstream-changed", new JsonObject { ["source"] = new JsonObject { ["repo"] = "acme/the-app" }, ["switchyard"] = new JsonObject { ["dispatch"] = "d-1", ["hop"] = 1 } });

        Assert.Equal((204, ""), (reply.Status, reply.Text));
        var run = Assert.Single((await github.GetAsync(Tests + "/actions/runs"))["workflow_runs"]!.AsArray())!;
        Assert.Equal("upstream-changed of acme/the-app on main", run["display_title"]!.ToString());
        Assert.Equal(("repository_dispatch", "main", "completed", "success"), (run["event"]!.ToString(), run["head_branch"]!.ToString(), run["status"]!.ToString(), run["conclusion"]!.ToString()));
        Assert.Equal("tests[bot]", run["actor"]!["login"]!.ToString());
        await github.IdleAsync();
        var echo = Assert.Single(github.Receiver.Of("repository_dispatch")).Json;
        Assert.Equal(("upstream-changed", "main", "d-1"), (echo["action"]!.ToString(), echo["branch"]!.ToString(), echo["client_payload"]!["switchyard"]!["dispatch"]!.ToString()));
        Assert.Equal(("tests[bot]", "Bot"), (echo["sender"]!["login"]!.ToString(), echo["sender"]!["type"]!.ToString()));
        Assert.Equal(github.Installation, echo["installation"]!["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_dispatch_that_nobody_listens_to_is_accepted_and_starts_nothing()
    {
        await using var github = await WorkflowWorld.StartAsync();

        Assert.Equal(204, (await github.DispatchAsync("something-else")).Status);

        Assert.Equal(0, (await github.GetAsync(Tests + "/actions/runs"))["total_count"]!.GetValue<int>());
        Assert.Empty(Assert.Single(await github.EffectsAsync("repository_dispatch"))!["runs"]!.AsArray());
        Assert.Equal(["repository_dispatch"], await github.HeardAsync());
    }

    [Fact]
    public async Task A_workflow_dispatch_answers_with_the_run_when_it_is_asked_to()
    {
        await using var github = await WorkflowWorld.StartAsync();

        var reply = await github.RunWorkflowAsync(new JsonObject { ["sha"] = "abc", ["switchyard_id"] = "d-7" });

        Assert.Equal(200, reply.Status);
        var run = await github.GetAsync($"{Tests}/actions/runs/{reply.Json["workflow_run_id"]}");
        Assert.Equal(run["html_url"]!.ToString(), reply.Json["html_url"]!.ToString());
        Assert.Equal("Tests of abc (d-7)", run["display_title"]!.ToString());
        Assert.Equal("Integration", run["name"]!.ToString());
        Assert.Equal(204, (await github.RunWorkflowAsync(details: false)).Status);
        Assert.Equal(204, (await github.RunWorkflowAsync(details: null)).Status);
        Assert.Equal(3, (await github.GetAsync(Tests + "/actions/workflows/integration.yml/runs"))["total_count"]!.GetValue<int>());
        await github.IdleAsync();
        var echo = github.Receiver.Of("workflow_dispatch")[0].Json;
        Assert.Equal(("refs/heads/main", ".github/workflows/integration.yml"), (echo["ref"]!.ToString(), echo["workflow"]!.ToString()));
        Assert.Equal("""{"sha":"abc","level":"quick","switchyard_id":"d-7"}""", echo["inputs"]!.ToJsonString());
    }

    [Fact]
    public async Task The_file_of_the_given_ref_decides()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.CommitAsync("No trigger here", new JsonObject { [".github/workflows/integration.yml"] = "name: Integration\non: push\njobs: { a: { runs-on: x } }\n" }, "acme/the-tests", "quiet");
        var head = await github.CommitAsync("More inputs", new JsonObject { [".github/workflows/integration.yml"] = "name: I\non: { workflow_dispatch: { inputs: { more: {} } } }\njobs: { a: { runs-on: x } }\n" }, "acme/the-tests", "release/1");
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/refs", new JsonObject { ["ref"] = "refs/tags/v1", ["sha"] = head });

        var refused = await github.RunWorkflowAsync(reference: "quiet");
        Assert.Equal((422, "Workflow does not have 'workflow_dispatch' trigger"), (refused.Status, refused.Message));
        foreach (var reference in new[] { "release/1", "refs/heads/release/1", "v1", "refs/tags/v1" })
        {
            var reply = await github.RunWorkflowAsync(new JsonObject { ["more"] = "x" }, reference: reference);
            Assert.Equal(200, reply.Status);
            Assert.Equal(head, (await github.GetAsync($"{Tests}/actions/runs/{reply.Json["workflow_run_id"]}"))["head_sha"]!.ToString());
        }
    }

    [Theory]
    [InlineData("nowhere", """{"sha":"1"}""", "No ref found for: nowhere")]
    [InlineData("main", """{"sha":"1","b":"2","a":"3"}""", """Unexpected inputs provided: ["b","a"]""")]
    [InlineData("main", "{}", "Required input 'sha' not provided")]
    [InlineData("main", """{"sha":"1","level":"slow"}""", "Provided value 'slow' for input 'level' not in the list of allowed values")]
    public async Task Wrong_refs_and_inputs_are_refused_in_githubs_words(string reference, string inputs, string message)
    {
        await using var github = await WorkflowWorld.StartAsync();

        var reply = await github.RunWorkflowAsync(JsonNode.Parse(inputs)!.AsObject(), reference: reference);

        Assert.Equal((422, message), (reply.Status, reply.Message));
        Assert.Empty(await github.EffectsAsync("workflow_dispatch,run"));
    }

    [Fact]
    public async Task An_unknown_workflow_is_not_found()
    {
        await using var github = await WorkflowWorld.StartAsync();

        Assert.Equal(404, (await github.RunWorkflowAsync(file: "absent.yml")).Status);
        Assert.Equal(404, (await github.RunWorkflowAsync(file: "99999")).Status);
        var id = (await github.GetAsync(Tests + "/actions/workflows/integration.yml"))["id"]!.ToString();
        Assert.Equal(200, (await github.RunWorkflowAsync(file: id)).Status);
    }

    [Fact]
    public async Task Limits_of_type_keys_and_size_hold()
    {
        await using var github = await WorkflowWorld.StartAsync();
        var eleven = new JsonObject(Enumerable.Range(0, 11).Select(i => KeyValuePair.Create($"k{i}", (JsonNode?)i)));

        Assert.Equal(422, (await github.DispatchAsync(new string('x', 101))).Status);
        Assert.Equal(422, (await github.DispatchAsync("")).Status);
        var keys = await github.DispatchAsync("upstream-changed", eleven);
        Assert.Contains("No more than 10 properties are allowed; 11 were supplied.", keys.Message, StringComparison.Ordinal);
        Assert.Equal(422, (await github.DispatchAsync("upstream-changed", new JsonObject { ["a"] = new string('x', 65_536) })).Status);
        Assert.Equal(204, (await github.DispatchAsync(new string('x', 100), new JsonObject { ["a"] = new string('x', 65_000) })).Status);
        Assert.Single(await github.EffectsAsync("repository_dispatch"));
    }

    [Fact]
    public async Task Without_the_permission_or_on_an_archived_repository_nothing_is_dispatched()
    {
        await using var github = await SimulatedGitHub.StartAsync(permissions: new JsonObject { ["contents"] = "read", ["actions"] = "read" });
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/the-tests", ["files"] = WorkflowWorld.Files });

        var reply = await github.DispatchAsync("upstream-changed");
        Assert.Equal((403, "Resource not accessible by integration", "contents=write"), (reply.Status, reply.Message, reply.Header("X-Accepted-GitHub-Permissions")));
        Assert.Equal("actions=write", (await github.RunWorkflowAsync()).Header("X-Accepted-GitHub-Permissions"));

        await using var other = await WorkflowWorld.StartAsync();
        await other.ControlAsync("POST", WorkflowWorld.Control + "/archive");
        var archived = await other.RunWorkflowAsync();
        Assert.Equal((403, "Repository was archived so is read-only."), (archived.Status, archived.Message));
        Assert.Empty(await other.EffectsAsync("workflow_dispatch"));
    }

    [Fact]
    public async Task A_dispatch_to_a_former_name_is_redirected_with_its_method()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("POST", WorkflowWorld.Control + "/rename", new JsonObject { ["name"] = "tests-2" });

        var reply = await github.DispatchAsync("upstream-changed");
        Assert.Equal(307, reply.Status);
        var again = await github.SendAsync("POST", reply.Header("Location"), await github.TokenAsync(), new JsonObject { ["event_type"] = "upstream-changed" });
        Assert.Equal(204, again.Status);
        Assert.Equal("acme/tests-2", Assert.Single(await github.EffectsAsync("run"))!["repository"]!.ToString());
    }

    [Fact]
    public async Task Every_accepted_dispatch_and_every_run_is_in_the_log_of_effects_once()
    {
        await using var github = await WorkflowWorld.StartAsync();
        await github.DispatchAsync("upstream-changed", new JsonObject { ["switchyard"] = new JsonObject { ["dispatch"] = "d-1" } });
        var details = await github.RunWorkflowAsync(new JsonObject { ["sha"] = "1", ["switchyard_id"] = "d-2" });
        await github.RunWorkflowAsync([]);

        var effects = await github.EffectsAsync("repository_dispatch,workflow_dispatch,run");
        Assert.Equal(["repository_dispatch", "run", "workflow_dispatch", "run"], effects.Select(effect => effect!["kind"]!.ToString()));
        Assert.Equal(("d-1", "upstream-changed"), (effects[0]!["dispatch"]!.ToString(), effects[0]!["eventType"]!.ToString()));
        Assert.Equal(effects[1]!["run"]!.ToString(), Assert.Single(effects[0]!["runs"]!.AsArray())!.ToString());
        Assert.Equal(("d-2", "integration.yml", "1"), (effects[2]!["dispatch"]!.ToString(), effects[2]!["workflow"]!.ToString(), effects[2]!["inputs"]!["sha"]!.ToString()));
        Assert.Equal(details.Json["workflow_run_id"]!.ToString(), effects[3]!["run"]!.ToString());
        var last = effects[2]!["sequence"]!.GetValue<long>();
        Assert.Equal("run", Assert.Single((await github.ControlAsync("GET", $"/effects?after={last}&kind=run,workflow_dispatch&repository=acme/the-tests")).AsArray())!["kind"]!.ToString());
    }
}
