using System.Text;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class ActionsTests
{
    private const string Details = """{"workflow_run_id":42,"run_url":"https://api.github.com/repos/acme/tests/actions/runs/42","html_url":"https://github.com/acme/tests/actions/runs/42"}""";
    private const string Unpermitted = """{"message":"Invalid request.\n\n\"return_run_details\" is not a permitted key.","documentation_url":"https://docs.github.com"}""";

    private static readonly Dictionary<string, string> Inputs = new(StringComparer.Ordinal) { ["sha"] = "abc" };
    private readonly FakeTime time = new();

    [Fact]
    public async Task A_workflow_is_started_and_its_run_is_known_at_once()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, Details) };
        using var connection = gitHub.Connect();

        var started = await Actions(connection).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs);

        Assert.Equal(new StartedRun(42, "https://api.github.com/repos/acme/tests/actions/runs/42", "https://github.com/acme/tests/actions/runs/42"), started);
        var asked = Assert.Single(gitHub.Calls);
        Assert.Equal(("POST", "/repos/acme/tests/actions/workflows/ci.yml/dispatches"), (asked.Method, asked.Path));
        Assert.Equal("""{"ref":"main","inputs":{"sha":"abc"},"return_run_details":true}""", asked.Body);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(200, """{"workflow_run_id":"soon"}""")]
    public async Task An_accepted_dispatch_is_never_an_error_whatever_its_answer_says(int status, string body)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(status, body) };
        using var connection = gitHub.Connect();

        Assert.Equal(StartedRun.Unknown, await Actions(connection).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs));
        Assert.Single(gitHub.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task A_host_that_does_not_know_run_details_is_asked_without_them_and_remembered(int status)
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Body!.Contains("return_run_details", StringComparison.Ordinal) ? ScriptedGitHub.Json(status, Unpermitted) : ScriptedGitHub.Json(204, "");
        using var connection = gitHub.Connect();

        Assert.Null((await Actions(connection).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs)).RunId);
        Assert.Null((await Actions(connection, installation: 6).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs)).RunId);

        Assert.Equal([true, false, false], gitHub.Calls.Select(asked => asked.Body!.Contains("return_run_details", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(400, """{"message":"Problems parsing JSON"}""", false)]
    [InlineData(422, """{"message":"Workflow does not have 'workflow_dispatch' trigger"}""", false)]
    [InlineData(500, Unpermitted, true)]
    [InlineData(502, "", true)]
    public async Task Any_other_refusal_is_not_answered_by_a_second_dispatch(int status, string body, bool mayHaveHappened)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(status, body) };
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<GitHubException>(() => Actions(connection).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs));

        Assert.Single(gitHub.Calls);
        Assert.Equal(mayHaveHappened, error.MayHaveHappened);
    }

    [Fact]
    public async Task A_repository_dispatch_carries_its_payload_byte_for_byte()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(204, "") };
        using var connection = gitHub.Connect();

        await Actions(connection).DispatchRepositoryAsync("acme", "tests", "model-changed", """{ "switchyard": {"id": 1.50}, "name": "é" }"""u8.ToArray());
        await Actions(connection).DispatchRepositoryAsync("acme", "tests", "empty", default);

        Assert.Equal(["""{"event_type":"model-changed","client_payload":{ "switchyard": {"id": 1.50}, "name": "é" }}""", """{"event_type":"empty"}"""], gitHub.Calls.Select(asked => asked.Body));
        Assert.All(gitHub.Calls, asked => Assert.Equal("/repos/acme/tests/dispatches", asked.Path));
    }

    [Theory]
    [InlineData("", "{}", "1 to 100")]
    [InlineData("x", "[]", "must be a JSON object; it is Array")]
    [InlineData("x", "{", "is not JSON")]
    [InlineData("x", """{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1}""", "11 top-level keys; GitHub takes at most 10")]
    public async Task What_GitHub_would_refuse_is_not_sent(string eventType, string payload, string reason)
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Actions(connection).DispatchRepositoryAsync("acme", "tests", eventType, Encoding.UTF8.GetBytes(payload)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(gitHub.Requests);
    }

    [Fact]
    public async Task The_limits_themselves_are_allowed_and_one_more_is_not()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(204, "") };
        using var connection = gitHub.Connect();
        var actions = Actions(connection);
        byte[] Payload(int length) => Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', length - 8)}}"}""");
        Dictionary<string, string> Many(int count) => Enumerable.Range(0, count).ToDictionary(i => $"i{i}", _ => "x");

        await actions.DispatchRepositoryAsync("acme", "tests", new string('t', 100), Payload(65_535));
        await actions.DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Many(25));

        await Assert.ThrowsAsync<ArgumentException>(() => actions.DispatchRepositoryAsync("acme", "tests", new string('t', 101), default));
        await Assert.ThrowsAsync<ArgumentException>(() => actions.DispatchRepositoryAsync("acme", "tests", "x", Payload(65_536)));
        await Assert.ThrowsAsync<ArgumentException>(() => actions.DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Many(26)));
        Assert.Equal(2, gitHub.Calls.Count());
    }

    [Theory]
    [InlineData(422, "Workflow does not have 'workflow_dispatch' trigger", "Add `workflow_dispatch:` under `on:` of ci.yml on main (and on the default branch) of acme/tests; `switchyard workflow init` writes such a file.")]
    [InlineData(422, "No ref found for: main", "There is no branch or tag main in acme/tests. Name one that exists, without refs/heads/; a commit's SHA is not taken.")]
    [InlineData(422, "Unexpected inputs provided: [\\\"sha\\\"]", "Declare these inputs under `on.workflow_dispatch.inputs` of ci.yml on main, or leave them out.")]
    [InlineData(422, "Required input 'env' not provided", "ci.yml on main requires it: give it as an input, or give it a default there.")]
    [InlineData(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow", "Enable ci.yml under Actions of acme/tests; GitHub disables scheduled ones after 60 quiet days.")]
    [InlineData(403, "Resource not accessible by integration", "Installation 5 lacks *Actions: write*. Grant it in the settings of the App (or of the token); for an App, the owner of the installation must then approve it.")]
    [InlineData(403, "Repository was archived so is read-only.", "Unarchive the repository on GitHub to write to it; reading works.")]
    [InlineData(403, "This installation has been suspended", "An owner of the account can unsuspend the installation; nothing was deleted.")]
    [InlineData(404, "Not Found", "It does not exist, or installation 5 has no access to it: GitHub answers the same for both. Check the name, that installation 5 reaches the repository, and that it has *Actions: write*.")]
    public async Task A_refusal_names_what_is_missing_and_the_next_step(int status, string message, string next)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => asked.Method == "GET" ? ScriptedGitHub.Json(200, "[]") : ScriptedGitHub.Json(status, $$"""{"message":"{{message}}"}""") };
        using var connection = gitHub.Connect();
        await connection.Installation(5, TokenScope.All).ListMatchingRefsAsync("acme", "tests", "heads/").ToListAsync();

        var error = await Assert.ThrowsAsync<GitHubException>(() => Actions(connection).DispatchWorkflowAsync("acme", "tests", "ci.yml", "main", Inputs));

        Assert.Equal($"Could not start ci.yml on main of acme/tests: GitHub answered {status} \"{message.Replace("\\", "", StringComparison.Ordinal)}\". {next}", error.Message);
        Assert.False(error.MayHaveHappened);
    }

    [Fact]
    public async Task GitHubs_own_list_of_permissions_comes_before_ours()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => ScriptedGitHub.Json(403, """{"message":"Resource not accessible by personal access token"}""", ("X-Accepted-GitHub-Permissions", "contents=write")) };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.Token().Actions.DispatchRepositoryAsync("acme", "tests", "x", default));

        Assert.StartsWith("Could not send x to acme/tests: GitHub answered 403 \"Resource not accessible by personal access token\". The token lacks *Contents: write*.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_each_once_and_no_more_than_wanted()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path.Contains("page=2", StringComparison.Ordinal)
            ? ScriptedGitHub.Json(200, """{"total_count":9,"workflow_runs":[{"id":8},{"id":7,"conclusion":"odd_new_word"},{"id":6}]}""", ("Link", "<https://api.github.com/never>; rel=\"next\""))
            : ScriptedGitHub.Json(200, """{"total_count":9,"workflow_runs":[{"id":9,"name":"CI","display_title":"t","path":".github/workflows/ci.yml@main","event":"workflow_dispatch","status":"queued","conclusion":null,"head_sha":"a","head_branch":"main","run_attempt":2,"run_number":3,"workflow_id":4,"html_url":"h","created_at":"2026-11-21T09:00:00Z","run_started_at":"2026-11-21T09:00:01Z","updated_at":"2026-11-21T09:00:02Z","actor":{"login":"acme-ci[bot]","id":1},"triggering_actor":{"login":"ann"}},{"id":8}]}""", ("Link", "<https://api.github.com/x?page=2>; rel=\"next\""));
        using var connection = gitHub.Connect();
        var since = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.FromHours(1));

        var runs = await Actions(connection).ListRunsAsync("acme", "tests", new RunQuery { Workflow = "ci.yml", Event = "workflow_dispatch", Branch = "feature/x", Actor = "acme-ci[bot]", Status = "queued", CreatedSince = since, HeadSha = "a", Limit = 3 }).ToListAsync();

        Assert.Equal([9L, 8, 7], runs.Select(run => run.Id));
        Assert.Equal(
            new WorkflowRun(9, "CI", "t", ".github/workflows/ci.yml@main", "workflow_dispatch", "queued", null, "a", "main", 2, 3, 4, "h", time.GetUtcNow(), time.GetUtcNow().AddSeconds(1), time.GetUtcNow().AddSeconds(2), "acme-ci[bot]", "ann"),
            runs[0]);
        Assert.Equal("/repos/acme/tests/actions/workflows/ci.yml/runs?per_page=3&exclude_pull_requests=true&event=workflow_dispatch&branch=feature%2Fx&actor=acme-ci%5Bbot%5D&status=queued&created=%3E%3D2026-11-21T08%3A00%3A00Z&head_sha=a", gitHub.Calls.First().Path);
        Assert.Equal(2, gitHub.Calls.Count());
    }

    [Fact]
    public async Task A_run_is_read_cancelled_and_run_again()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => (asked.Method, asked.Path) switch
        {
            ("GET", "/repos/acme/tests/actions/runs/1") => ScriptedGitHub.Json(200, """{"id":1,"status":"completed","conclusion":"success","actor":null}"""),
            ("GET", "/repos/acme/tests/actions/workflows/ci.yml") => ScriptedGitHub.Json(200, """{"id":4,"name":"CI","path":".github/workflows/ci.yml","state":"active"}"""),
            ("GET", "/repos/acme/tests/actions/workflows?per_page=100") => ScriptedGitHub.Json(200, """{"total_count":1,"workflows":[{"id":4}]}"""),
            ("GET", "/repos/acme/tests/actions/runs/1/jobs?per_page=100") => ScriptedGitHub.Json(200, """{"total_count":1,"jobs":[{"id":5,"name":"build","status":"completed","conclusion":"success","run_attempt":1}]}"""),
            ("POST", "/repos/acme/tests/actions/runs/1/rerun" or "/repos/acme/tests/actions/runs/1/rerun-failed-jobs") => ScriptedGitHub.Json(201, "{}"),
            ("POST", "/repos/acme/tests/actions/runs/1/cancel") => ScriptedGitHub.Json(409, """{"message":"Cannot cancel a workflow run that is completed."}"""),
            ("POST", "/repos/acme/tests/actions/runs/2/cancel") => ScriptedGitHub.Json(202, "{}"),
            _ => ScriptedGitHub.Json(404, """{"message":"Not Found"}"""),
        };
        using var connection = gitHub.Connect();
        var actions = Actions(connection);

        Assert.Equal((true, "success", null), (await actions.GetRunAsync("acme", "tests", 1)) is { } run ? (run.IsCompleted, run.Conclusion, run.ActorLogin) : default);
        Assert.Null(await actions.GetRunAsync("acme", "tests", 3));
        Assert.Equal(".github/workflows/ci.yml", (await actions.GetWorkflowAsync("acme", "tests", "ci.yml"))!.Path);
        Assert.Null(await actions.GetWorkflowAsync("acme", "tests", "other.yml"));
        Assert.Equal(4, (await actions.ListWorkflowsAsync("acme", "tests").ToListAsync()).Single().Id);
        Assert.Equal("build", (await actions.ListJobsAsync("acme", "tests", 1).ToListAsync()).Single().Name);
        await actions.RerunAsync("acme", "tests", 1, failedOnly: false);
        await actions.RerunAsync("acme", "tests", 1, failedOnly: true);
        await actions.CancelRunAsync("acme", "tests", 2);
        var late = await Assert.ThrowsAsync<GitHubException>(() => actions.CancelRunAsync("acme", "tests", 1));
        Assert.Equal((GitHubErrorKind.Validation, 409), (late.Kind, late.Status));
        Assert.EndsWith("The run has ended already; nothing is left to cancel.", late.Message, StringComparison.Ordinal);
    }

    private static ActionsApi Actions(GitHubConnection connection, long installation = 5) => connection.Installation(installation, TokenScope.All).Actions;
}
