using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary><c>dispatch send</c>, straight to GitHub.</summary>
public sealed class DispatchTests
{
    private const string Send = "POST /repos/acme/tests/dispatches";

    [Fact]
    public async Task An_event_is_sent_once_with_its_payload()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Send, "", 204);

        var outcome = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "model-changed", "--payload", """{"sha": "abc"}""", "--json");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(("acme/tests", "abc", true), (outcome.OutJson["repository"]!.ToString(), outcome.OutJson["payload"]!["sha"]!.ToString(), (bool)outcome.OutJson["done"]!));
        var sent = Assert.Single(github.Writes);
        Assert.Equal("""{"event_type":"model-changed","client_payload":{"sha": "abc"}}""", sent.Body);
        Assert.Equal("Bearer github_pat_of_the_tests", sent.Authorization);
    }

    [Theory]
    [InlineData("@payload.json")]
    [InlineData("-")]
    public async Task A_payload_comes_from_a_file_or_from_standard_input(string given)
    {
        await using var github = await DirectGitHub.StartAsync();
        using var scratch = new Scratch();
        scratch.Write("payload.json", """{"from":"there"}""");
        github.Server.On(Send, "", 204);

        var outcome = await github.DriveAsync(github.Command(input: """{"from":"there"}""", folder: scratch.Folder).RunAsync("dispatch", "send", "acme/tests", "--event-type", "x", "--payload", given));

        Assert.Equal((ExitCode.Ok, "Sent x to acme/tests.\n"), (outcome.Code, outcome.Out));
        Assert.Contains("""{"from":"there"}""", Assert.Single(github.Writes).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_name_leads_to_the_repository_of_today()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Send, "", 204);

        Assert.Equal("Sent x to acme/tests.\n", (await github.RunAsync("dispatch", "send", "acme/old", "--event-type", "x")).Out);
    }

    [Theory]
    [InlineData("dispatch send acme/tests", "--event-type")]
    [InlineData("dispatch send tests --event-type x", "Write owner/name")]
    [InlineData("dispatch send acme/tests --event-type x --payload []", "must be a JSON object")]
    [InlineData("dispatch send acme/tests --event-type x --payload {", "is not JSON")]
    [InlineData("dispatch send acme/tests --event-type x --payload @nowhere.json", "does not exist")]
    [InlineData("dispatch send acme/tests --event-type x --payload -", "--payload is empty")]
    public async Task What_cannot_be_sent_is_refused_before_GitHub_is_asked(string line, string said)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_GITHUB_TOKEN"] = "x", ["SWITCHYARD_API_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task A_dry_run_looks_who_listens_and_sends_nothing_and_what_is_sent_to_nobody_is_a_warning()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/actions/workflows", """{"total_count":1,"workflows":[{"id":1,"name":"a","path":".github/workflows/a.yml","state":"active"}]}""")
            .On("GET /repos/acme/tests/contents/.github/workflows/a.yml", "on: { repository_dispatch: { types: [x] } }\n");

        var heard = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "x", "--payload", """{"a":1}""", "--dry-run");
        var unheard = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "y", "--dry-run");

        Assert.Equal((ExitCode.Ok, "Would send x to acme/tests: {\"a\":1}\n"), (heard.Code, heard.Out));
        Assert.Contains("It starts .github/workflows/a.yml.", heard.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Findings, unheard.Code);
        Assert.Contains("No workflow on trunk of acme/tests listens to y", unheard.Error, StringComparison.Ordinal);
        Assert.Empty(github.Writes);

        github.Server.On(Send, "", 204);
        var sent = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "y");
        Assert.Equal((ExitCode.Ok, "Sent y to acme/tests.\n"), (sent.Code, sent.Out));
        Assert.Contains("Warning: no workflow on trunk of acme/tests listens to y, so GitHub took it and starts nothing.", sent.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", (await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "x")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_no_JSON_is_refused_with_the_place()
    {
        var outcome = await new CommandRun().RunAsync("dispatch", "send", "acme/tests", "--event-type", "x", "--payload", """{"a":1""");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("The payload is not JSON: it breaks off or goes wrong in line 1, position 7.", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePosition", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Resource not accessible by personal access token", ExitCode.Authentication, "The token lacks *Contents: write*")]
    [InlineData(403, "Repository was archived so is read-only.", ExitCode.Conflict, "Unarchive the repository")]
    [InlineData(404, "Not Found", ExitCode.NotFound, "that it has *Contents: write*")]
    [InlineData(422, "Validation Failed", ExitCode.Failure, "Correct what GitHub names")]
    public async Task A_refusal_says_what_is_missing(int status, string message, int code, string said)
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Send, $$"""{"message":"{{message}}"}""", status);

        var outcome = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "x");

        Assert.Equal(code, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.Single(github.Writes);
    }

    [Fact]
    public async Task After_a_doubt_the_run_is_looked_for_and_nothing_is_sent_again()
    {
        await using var github = await DirectGitHub.StartAsync();
        var looks = 0;
        github.Server.On(Send, "", 502);
        github.Server.On("GET /repos/acme/tests/actions/runs", _ => new FakeAnswer(++looks < 3
            ? """{"workflow_runs":[]}"""
            : """{"workflow_runs":[{"id":9,"display_title":"other","actor":{"login":"ann"}},{"id":8,"display_title":"model-changed","path":".github/workflows/ci.yml","html_url":"http://runs/8","actor":{"login":"ann"}}]}"""));

        var outcome = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "model-changed");

        Assert.Equal((ExitCode.Ok, "http://runs/8\n"), (outcome.Code, outcome.Out));
        Assert.Contains("GitHub answered 502", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Probably sent: run 8", outcome.Error, StringComparison.Ordinal);
        Assert.Single(github.Writes);
        Assert.Contains("event=repository_dispatch", github.Server.Requests.Last().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubt_that_stays_ends_with_9_and_says_where_to_look()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Send, "", 500).On("GET /repos/acme/tests/actions/runs", """{"workflow_runs":[]}""");

        var outcome = await github.RunAsync("dispatch", "send", "acme/tests", "--event-type", "x", "--json");

        Assert.Equal((ExitCode.OtherSideFailed, "OutcomeUnknown"), (outcome.Code, Problem(outcome)["code"]!.ToString()));
        Assert.Contains("actions?query=event%3Arepository_dispatch", Problem(outcome)["next"]![0]!["href"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
        Assert.Single(github.Writes);
    }

    [Fact]
    public async Task The_automatic_token_is_told_what_it_cannot_do_before_it_is_tried()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On(Send, "", 204);
        CommandRun Run(string own, string variable) => new()
        {
            Time = github.Time,
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_TOKEN"] = "ghs_automatic",
            [variable] = "ghs_automatic",
            ["GITHUB_REPOSITORY"] = own,
            ["GITHUB_SERVER_URL"] = github.Server.Url,
            ["GITHUB_API_URL"] = github.Server.Url,
        };

        foreach (var variable in (string[])["GITHUB_TOKEN", "GH_TOKEN"])
        {
            var elsewhere = await github.DriveAsync(Run("acme/build", variable).RunAsync("dispatch", "send", "acme/tests", "--event-type", "x"));
            Assert.Equal(ExitCode.Authentication, elsewhere.Code);
            Assert.Contains("reaches acme/build only: it cannot start workflows in acme/tests", elsewhere.Error, StringComparison.Ordinal);
            Assert.Contains("SWITCHYARD_APP_ID and SWITCHYARD_PRIVATE_KEY", elsewhere.Error, StringComparison.Ordinal);
        }

        Assert.Empty(github.Server.Requests);
        Assert.Equal(ExitCode.Ok, (await github.DriveAsync(Run("ACME/tests", "GITHUB_TOKEN").RunAsync("dispatch", "send", "acme/tests", "--event-type", "x"))).Code);
    }

    [Theory]
    [InlineData("dispatch send acme/tests --event-type x", "contents:write")]
    [InlineData("workflow run acme/tests ci.yml", "actions:write")]
    [InlineData("run watch acme/tests 42", "actions:read")]
    [InlineData("secret list --repo acme/tests", "secrets:read")]
    [InlineData("secret list --repo acme/tests --env prod", "environments:read")]
    [InlineData("secret list --org acme", "organization_secrets:read")]
    [InlineData("workflow init --pull-request acme/tests", "contents:write,pull_requests:write,workflows:write")]
    public async Task An_App_is_asked_for_no_more_than_the_command_needs(string line, string permissions)
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/installation", """{"id":5}""").On("GET /orgs/acme/installation", """{"id":5}""");
        github.Server.On("POST /app/installations/5/access_tokens", """{"token":"ghs_x","expires_at":"2036-11-21T10:00:00Z"}""", 201);
        github.Server.On(Send, "", 204).On("POST /repos/acme/tests/actions/workflows/ci.yml/dispatches", """{"workflow_run_id":42}""").On("GET /repos/acme/tests/actions/runs/42", """{"id":42,"status":"completed","conclusion":"success"}""");
        foreach (var place in (string[])["/repos/acme/tests/actions", "/repos/acme/tests/environments/prod", "/orgs/acme/actions"])
        {
            github.Server.On($"GET {place}/secrets", """{"secrets":[]}""");
        }

        github.Server.On("GET /repos/acme/tests/contents/.github/workflows/switchyard-target.yml", """{"sha":"there"}""");
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var run = github.Command();
        run["SWITCHYARD_APP_ID"] = "12";
        run["SWITCHYARD_PRIVATE_KEY"] = key.ExportPkcs8PrivateKeyPem();

        var outcome = await github.DriveAsync(run.RunAsync(line.Split(' ')));

        Assert.Equal(line.StartsWith("workflow init", StringComparison.Ordinal) ? ExitCode.Conflict : ExitCode.Ok, outcome.Code);
        var scopes = github.Writes.Where(request => request.Path.EndsWith("/access_tokens", StringComparison.Ordinal)).Select(request => System.Text.Json.Nodes.JsonNode.Parse(request.Body)!).ToList();
        Assert.Contains(permissions, scopes.Select(scope => string.Join(',', scope["permissions"]!.AsObject().Select(pair => $"{pair.Key}:{pair.Value}"))));
        Assert.All(scopes.Where(scope => scope["permissions"]!["metadata"] is null && !line.Contains("--org", StringComparison.Ordinal)), scope => Assert.Equal("[7]", scope["repository_ids"]!.ToJsonString()));
    }

    // Standard error holds what was said meanwhile, then the problem.
    internal static System.Text.Json.Nodes.JsonNode Problem(CommandOutcome outcome) => System.Text.Json.Nodes.JsonNode.Parse(outcome.Error[outcome.Error.IndexOf("{\n", StringComparison.Ordinal)..])!;
}
