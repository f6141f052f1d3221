using System.Text;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class FilesTests
{
    private readonly FakeTime time = new();

    [Theory]
    [InlineData(0, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public async Task A_list_of_300_files_is_not_taken_for_a_whole_one(int count, bool complete)
    {
        var files = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"filename":"f{{i}}","status":"added","sha":"a"}"""));
        var gitHub = new ScriptedGitHub(time) { Answer = asked => ScriptedGitHub.Json(200, $$"""{"status":"ahead","total_commits":2,"commits":[],"files":[{{files}}]}""") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var changed = await connection.Token().Files.CompareFilesAsync("acme", "models", "a", "b/c");

        Assert.Equal((count, complete), (changed!.Files.Count, changed.IsComplete));
        Assert.Equal("/repos/acme/models/compare/a...b%2Fc?per_page=1", gitHub.Calls.Single().Path);
    }

    [Fact]
    public async Task A_branch_a_file_and_a_pull_request_are_made()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => (asked.Method, asked.Path) switch
        {
            ("GET", "/repos/acme/models/commits/main?per_page=1") => ScriptedGitHub.Json(200, """{"sha":"abc","commit":{"message":"m","committer":{"date":"2026-11-21T09:00:00Z"}},"parents":[{"sha":"p"}],"author":null,"files":[{"filename":"x"}]}"""),
            ("POST", "/repos/acme/models/git/refs") => ScriptedGitHub.Json(201, """{"ref":"refs/heads/switchyard","object":{"sha":"abc"}}"""),
            ("PUT", "/repos/acme/models/contents/.github/workflows/a%20b.yml") => ScriptedGitHub.Json(201, """{"content":{},"commit":{"sha":"def"}}"""),
            ("POST", "/repos/acme/models/pulls") => ScriptedGitHub.Json(201, """{"id":1,"number":12,"html_url":"h","state":"open","head":{"ref":"switchyard","repo":null},"base":{"ref":"main"},"labels":[{"id":1,"name":"ci"}]}"""),
            _ => ScriptedGitHub.Json(404, """{"message":"Not Found"}"""),
        };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var api = connection.Token();

        var head = await api.Files.GetCommitAsync("acme", "models", "main");
        await api.Files.CreateRefAsync("acme", "models", "refs/heads/switchyard", head!.Sha);
        var commit = await api.Files.PutFileAsync("acme", "models", new FileDraft(".github/workflows/a b.yml", "on: push\n"u8.ToArray(), "Add it", "switchyard"));
        var pullRequest = await api.PullRequests.CreateAsync("acme", "models", new PullRequestDraft("Add it", "switchyard", "main") { Body = "b" });

        Assert.Equal(("abc", "m", "p", "def"), (head.Sha, head.Commit!.Message, head.Parents.Single().Sha, commit));
        Assert.Equal((12, "ci", null), (pullRequest.Number, pullRequest.Labels.Single().Name, pullRequest.Head!.Repo));
        Assert.Equal(
            [
                """{"ref":"refs/heads/switchyard","sha":"abc"}""",
                $$"""{"message":"Add it","content":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes("on: push\n"))}}","branch":"switchyard"}""",
                """{"title":"Add it","head":"switchyard","base":"main","body":"b","draft":false}""",
            ],
            gitHub.Calls.Where(asked => asked.Method != "GET").Select(asked => asked.Body));
        Assert.Null(await api.Files.GetCommitAsync("acme", "models", "gone"));
        Assert.Null(await api.Files.CompareFilesAsync("acme", "models", "a", "gone"));
    }

    [Fact]
    public async Task A_workflow_file_that_is_refused_names_the_permission_that_GitHub_does_not()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(403, """{"message":"Resource not accessible by personal access token"}""", ("x-accepted-github-permissions", "contents=write")) };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var workflow = await Assert.ThrowsAsync<GitHubException>(() => connection.Token().Files.PutFileAsync("acme", "models", new FileDraft(".github/workflows/a.yml", default, "m", "b")));
        var other = await Assert.ThrowsAsync<GitHubException>(() => connection.Token().Files.PutFileAsync("acme", "models", new FileDraft("a.yml", default, "m", "b")));

        Assert.Contains("needs *Contents: write* and *Workflows: write*, and the token may lack the second", workflow.Message, StringComparison.Ordinal);
        Assert.Contains("The token lacks *Contents: write*", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_requests_of_a_commit_and_their_files_are_listed()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path switch
        {
            "/repos/acme/models/commits/abc/pulls?per_page=100" => ScriptedGitHub.Json(200, """[{"id":1,"number":3,"head":{"sha":"abc","repo":{"id":9,"name":"models","full_name":"eve/models","fork":true}}}]"""),
            "/repos/acme/models/pulls/3" => ScriptedGitHub.Json(200, """{"id":1,"number":3,"draft":true,"merged":false,"user":{"login":"eve","id":2}}"""),
            "/repos/acme/models/pulls/3/files?per_page=100" => ScriptedGitHub.Json(200, """[{"filename":"b","status":"renamed","previous_filename":"a","sha":"s"}]"""),
            _ => ScriptedGitHub.Json(404, ""),
        };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var pullRequests = connection.Token().PullRequests;

        Assert.Equal(("eve/models", true), (await pullRequests.ListForCommitAsync("acme", "models", "abc").ToListAsync()).Single().Head!.Repo is { } fork ? (fork.FullName, fork.Fork) : default);
        Assert.Equal((true, "eve"), (await pullRequests.GetAsync("acme", "models", 3)) is { } one ? (one.Draft, one.User!.Login) : default);
        Assert.Equal(new ComparedFile("b", "renamed", "a", "s"), (await pullRequests.ListFilesAsync("acme", "models", 3).ToListAsync()).Single());
        Assert.Null(await pullRequests.GetAsync("acme", "models", 4));
    }
}
