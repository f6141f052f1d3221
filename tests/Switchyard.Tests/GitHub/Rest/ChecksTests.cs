using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class ChecksTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task Checks_and_statuses_of_all_pages_are_read()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path switch
        {
            "/repos/acme/models/commits/feature/x%231/check-runs?filter=latest&per_page=100" => ScriptedGitHub.Json(200, """{"total_count":2,"check_runs":[{"id":1,"name":"build","head_sha":"a","status":"completed","conclusion":"success","external_id":"","app":{"id":15368,"slug":"github-actions"},"check_suite":{"id":7}}]}""", ("Link", "<https://api.github.com/p2>; rel=\"next\"")),
            "/p2" => ScriptedGitHub.Json(200, """{"total_count":2,"check_runs":[{"id":2,"name":"new","status":"new_word","app":null}]}"""),
            "/repos/acme/models/commits/main/check-suites?per_page=100" => ScriptedGitHub.Json(200, """{"total_count":1,"check_suites":[{"id":7,"status":"queued","conclusion":null,"latest_check_runs_count":0,"app":{"id":9,"slug":"idle"}}]}"""),
            "/repos/acme/models/commits/main/status?per_page=100" => ScriptedGitHub.Json(200, """{"state":"failure","sha":"a","total_count":2,"statuses":[{"id":1,"context":"ci","state":"success"}]}""", ("Link", "<https://api.github.com/s2>; rel=\"next\"")),
            "/s2" => ScriptedGitHub.Json(200, """{"state":"failure","sha":"a","total_count":2,"statuses":[{"id":2,"context":"deploy","state":"error"}]}"""),
            "/repos/acme/models/commits/bare/status?per_page=100" => ScriptedGitHub.Json(200, """{"state":"pending","sha":"a","total_count":0,"statuses":[]}"""),
            _ => ScriptedGitHub.Json(422, """{"message":"No commit found for SHA: gone"}"""),
        };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var checks = connection.Token().Checks;

        var runs = await checks.ListCheckRunsAsync("acme", "models", "feature/x#1", latestOnly: true).ToListAsync();
        var status = await checks.GetCombinedStatusAsync("acme", "models", "main");

        Assert.Equal([(1L, "completed", 15368L), (2, "new_word", 0)], runs.Select(run => (run.Id, run.Status!, run.App?.Id ?? 0)));
        Assert.Equal((7, 0), (await checks.ListCheckSuitesAsync("acme", "models", "main").ToListAsync()) is [var suite] ? (suite.Id, suite.LatestCheckRunsCount) : default);
        Assert.Equal(("failure", true), (status!.State, status.HasStatuses));
        Assert.Equal(["ci", "deploy"], status.Statuses.Select(one => one.Context));
        Assert.False((await checks.GetCombinedStatusAsync("acme", "models", "bare"))!.HasStatuses);
        Assert.Null(await checks.GetCombinedStatusAsync("acme", "models", "gone"));
    }

    [Fact]
    public async Task A_check_run_is_made_in_groups_of_50_annotations()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => ScriptedGitHub.Json(asked.Method == "POST" ? 201 : 200, """{"id":77,"name":"x"}""") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var draft = new CheckRunDraft
        {
            Name = "Switchyard / tests",
            HeadSha = "abc",
            Status = "completed",
            Conclusion = "failure",
            ExternalId = "d-1",
            StartedAt = time.GetUtcNow(),
            CompletedAt = time.GetUtcNow().AddSeconds(1),
            Title = "2 errors",
            Annotations = [.. Enumerable.Range(1, 120).Select(line => new CheckAnnotation("switchyard.yml", line, line + (line % 2), "failure", "wrong") { StartColumn = 3 })],
        };

        Assert.Equal(77, await connection.Token().Checks.CreateCheckRunAsync("acme", "models", draft));

        var bodies = gitHub.Calls.Select(asked => JsonNode.Parse(asked.Body!)!).ToList();
        Assert.Equal(["POST /repos/acme/models/check-runs", "PATCH /repos/acme/models/check-runs/77", "PATCH /repos/acme/models/check-runs/77"], gitHub.Calls.Select(asked => $"{asked.Method} {asked.Path}"));
        Assert.Equal([50, 50, 20], bodies.Select(body => body["output"]!["annotations"]!.AsArray().Count));
        Assert.Equal(Enumerable.Range(1, 120), bodies.SelectMany(body => body["output"]!["annotations"]!.AsArray()).Select(one => (int)one!["start_line"]!));
        Assert.Equal(["head_sha", "status"], new[] { "head_sha", "status", "title" }.Where(name => bodies[0][name] is not null && bodies[1][name] is null));
        Assert.Equal("2 errors", bodies[2]["output"]!["title"]!.ToString());

        // GitHub takes columns on one line only.
        Assert.Null(bodies[0]["output"]!["annotations"]![0]!["start_column"]);
        Assert.Equal(3, (int)bodies[0]["output"]!["annotations"]![1]!["start_column"]!);
    }

    [Fact]
    public async Task Texts_are_cut_where_GitHub_would_refuse_them_and_say_so()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, "{}") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        await connection.Token().Checks.UpdateCheckRunAsync("acme", "models", 1, new CheckRunDraft { Title = new string('t', 300), Summary = string.Concat(Enumerable.Repeat("é😀", 20_000)), Text = new string('x', 65_535) });

        var output = JsonNode.Parse(gitHub.Calls.Single().Body!)!["output"]!;
        var summary = output["summary"]!.ToString();
        Assert.InRange(Encoding.UTF8.GetByteCount(summary), 65_500, 65_535);
        var left = 60_000 - summary[..summary.IndexOf("\n\n...", StringComparison.Ordinal)].Length;
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $"\n\n... cut here: GitHub takes no more ({left} characters are left out)."), summary, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', summary);
        Assert.Equal(255, output["title"]!.ToString().Length);
        Assert.Equal(new string('x', 65_535), output["text"]!.ToString());
    }

    [Fact]
    public async Task A_check_run_is_found_again_by_our_id()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = _ => ScriptedGitHub.Json(200, """{"total_count":3,"check_runs":[{"id":5,"external_id":"d-2"},{"id":6,"external_id":"d-1"},{"id":4,"external_id":"d-1"}]}""");
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var checks = connection.Token().Checks;

        Assert.Equal(6, (await checks.FindCheckRunAsync("acme", "models", "abc", "Switchyard / tests", "d-1"))!.Id);
        Assert.Null(await checks.FindCheckRunAsync("acme", "models", "abc", "Switchyard / tests", "d-9"));
        Assert.All(gitHub.Calls, asked => Assert.Equal("/repos/acme/models/commits/abc/check-runs?check_name=Switchyard%20%2F%20tests&filter=all&per_page=100", asked.Path));
    }

    [Fact]
    public async Task What_GitHub_requires_of_a_check_run_is_asked_for_before_a_call()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var checks = connection.Token().Checks;

        await Assert.ThrowsAsync<ArgumentException>(() => checks.CreateCheckRunAsync("acme", "models", new CheckRunDraft { Name = "x" }));
        await Assert.ThrowsAsync<ArgumentException>(() => checks.CreateCheckRunAsync("acme", "models", new CheckRunDraft { Name = "x", HeadSha = "a", Status = "completed" }));
        await Assert.ThrowsAsync<ArgumentException>(() => checks.UpdateCheckRunAsync("acme", "models", 1, new CheckRunDraft { Summary = "no title" }));

        Assert.Empty(gitHub.Requests);
    }
}
