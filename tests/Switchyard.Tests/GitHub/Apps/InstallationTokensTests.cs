using System.Diagnostics;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Apps;

public sealed class InstallationTokensTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task A_thousand_callers_make_one_token()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        var scope = TokenScope.Read(42);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => connection.GitTokenAsync(5, scope).AsTask())));

        Assert.Single(tokens.Distinct());
        var asked = Assert.Single(gitHub.Requests);
        Assert.Equal("/app/installations/5/access_tokens", asked.Path);
        Assert.Equal("""{"repository_ids":[42],"permissions":{"contents":"read","metadata":"read"}}""", asked.Body);
    }

    [Fact]
    public async Task Installations_repositories_and_permissions_have_tokens_of_their_own()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        TokenScope[] scopes =
        [
            TokenScope.All,
            TokenScope.Read(1),
            TokenScope.Read(2),
            new([1, 2], null, null),
            new([2, 1], null, null),
            new(null, ["Models"], null),
            new(null, ["models"], null),
        ];

        foreach (var scope in scopes)
        {
            await connection.GitTokenAsync(5, scope);
            await connection.GitTokenAsync(6, scope);
        }

        Assert.Equal(2 * 5, gitHub.Minted);
        Assert.Equal("", gitHub.Requests.First().Body);
        Assert.Equal(new TokenScope([2, 1], null, null), new TokenScope([1, 2, 2], null, null));
        Assert.NotEqual(TokenScope.Read(1), TokenScope.Read(2));
    }

    [Fact]
    public async Task At_55_minutes_a_token_is_renewed_in_the_background_while_the_old_one_serves()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        var first = await connection.Tokens!.GetAsync(5, TokenScope.All);

        time.Advance(TimeSpan.FromMinutes(54));
        Assert.Same(first, await connection.Tokens.GetAsync(5, TokenScope.All));
        Assert.Equal(1, gitHub.Minted);

        time.Advance(TimeSpan.FromMinutes(1.5));
        Assert.Same(first, await connection.Tokens.GetAsync(5, TokenScope.All));
        await Until(() => gitHub.Notices.Count(notice => notice.Kind == GitHubNoticeKind.TokenMinted) == 2);

        Assert.NotSame(first, await connection.Tokens.GetAsync(5, TokenScope.All));
        Assert.Equal(2, gitHub.Minted);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_old_token_serving_to_its_end()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        var first = await connection.Tokens!.GetAsync(5, TokenScope.All);
        gitHub.Mint = (_, _) => ScriptedGitHub.Json(400, """{"message":"no"}""");

        time.Advance(TimeSpan.FromMinutes(56));
        Assert.Same(first, await connection.Tokens.GetAsync(5, TokenScope.All));
        await Until(() => gitHub.Notices.Any(notice => notice.Kind == GitHubNoticeKind.TokenRefreshFailed));
        Assert.Same(first, await connection.Tokens.GetAsync(5, TokenScope.All));
        Assert.Equal(2, gitHub.Minted);

        time.Advance(TimeSpan.FromMinutes(4));
        await Assert.ThrowsAsync<GitHubException>(() => connection.Tokens.GetAsync(5, TokenScope.All).AsTask());
    }

    [Theory]
    [InlineData(403, "This installation has been suspended", GitHubErrorKind.Suspended)]
    [InlineData(404, "Not Found", GitHubErrorKind.InstallationGone)]
    [InlineData(422, "There is at least one repository that does not exist or is not accessible to the parent installation.", GitHubErrorKind.NotGranted)]
    public async Task A_refusal_to_make_a_token_names_its_cause_and_is_not_remembered(int status, string message, GitHubErrorKind kind)
    {
        var gitHub = new ScriptedGitHub(time) { Mint = (_, _) => ScriptedGitHub.Json(status, $$"""{"message":"{{message}}"}""") };
        using var connection = gitHub.Connect();

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.GitTokenAsync(5, TokenScope.Read(9)).AsTask());
        Assert.Equal((kind, status, message), (error.Kind, error.Status, error.GitHubMessage));
        Assert.StartsWith($"Could not get a token for installation 5 (repositories 9; contents: read, metadata: read): GitHub answered {status} \"{message}\". ", error.Message, StringComparison.Ordinal);

        gitHub.Mint = null;
        Assert.NotNull(await connection.GitTokenAsync(5, TokenScope.Read(9)));
    }

    [Fact]
    public async Task A_suspension_forgets_every_token_of_the_installation()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        await connection.GitTokenAsync(5, TokenScope.Read(1));
        var other = await connection.GitTokenAsync(6, TokenScope.Read(1));
        gitHub.Mint = (_, _) => ScriptedGitHub.Json(403, """{"message":"This installation has been suspended"}""");

        await Assert.ThrowsAsync<GitHubException>(() => connection.GitTokenAsync(5, TokenScope.Read(2)).AsTask());

        await Assert.ThrowsAsync<GitHubException>(() => connection.GitTokenAsync(5, TokenScope.Read(1)).AsTask());
        Assert.Equal(other, await connection.GitTokenAsync(6, TokenScope.Read(1)));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_spoil_the_token_of_the_others()
    {
        var gate = new TaskCompletionSource();
        var tokens = new InstallationTokens(
            async (_, _, _) =>
            {
                await gate.Task;
                return new InstallationToken("t", time.GetUtcNow().AddHours(1), time.GetUtcNow());
            },
            time);
        using var giveUp = new CancellationTokenSource();
        var first = tokens.GetAsync(5, TokenScope.All, giveUp.Token).AsTask();
        var second = tokens.GetAsync(5, TokenScope.All).AsTask();

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.Equal("t", (await second).Value);
    }

    [Fact]
    public async Task Evicting_a_refused_token_spares_the_one_that_replaced_it()
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = gitHub.Connect();
        var first = await connection.GitTokenAsync(5, TokenScope.All);
        connection.Tokens!.Evict(5, first);
        var second = await connection.GitTokenAsync(5, TokenScope.All);
        connection.Tokens.Evict(5, first);

        Assert.NotEqual(first, second);
        Assert.Equal(second, await connection.GitTokenAsync(5, TokenScope.All));
        connection.Tokens.Evict(5);
        var third = await connection.GitTokenAsync(5, TokenScope.All);
        Assert.NotEqual(second, third);
        connection.Tokens.Evict(5, TokenScope.Read(1));
        Assert.Equal(third, await connection.GitTokenAsync(5, TokenScope.All));
        connection.Tokens.Evict(5, TokenScope.All);
        Assert.NotEqual(third, await connection.GitTokenAsync(5, TokenScope.All));
    }

    [Fact]
    public async Task A_token_by_another_clock_lives_as_long_as_GitHub_says()
    {
        var gitHub = new ScriptedGitHub(time) { Skew = TimeSpan.FromMinutes(30) };
        using var connection = gitHub.Connect();

        var token = await connection.Tokens!.GetAsync(5, TokenScope.All);

        Assert.Equal(time.GetUtcNow().AddHours(1), token.ExpiresAt, TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(token.Value, token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stand_in_token_is_given_as_it_is()
    {
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, " github_pat_11AAAA ");

        Assert.False(connection.IsApp);
        Assert.Equal("github_pat_11AAAA", await connection.GitTokenAsync(null, TokenScope.All));
        Assert.Contains("Register a GitHub App", Assert.Throws<InvalidOperationException>(() => connection.App).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GitHubConnection.ForToken(GitHubHost.DotCom, "two words"));
    }

    [Fact]
    public async Task A_cached_token_costs_no_memory()
    {
        var tokens = new InstallationTokens((_, _, _) => Task.FromResult(new InstallationToken("t", time.GetUtcNow().AddHours(1), time.GetUtcNow())), TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        time.SetUtcNow(now);
        var scope = TokenScope.Read(1);
        await tokens.GetAsync(5, scope);
        static async Task<long> RunAsync(InstallationTokens tokens, TokenScope scope)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                await tokens.GetAsync(5, scope);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var equal = TokenScope.Read(1);
        await RunAsync(tokens, equal);

        Assert.Equal(0, await RunAsync(tokens, scope));
        Assert.Equal(0, await RunAsync(tokens, equal));
    }

    /// <summary>For what happens in the background with nothing to await: looks again, at most ten seconds.</summary>
    private static async Task Until(Func<bool> condition)
    {
        var end = Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency);
        while (!condition())
        {
            Assert.True(Stopwatch.GetTimestamp() < end, "It did not happen.");
            await Task.Yield();
        }
    }
}
