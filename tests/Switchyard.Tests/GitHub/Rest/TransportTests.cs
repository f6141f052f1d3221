using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class TransportTests
{
    private const string Repository = """{"id":1,"name":"models","full_name":"acme/models","default_branch":"main","size":12,"owner":{"login":"acme","id":3},"topics":["x"]}""";
    private const string Ref = """{"ref":"refs/heads/main","object":{"sha":"aaaa","type":"commit"}}""";

    private readonly FakeTime time = new();

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_keeps_method_body_and_token_on_the_same_host(int status)
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path == "/repos/acme/old/dispatches"
            ? ScriptedGitHub.Json(status, """{"message":"Moved Permanently"}""", ("Location", "https://api.github.com/repositories/1/dispatches"))
            : ScriptedGitHub.Json(204, "");
        using var connection = gitHub.Connect();

        var answer = await connection.Installation(5, TokenScope.All).SendAsync("POST", "/repos/acme/old/dispatches", """{"event_type":"x"}"""u8.ToArray());

        Assert.Equal(204, answer.Status);
        var calls = gitHub.Calls.ToArray();
        Assert.Equal(["/repos/acme/old/dispatches", "/repositories/1/dispatches"], calls.Select(asked => asked.Path));
        Assert.All(calls, asked => Assert.Equal(("POST", """{"event_type":"x"}"""), (asked.Method, asked.Body)));
        Assert.Equal(calls[0].Bearer, calls[1].Bearer);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_an_error_and_the_token_stays()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(302, "", ("Location", "https://evil.test/x")) };
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models"));

        Assert.Equal(GitHubErrorKind.Protocol, error.Kind);
        Assert.All(gitHub.Requests, asked => Assert.Equal("api.github.com", asked.Url.Host));
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(301, "", ("Location", "/repositories/1")) };
        using var connection = gitHub.Connect();

        await Assert.ThrowsAsync<GitHubException>(() => connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models"));

        Assert.Equal(6, gitHub.Calls.Count());
    }

    [Fact]
    public async Task An_unchanged_answer_is_taken_from_the_cache()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Header("If-None-Match") == "\"v1\"" ? ScriptedGitHub.Json(304, "") : ScriptedGitHub.Json(200, Ref, ("ETag", "\"v1\""));
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);

        var first = await api.GetRefAsync("acme", "models", "heads/main");
        var second = await api.GetRefAsync("acme", "models", "heads/main");
        var other = await connection.Installation(6, TokenScope.All).GetRefAsync("acme", "models", "heads/main");

        Assert.Equal(first, second);
        Assert.Equal("aaaa", other!.Object!.Sha);
        Assert.Equal([null, "\"v1\"", null], gitHub.Calls.Select(asked => asked.Header("If-None-Match")));
        Assert.Equal(1, connection.SavedByEtag);
    }

    [Fact]
    public async Task The_cache_forgets_the_longest_unused()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => ScriptedGitHub.Json(200, Ref, ("ETag", "\"" + asked.Path.Length + "\""));
        using var connection = gitHub.Connect(new GitHubConnectionOptions { EtagCacheBytes = 3 * 1500 });
        var api = connection.Installation(5, TokenScope.All);

        foreach (var name in (string[])["heads/a", "heads/b", "heads/a", "heads/c", "heads/d", "heads/a", "heads/b"])
        {
            await api.GetRefAsync("acme", "models", name);
        }

        Assert.Equal([false, false, true, false, false, true, false], gitHub.Calls.Select(asked => asked.Header("If-None-Match") is not null));
    }

    [Fact]
    public async Task Equal_reads_at_the_same_time_are_one_call()
    {
        var gitHub = new ScriptedGitHub(time);
        using var open = new ManualResetEventSlim();
        gitHub.Answer = _ =>
        {
            open.Wait(TimeSpan.FromSeconds(10));
            return ScriptedGitHub.Json(200, Repository);
        };
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);
        using var giveUp = new CancellationTokenSource();

        var impatient = api.GetRepositoryAsync("acme", "models", giveUp.Token);
        var calls = Enumerable.Range(0, 50).Select(_ => api.GetRepositoryAsync("acme", "models")).ToArray();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        open.Set();

        Assert.All(await Task.WhenAll(calls), repository => Assert.Equal(1, repository.Id));
        Assert.Single(gitHub.Calls);
    }

    [Fact]
    public async Task Five_hundreds_are_repeated_for_reads_only()
    {
        var gitHub = new ScriptedGitHub(time);
        var calls = 0;
        gitHub.Answer = _ => ++calls <= 3 ? ScriptedGitHub.Json(502, "<html>bad gateway</html>") : ScriptedGitHub.Json(200, Repository);
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);

        var reading = api.GetRepositoryAsync("acme", "models");
        Assert.Equal(1, await StepAsync());
        Assert.Equal(3, await StepAsync());
        Assert.Equal(9, await StepAsync());
        Assert.Equal(1, (await reading).Id);

        calls = 0;
        var answer = await api.SendAsync("POST", "repos/acme/models/dispatches", "{}"u8.ToArray());
        Assert.Equal((502, 1), (answer.Status, calls));
    }

    [Fact]
    public async Task A_lost_connection_is_repeated_and_then_explained()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => throw new HttpRequestException("Connection refused (api.github.com:443)") };
        using var connection = gitHub.Connect();

        var reading = connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models");
        for (var i = 0; i < 3; i++)
        {
            await StepAsync();
        }

        var error = await Assert.ThrowsAsync<GitHubException>(() => reading);
        Assert.Equal(GitHubErrorKind.Network, error.Kind);
        Assert.Contains("api.github.com could not be reached (\"Connection refused (api.github.com:443)\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_without_an_answer_is_not_sent_again()
    {
        var gitHub = new ScriptedGitHub(time) { Silent = true };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options(new GitHubConnectionOptions()));

        var sending = connection.Token().SendAsync("POST", "repos/acme/models/dispatches", "{}"u8.ToArray());
        await time.AdvanceToNextTimerAsync();

        var error = await Assert.ThrowsAsync<GitHubException>(() => sending);
        Assert.Equal(GitHubErrorKind.Timeout, error.Kind);
        Assert.Equal("Could not POST /repos/acme/models/dispatches: api.github.com gave no answer within 60 s. It may have happened all the same: look before it is sent again.", error.Message);
        Assert.Single(gitHub.Calls);
    }

    [Fact]
    public async Task A_caller_can_give_up_on_a_read()
    {
        var gitHub = new ScriptedGitHub(time) { Silent = true };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        using var giveUp = new CancellationTokenSource();

        var reading = connection.Token().GetRepositoryAsync("acme", "models", giveUp.Token);
        await time.NextTimerAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData(401, "Bad credentials", false)]
    [InlineData(403, "Resource not accessible by integration", false)]
    [InlineData(403, "Resource not accessible by integration", true)]
    public async Task A_fresh_token_that_is_refused_is_tried_again_as_it_is(int status, string message, bool stateless)
    {
        var gitHub = new ScriptedGitHub(time);
        if (stateless)
        {
            gitHub.Mint = (_, _) => ScriptedGitHub.Json(201, $$"""{"token":"ghs_12_eyJh.{{new string('x', 480)}}.s-_g","expires_at":"{{time.GetUtcNow().AddHours(1):O}}"}""");
        }

        var calls = 0;
        gitHub.Answer = _ => ++calls <= 2 ? ScriptedGitHub.Json(status, $$"""{"message":"{{message}}"}""") : ScriptedGitHub.Json(200, Repository);
        using var connection = gitHub.Connect();

        var reading = connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models");
        Assert.Equal(3, await StepAsync());
        Assert.Equal(10, await StepAsync());

        Assert.Equal(1, (await reading).Id);
        Assert.Equal(1, gitHub.Minted);
        Assert.Single(gitHub.Calls.Select(asked => asked.Bearer).Distinct());
    }

    [Fact]
    public async Task An_old_token_that_is_refused_is_replaced_once()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, Repository) };
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);
        await api.GetRepositoryAsync("acme", "models");
        time.Advance(TimeSpan.FromMinutes(5));
        var old = gitHub.Calls.First().Bearer;
        gitHub.Answer = asked => asked.Bearer == old ? ScriptedGitHub.Json(401, """{"message":"Bad credentials"}""") : ScriptedGitHub.Json(200, Repository);

        await api.GetRepositoryAsync("acme", "models");

        Assert.Equal(2, gitHub.Minted);
        Assert.Equal(3, gitHub.Calls.Count());
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, Repository) };
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);
        await api.GetRepositoryAsync("acme", "models");
        gitHub.Answer = _ => ScriptedGitHub.Json(403, """{"message":"Resource not accessible by integration","documentation_url":"https://docs"}""", ("X-Accepted-GitHub-Permissions", "contents=read"));

        var error = await Assert.ThrowsAsync<GitHubException>(() => api.GetRefAsync("acme", "models", "heads/main"));

        Assert.Equal((GitHubErrorKind.PermissionMissing, "contents=read"), (error.Kind, error.AcceptedPermissions));
        Assert.Equal("Could not read heads/main of acme/models: GitHub answered 403 \"Resource not accessible by integration\". The App or token lacks *Contents: read*. Grant it in the App's settings; the owner of the installation must then approve it.", error.Message);
    }

    [Theory]
    [InlineData(403, "Repository was archived so is read-only.", GitHubErrorKind.Archived)]
    [InlineData(403, "This installation has been suspended", GitHubErrorKind.Suspended)]
    [InlineData(409, "Git Repository is empty.", GitHubErrorKind.EmptyRepository)]
    [InlineData(422, "Validation Failed", GitHubErrorKind.Validation)]
    [InlineData(404, "Not Found", GitHubErrorKind.NotFound)]
    public async Task Refusals_have_their_kinds(int status, string message, GitHubErrorKind kind)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(status, $$"""{"message":"{{message}}","errors":["x",{"resource":"Release","field":"tag","code":"missing"},7]}""") };
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models"));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(message + " (x, Release tag missing)", error.GitHubMessage);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_a_clear_error()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, "<html>Sign in to the proxy</html>") };
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models"));

        Assert.Equal(GitHubErrorKind.Protocol, error.Kind);
    }

    private async Task<int> StepAsync() => (int)(await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30))).TotalSeconds;
}
