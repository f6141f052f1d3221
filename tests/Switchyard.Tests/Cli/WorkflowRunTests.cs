using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary><c>workflow run</c> and <c>run</c>, straight to GitHub.</summary>
public sealed class WorkflowRunTests
{
    private const string Dispatch = "POST /repos/acme/tests/actions/workflows/ci.yml/dispatches";
    private const string Runs = "GET /repos/acme/tests/actions/workflows/ci.yml/runs";
    private const string File = "GET /repos/acme/tests/contents/.github/workflows/ci.yml";
    private const string Run = "GET /repos/acme/tests/actions/runs/42";
    private const string Told = """{"workflow_run_id":42,"run_url":"http://api/42","html_url":"http://runs/42"}""";
    private const string WithId = "on:\n  workflow_dispatch:\n    inputs:\n      switchyard_id: {type: string}\n";

    [Fact]
    public async Task A_workflow_is_started_on_the_default_branch_and_its_address_is_printed()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, Told);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", ".github/workflows/ci.yml", "--input", "sha=a=b", "-i", "empty=");

        Assert.Equal((ExitCode.Ok, "http://runs/42\n"), (outcome.Code, outcome.Out));
        Assert.Contains("switchyard run watch acme/tests 42", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("""{"ref":"trunk","inputs":{"sha":"a=b","empty":""},"return_run_details":true}""", Assert.Single(github.Writes).Body);
    }

    [Fact]
    public async Task A_workflow_that_declares_the_id_gets_one()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, Told).On(File, WithId);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "--ref", "refs/heads/dev", "--json");

        Assert.Equal(("42", "refs/heads/dev", false), (outcome.OutJson["runId"]!.ToString(), outcome.OutJson["ref"]!.ToString(), (bool)outcome.OutJson["probable"]!));
        Assert.Matches("\"switchyard_id\":\"cli-[0-9a-f]{32}\"", Assert.Single(github.Writes).Body);
        Assert.Contains(github.Server.Requests, request => request.Query == "?ref=dev");
    }

    [Fact]
    public async Task A_run_that_shows_the_id_is_the_one_for_certain()
    {
        await using var github = await DirectGitHub.StartAsync();
        var id = "";
        github.Server.On(File, WithId).On(Dispatch, request =>
        {
            id = System.Text.Json.Nodes.JsonNode.Parse(request.Body)!["inputs"]!["switchyard_id"]!.ToString();
            return new FakeAnswer("", 204);
        });
        var looks = 0;
        github.Server.On(Runs, _ => new FakeAnswer(++looks < 3
            ? """{"workflow_runs":[{"id":50,"display_title":"CI","head_branch":"trunk","actor":{"login":"ann"}}]}"""
            : $$"""{"workflow_runs":[{"id":50,"display_title":"CI","head_branch":"trunk","actor":{"login":"ann"} },{"id":42,"display_title":"CI {{id}}","html_url":"http://runs/42","head_branch":"trunk","actor":{"login":"ann"} }]}"""));

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "--json");

        Assert.Equal(("42", false), (outcome.OutJson["runId"]!.ToString(), (bool)outcome.OutJson["probable"]!));
        Assert.DoesNotContain("probably", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_id_the_newest_run_of_the_same_ref_and_actor_is_called_probable()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, "", 204).On(Runs, """
            {"workflow_runs":[{"id":45,"head_branch":"trunk","actor":{"login":"bob"}},{"id":44,"head_branch":"dev","actor":{"login":"ann"}},
            {"id":43,"head_branch":"trunk","actor":{"login":"Ann"},"html_url":"http://runs/43"},{"id":42,"head_branch":"trunk","actor":{"login":"ann"}}]}
            """);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "--json");

        Assert.Equal((ExitCode.Ok, "43", true), (outcome.Code, outcome.OutJson["runId"]!.ToString(), (bool)outcome.OutJson["probable"]!));
        Assert.Contains("Run 43 is probably the one, not certainly: GitHub did not tell, and it is the newest of 2 runs since. Declare the input switchyard_id in ci.yml", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_no_title_shows_leaves_a_probable_run_and_the_advice_to_show_it()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(File, WithId).On(Dispatch, "", 204).On(Runs, """{"workflow_runs":[{"id":43,"display_title":"CI","head_branch":"trunk","actor":{"login":"ann"},"html_url":"http://runs/43"}]}""");

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml");

        Assert.Equal((ExitCode.Ok, "http://runs/43\n"), (outcome.Code, outcome.Out));
        Assert.Contains("Show ${{ inputs.switchyard_id }} in the run-name of ci.yml", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_no_run_follows_is_no_failure_and_says_so()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, "", 204).On(Runs, """{"workflow_runs":[]}""");

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml");
        var waiting = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "--wait");

        Assert.Equal((ExitCode.Ok, $"{github.Server.Url}/acme/tests/actions/workflows/ci.yml\n"), (outcome.Code, outcome.Out));
        Assert.Equal(ExitCode.TimedOut, waiting.Code);
        Assert.Contains("no run of it was found within a minute. It was not sent again.", waiting.Error, StringComparison.Ordinal);
        Assert.Equal(2, github.Writes.Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_doubt_the_run_is_looked_for_and_the_start_is_not_repeated(bool found)
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, "", 504).On(Runs, found ? """{"workflow_runs":[{"id":43,"html_url":"http://runs/43"}]}""" : """{"workflow_runs":[]}""");

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml");

        Assert.Equal((found ? ExitCode.Ok : ExitCode.OtherSideFailed, found ? "http://runs/43\n" : ""), (outcome.Code, outcome.Out));
        Assert.Contains(found ? "Run 43 is probably the one" : "It is not known whether ci.yml was started", outcome.Error, StringComparison.Ordinal);
        Assert.Single(github.Writes);
    }

    [Theory]
    [InlineData("success", ExitCode.Ok)]
    [InlineData("failure", ExitCode.Failure)]
    [InlineData("cancelled", ExitCode.Failure)]
    public async Task Waiting_ends_with_the_runs_conclusion(string conclusion, int code)
    {
        await using var github = await DirectGitHub.StartAsync();
        var looks = 0;
        github.Server.On(Dispatch, Told).On("GET /repos/acme/tests/actions/runs/42/jobs", """{"jobs":[{"id":1,"name":"build","conclusion":"failure"},{"id":2,"name":"lint","conclusion":"success"}]}""");
        github.Server.On(Run, _ => ++looks switch
        {
            1 => new FakeAnswer("{}", 404),
            2 => new FakeAnswer("""{"id":42,"status":"queued"}"""),
            3 => new FakeAnswer("""{"id":42,"status":"in_progress"}"""),
            _ => new FakeAnswer($$"""{"id":42,"status":"completed","conclusion":"{{conclusion}}","run_started_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:01:12Z"}"""),
        });

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "--wait", "--json");

        Assert.Equal((code, conclusion, "completed"), (outcome.Code, outcome.OutJson["conclusion"]!.ToString(), outcome.OutJson["status"]!.ToString()));
        Assert.Contains($"Run 42 of acme/tests ended with {conclusion} after 1m 12s.{(conclusion == "failure" ? " Failed: build." : "")}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_outlives_a_GitHub_that_fails_meanwhile()
    {
        await using var github = await DirectGitHub.StartAsync();
        var looks = 0;
        github.Server.On(Run, _ => ++looks < 9 ? new FakeAnswer("", 503) : new FakeAnswer("""{"id":42,"status":"completed","conclusion":"success"}"""));

        // Each look is four calls of the client; three looks are needed.
        Assert.Equal(ExitCode.Ok, (await github.RunAsync("run", "watch", "acme/tests", "42")).Code);
        Assert.Equal(9, looks);
    }

    [Fact]
    public async Task Waiting_too_long_ends_with_6_and_says_how_to_go_on()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Run, """{"id":42,"status":"in_progress"}""");

        var outcome = await github.RunAsync("run", "watch", "acme/tests", "42", "--timeout", "2m");

        Assert.Equal(ExitCode.TimedOut, outcome.Code);
        Assert.Contains("was still in_progress after 2m 0s. It goes on at GitHub.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard run watch acme/tests 42", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(github.Server.Requests.Count(request => request.Path.EndsWith("/42", StringComparison.Ordinal)), 5, 12);
    }

    [Fact]
    public async Task Whoever_stops_waiting_is_told_how_to_go_on()
    {
        await using var github = await DirectGitHub.StartAsync();
        using var stop = new CancellationTokenSource();
        github.Server.On(Run, """{"id":42,"status":"queued"}""");

        var running = github.Command(cancellation: stop.Token).RunAsync("run", "watch", "acme/tests", "42");
        await github.Time.NextTimerAsync(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();

        var outcome = await running;
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("No longer waiting for run 42 of acme/tests; it goes on at GitHub.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard run cancel acme/tests 42", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_ends_with_5()
    {
        await using var github = await DirectGitHub.StartAsync();

        Assert.Equal(ExitCode.NotFound, (await github.RunAsync("run", "watch", "acme/tests", "42")).Code);
        Assert.Equal(ExitCode.NotFound, (await github.RunAsync("run", "view", "acme/tests", "42")).Code);
    }

    [Fact]
    public async Task A_run_is_viewed_cancelled_and_run_again()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Run, """{"id":42,"name":"CI","display_title":"CI cli-1","status":"completed","conclusion":"failure","head_branch":"trunk","run_attempt":2,"html_url":"http://runs/42"}""")
            .On("GET /repos/acme/tests/actions/runs/42/jobs", """{"jobs":[{"id":1,"name":"build","status":"completed","conclusion":"failure"}]}""")
            .On("POST /repos/acme/tests/actions/runs/42/cancel", """{"message":"Cannot cancel a workflow run that is completed."}""", 409)
            .On("POST /repos/acme/tests/actions/runs/43/cancel", "{}", 202)
            .On("POST /repos/acme/tests/actions/runs/42/rerun", "{}", 201)
            .On("POST /repos/acme/tests/actions/runs/42/rerun-failed-jobs", "{}", 201);

        Assert.Contains("Jobs\tbuild: failure\n", (await github.RunAsync("run", "view", "acme/tests", "42")).Out, StringComparison.Ordinal);
        Assert.Equal("""["failure",2]""", (await github.RunAsync("run", "view", "acme/tests", "42", "--json", "conclusion,attempt")).OutJson is var view ? $"[\"{view["conclusion"]}\",{view["attempt"]}]" : "");
        Assert.Equal(ExitCode.Conflict, (await github.RunAsync("run", "cancel", "acme/tests", "42")).Code);
        Assert.Equal("Run 43 of acme/tests is being cancelled.\n", (await github.RunAsync("run", "cancel", "acme/tests", "43")).Out);
        Assert.Equal("Would cancel run 43 of acme/tests.\n", (await github.RunAsync("run", "cancel", "acme/tests", "43", "--dry-run")).Out);
        Assert.Equal("Running run 42 of acme/tests again.\n", (await github.RunAsync("run", "rerun", "acme/tests", "42")).Out);
        Assert.Equal("Running the failed jobs of run 42 of acme/tests again.\n", (await github.RunAsync("run", "rerun", "acme/tests", "42", "--failed")).Out);
        Assert.Equal(4, github.Writes.Count());
    }

    [Theory]
    [InlineData("workflow run acme/tests", "Required argument 'file' missing")]
    [InlineData("workflow run acme/tests ci.yml --input sha", "--input wants NAME=VALUE")]
    [InlineData("workflow run acme/tests ci.yml --input a=1 --input a=2", "--input gives a twice")]
    [InlineData("workflow run acme/tests build/ci.yml", "no file in .github/workflows")]
    [InlineData("workflow run acme/tests ci.yml --timeout soon", "--timeout is \"soon\"")]
    [InlineData("run view acme/tests latest", "\"latest\" is no id of a run")]
    [InlineData("run watch tests 1", "Write owner/name")]
    public async Task A_wrong_line_is_refused_before_GitHub_is_asked(string line, string said)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_GITHUB_TOKEN"] = "x", ["SWITCHYARD_API_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_a_start_looks_at_the_file_and_starts_nothing()
    {
        await using var github = await DirectGitHub.StartAsync();
        Look(github);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml", "-i", "a=1", "--dry-run", "--json");

        Assert.Equal(("ci.yml", "trunk", "1", false), (outcome.OutJson["workflow"]!.ToString(), outcome.OutJson["ref"]!.ToString(), outcome.OutJson["inputs"]!["a"]!.ToString(), (bool)outcome.OutJson["done"]!));
        Assert.Empty(github.Writes);
    }

    [Theory]
    [InlineData("cii.yml -i a=1", ExitCode.NotFound, "There is no .github/workflows/cii.yml on trunk of acme/tests. Did you mean ci.yml?")]
    [InlineData("ci.yml -i a=1 --ref nope", ExitCode.NotFound, "There is no branch or tag nope in acme/tests.")]
    [InlineData("ci.yml", ExitCode.Findings, "It requires the input a.")]
    [InlineData("ci.yml -i a=1 -i zzz=1", ExitCode.Findings, "It has no input zzz. There are a, b.")]
    [InlineData("ci.yml -i a=1 -i b=c", ExitCode.Findings, "Its input b takes one of x, y.")]
    [InlineData("push.yml", ExitCode.Findings, "push.yml has no `workflow_dispatch` trigger on trunk")]
    [InlineData("off.yml", ExitCode.Findings, "off.yml is switched off (disabled_manually)")]
    public async Task A_dry_run_refuses_what_GitHub_would_refuse(string line, int code, string said)
    {
        await using var github = await DirectGitHub.StartAsync();
        Look(github);

        var outcome = await github.RunAsync(["workflow", "run", "acme/tests", .. line.Split(' '), "--dry-run"]);

        Assert.Equal(code, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(github.Writes);
    }

    [Fact]
    public async Task A_start_that_meets_a_404_names_the_workflow_files_there_are()
    {
        await using var github = await DirectGitHub.StartAsync();
        Look(github);
        github.Server.On("POST /repos/acme/tests/actions/workflows/cii.yml/dispatches", """{"message":"Not Found"}""", 404);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "cii.yml");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.Contains("There is no .github/workflows/cii.yml on trunk of acme/tests. Did you mean ci.yml?", outcome.Error, StringComparison.Ordinal);
    }

    private static void Look(DirectGitHub github)
    {
        static string One(string file, string state) => $$"""{"id":1,"name":"n","path":".github/workflows/{{file}}","state":"{{state}}"}""";
        github.Server.On("GET /repos/acme/tests/actions/workflows", $$"""{"total_count":3,"workflows":[{{One("ci.yml", "active")}},{{One("push.yml", "active")}},{{One("off.yml", "disabled_manually")}}]}""")
            .On("GET /repos/acme/tests/actions/workflows/ci.yml", One("ci.yml", "active"))
            .On("GET /repos/acme/tests/actions/workflows/push.yml", One("push.yml", "active"))
            .On("GET /repos/acme/tests/actions/workflows/off.yml", One("off.yml", "disabled_manually"))
            .On("GET /repos/acme/tests/git/ref/heads/trunk", """{"ref":"refs/heads/trunk","object":{"sha":"abc","type":"commit"}}""")
            .On("GET /repos/acme/tests/contents/.github/workflows/ci.yml", "on: { workflow_dispatch: { inputs: { a: { required: true }, b: { options: [x, y] } } } }\n")
            .On("GET /repos/acme/tests/contents/.github/workflows/push.yml", "on: push\n");
    }

    [Fact]
    public async Task A_workflow_without_the_trigger_is_told_what_to_add()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Dispatch, """{"message":"Workflow does not have 'workflow_dispatch' trigger"}""", 422);

        var outcome = await github.RunAsync("workflow", "run", "acme/tests", "ci.yml");

        Assert.Equal(ExitCode.Failure, outcome.Code);
        Assert.Contains("Add `workflow_dispatch:` under `on:` of ci.yml on trunk", outcome.Error, StringComparison.Ordinal);
    }
}
