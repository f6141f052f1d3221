using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Workflow;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Switchyard.Tests.Cli;

/// <summary><c>workflow init</c>: starter files that GitHub would take.</summary>
public sealed class WorkflowInitTests
{
    [Theory]
    [InlineData("CI", "model-changed")]
    [InlineData("It's: a #name {x} [y] & more", "what: # is 'this'")]
    [InlineData("yes", "on")]
    [InlineData("12", "1.5")]
    [InlineData("!!!", "*x")]
    public async Task A_target_is_a_workflow_with_both_triggers_and_shows_the_id(string name, string type)
    {
        var outcome = await new CommandRun().RunAsync("workflow", "init", "--dry-run", "--name", name, "--event-type", type);

        var root = Parse(outcome.Out);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(name, Text(root, "name"));
        Assert.Equal(type, ((YamlSequenceNode)At(root, "on", "repository_dispatch", "types")).Children.Single().ToString());
        Assert.Equal(["source", "sha", WorkflowStart.IdInput], DeclaredInputs.Of(Encoding.UTF8.GetBytes(outcome.Out)));
        Assert.EndsWith("${{ inputs.switchyard_id || github.event.client_payload.switchyard.dispatch }}", Text(root, "run-name"), StringComparison.Ordinal);
        Assert.Equal("read", Text(root, "permissions", "contents"));
        Assert.All(Scripts(root), script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Tell others", "x")]
    [InlineData("a: b", "it's")]
    public async Task A_source_sends_with_an_App_and_no_expression_reaches_a_script(string name, string type)
    {
        var outcome = await new CommandRun().RunAsync("workflow", "init", "--source", "--file", "-", "--name", name, "--event-type", type, "--target", "acme/tests");

        var root = Parse(outcome.Out);
        Assert.Equal(name, Text(root, "name"));
        Assert.Empty(((YamlMappingNode)At(root, "permissions")).Children);
        var step = ((YamlSequenceNode)At(root, "jobs", "tell", "steps")).Children.OfType<YamlMappingNode>().Last();
        Assert.Equal(("acme/tests", type), (Text(step, "env", "TARGET"), Text(step, "env", "EVENT_TYPE")));
        Assert.Contains("write `switchyard` in", outcome.Out, StringComparison.Ordinal);
        Assert.StartsWith("./switchyard/switchyard dispatch send", Text(step, "run").Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("dispatch send \"$TARGET\" --event-type \"$EVENT_TYPE\" --payload \"$payload\"", Text(step, "run"), StringComparison.Ordinal);
        Assert.All(Scripts(root), script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_written_and_never_replaced_unasked()
    {
        using var scratch = new Scratch();
        var run = new CommandRun { Folder = scratch.Folder };
        var path = Path.Combine(scratch.Folder, ".github", "workflows", "switchyard-target.yml");

        var first = await run.RunAsync("workflow", "init");
        await File.WriteAllTextAsync(path, "mine");
        var second = await run.RunAsync("workflow", "init");

        Assert.Equal((ExitCode.Ok, path + "\n"), (first.Code, first.Out));
        Assert.Contains("workflow run OWNER/REPO switchyard-target.yml", first.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Conflict, second.Code);
        Assert.Contains("exists already, and was not changed", second.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
        Assert.Equal(ExitCode.Ok, (await run.RunAsync("workflow", "init", "--force")).Code);
        Assert.StartsWith("# Started from other repositories", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_is_a_branch_a_commit_and_the_request()
    {
        await using var github = await DirectGitHub.StartAsync();
        Script(github);

        var outcome = await github.RunAsync("workflow", "init", "--pull-request", "acme/tests", "--json");

        Assert.Equal((ExitCode.Ok, "http://pulls/3", 3), (outcome.Code, outcome.OutJson["url"]!.ToString(), (int)outcome.OutJson["number"]!));
        var writes = github.Writes.Select(request => (request.Path, Body: JsonNode.Parse(request.Body)!)).ToList();
        Assert.Equal(["/repos/acme/tests/git/refs", "/repos/acme/tests/contents/.github/workflows/switchyard-target.yml", "/repos/acme/tests/pulls"], writes.Select(write => write.Path));
        Assert.Equal(("refs/heads/switchyard/switchyard-target", "abc"), (writes[0].Body["ref"]!.ToString(), writes[0].Body["sha"]!.ToString()));
        Assert.Contains(WorkflowStart.IdInput, DeclaredInputs.Of(Convert.FromBase64String(writes[1].Body["content"]!.ToString())));
        Assert.Null(writes[1].Body["sha"]);
        Assert.Equal(("switchyard/switchyard-target", "trunk"), (writes[2].Body["head"]!.ToString(), writes[2].Body["base"]!.ToString()));
    }

    [Fact]
    public async Task A_name_alone_is_one_of_the_folder_in_which_GitHub_runs_workflows()
    {
        await using var github = await DirectGitHub.StartAsync();
        Script(github);
        github.Server.On("PUT /repos/acme/tests/contents/.github/workflows/foo.yml", """{"content":{},"commit":{"sha":"def"}}""", 201);

        var outcome = await github.RunAsync("workflow", "init", "--pull-request", "acme/tests", "--file", "foo.yml", "--json");

        Assert.Equal((ExitCode.Ok, ".github/workflows/foo.yml"), (outcome.Code, outcome.OutJson["file"]!.ToString()));
        Assert.Contains(github.Writes, request => request.Path.EndsWith("/contents/.github/workflows/foo.yml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_with_force()
    {
        await using var github = await DirectGitHub.StartAsync();
        Script(github);
        github.Server.On("GET /repos/acme/tests/contents/.github/workflows/switchyard-target.yml", """{"type":"file","sha":"blob1"}""");

        Assert.Equal(ExitCode.Conflict, (await github.RunAsync("workflow", "init", "--pull-request", "acme/tests")).Code);
        Assert.Empty(github.Writes);
        Assert.Equal(ExitCode.Ok, (await github.RunAsync("workflow", "init", "--pull-request", "acme/tests", "--force")).Code);
        Assert.Equal("blob1", JsonNode.Parse(github.Writes.Single(request => request.Method == "PUT").Body)!["sha"]!.ToString());
    }

    [Fact]
    public async Task A_branch_that_is_there_and_a_missing_permission_are_told()
    {
        await using var github = await DirectGitHub.StartAsync();
        Script(github);
        github.Server.On("POST /repos/acme/tests/git/refs", """{"message":"Reference already exists"}""", 422);
        var taken = await github.RunAsync("workflow", "init", "--pull-request", "acme/tests");
        Script(github);
        github.Server.On("PUT /repos/acme/tests/contents/.github/workflows/switchyard-target.yml", """{"message":"Resource not accessible by personal access token"}""", 403);
        var refused = await github.RunAsync("workflow", "init", "--pull-request", "acme/tests");

        Assert.Equal(ExitCode.Conflict, taken.Code);
        Assert.Contains("has a branch switchyard/switchyard-target already", taken.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Authentication, refused.Code);
        Assert.Contains("*Workflows: write*", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workflow init --pull-request acme/tests --file ../x.yml", "a file of .github/workflows")]
    [InlineData("workflow init --pull-request acme/tests --file ci/foo.yml", "the only folder in which GitHub runs workflows")]
    [InlineData("workflow init --pull-request tests", "Write owner/name")]
    [InlineData("workflow init --file foo.txt", "only files that end in .yml or .yaml")]
    [InlineData("workflow init --target acme/tests", "--target goes with --source alone")]
    [InlineData("workflow init --source --target x", "Write owner/name")]
    public async Task A_wrong_line_is_refused(string line, string said)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_GITHUB_TOKEN"] = "x", ["SWITCHYARD_API_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on: push\n")]
    [InlineData("on: {workflow_dispatch: null}\n")]
    [InlineData("on: [workflow_dispatch]\n")]
    [InlineData("on: {workflow_dispatch: {inputs: [switchyard_id]}}\n")]
    [InlineData("on: {workflow_dispatch: {inputs: {&a switchyard_id: *a}}}\n]")]
    [InlineData("\t\0")]
    [InlineData("")]
    public void A_file_that_declares_no_inputs_has_none(string file) => Assert.Empty(DeclaredInputs.Of(Encoding.UTF8.GetBytes(file)));

    private static void Script(DirectGitHub github) => github.Server
        .On("GET /repos/acme/tests/commits/trunk", """{"sha":"abc","commit":{"message":"m"}}""")
        .On("POST /repos/acme/tests/git/refs", """{"ref":"refs/heads/switchyard/switchyard-target","object":{"sha":"abc"}}""", 201)
        .On("PUT /repos/acme/tests/contents/.github/workflows/switchyard-target.yml", """{"content":{},"commit":{"sha":"def"}}""", 201)
        .On("POST /repos/acme/tests/pulls", """{"id":1,"number":3,"html_url":"http://pulls/3","head":{"ref":"switchyard/switchyard-target"}}""", 201);

    private static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (inner, name) => ((YamlMappingNode)inner).Children[new YamlScalarNode(name)]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static IEnumerable<string> Scripts(YamlNode root) =>
        ((YamlMappingNode)At(root, "jobs")).Children.Values
            .SelectMany(job => ((YamlSequenceNode)At(job, "steps")).Children.OfType<YamlMappingNode>())
            .Where(step => step.Children.ContainsKey(new YamlScalarNode("run")))
            .Select(step => Text(step, "run"));
}
