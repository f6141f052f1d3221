using System.Net.Sockets;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

/// <summary>Whether a write that failed may have happened all the same.</summary>
public sealed class OutcomeTests
{
    private readonly FakeTime time = new();

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(422, false)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    public async Task A_refusal_is_certain_and_a_failure_of_the_server_is_not(int status, bool doubt)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(status, """{"message":"no"}""") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        Assert.Equal(doubt, (await FailAsync(connection)).MayHaveHappened);
        Assert.Single(gitHub.Calls);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, false)]
    [InlineData(HttpRequestError.ConnectionError, false)]
    [InlineData(HttpRequestError.SecureConnectionError, false)]
    [InlineData(HttpRequestError.ProxyTunnelError, false)]
    [InlineData(HttpRequestError.ResponseEnded, true)]
    [InlineData(HttpRequestError.Unknown, true)]
    public async Task What_never_left_is_certain_and_what_was_on_its_way_is_not(HttpRequestError how, bool doubt)
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => throw new HttpRequestException(how, "broken") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var error = await FailAsync(connection);

        Assert.Equal((GitHubErrorKind.Network, doubt), (error.Kind, error.MayHaveHappened));
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_was_never_reached()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var host = new GitHubHost(new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{port}"));
        using var connection = GitHubConnection.ForToken(host, "github_pat_x");

        var error = await FailAsync(connection);

        Assert.Equal((GitHubErrorKind.Network, false), (error.Kind, error.MayHaveHappened));
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_request_leaves_a_doubt()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var host = new GitHubHost(new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{port}"));
        using var connection = GitHubConnection.ForToken(host, "github_pat_x");

        var failing = FailAsync(connection);
        using (var accepted = await listener.AcceptTcpClientAsync())
        {
            var buffer = new byte[16];
            Assert.True(await accepted.GetStream().ReadAsync(buffer) > 0);
        }

        Assert.True((await failing).MayHaveHappened);
    }

    [Theory]
    [InlineData("dispatch")]
    [InlineData("rerun")]
    public async Task A_kept_connection_that_breaks_is_no_reason_to_send_a_write_again(string what)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var host = new GitHubHost(new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{port}"));
        using var connection = GitHubConnection.ForToken(host, "github_pat_x");
        Task SendAsync() => what == "dispatch"
            ? connection.Token().Actions.DispatchRepositoryAsync("acme", "tests", "x", default)
            : connection.Token().Actions.RerunAsync("acme", "tests", 1, failedOnly: false);

        var first = SendAsync();
        using var accepted = await listener.AcceptTcpClientAsync();
        var stream = accepted.GetStream();
        await ReadRequestAsync(stream);
        await stream.WriteAsync("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        await first;
        var second = Assert.ThrowsAsync<GitHubException>(SendAsync);
        await ReadRequestAsync(stream);
        accepted.Close();

        var again = listener.AcceptTcpClientAsync();
        Assert.Same(second, await Task.WhenAny(second, again));
        Assert.True((await second).MayHaveHappened);
    }

    [Fact]
    public async Task No_answer_in_time_leaves_a_doubt()
    {
        var gitHub = new ScriptedGitHub(time) { Silent = true };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options(new GitHubConnectionOptions()));

        var failing = FailAsync(connection);
        await time.AdvanceToNextTimerAsync();

        Assert.Equal((GitHubErrorKind.Timeout, true), ((await failing) is var error ? error.Kind : default, error.MayHaveHappened));
    }

    [Fact]
    public async Task A_rate_limit_is_certain()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(429, """{"message":"secondary rate limit"}""", ("retry-after", "600")) };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var error = await FailAsync(connection);

        Assert.Equal((GitHubErrorKind.RateLimited, false, time.GetUtcNow().AddSeconds(600)), (error.Kind, error.MayHaveHappened, error.RetryAt));
    }

    [Fact]
    public async Task A_token_that_could_not_be_made_means_that_nothing_was_sent()
    {
        var gitHub = new ScriptedGitHub(time) { Mint = (_, _) => ScriptedGitHub.Json(502, "") };
        using var connection = gitHub.Connect();

        var failing = Assert.ThrowsAsync<GitHubException>(() => connection.Installation(5, TokenScope.All).Actions.DispatchRepositoryAsync("acme", "tests", "x", default));
        for (var i = 0; i < 3; i++)
        {
            await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(9));
        }

        Assert.Equal((GitHubErrorKind.Server, false), ((await failing) is var error ? error.Kind : default, error.MayHaveHappened));
        Assert.Empty(gitHub.Calls);
    }

    [Fact]
    public async Task A_doubt_is_not_taken_back_by_a_later_attempt_that_is_certain()
    {
        var gitHub = new ScriptedGitHub(time);
        var calls = 0;
        gitHub.Answer = _ => ++calls == 1 ? ScriptedGitHub.Json(502, "") : ScriptedGitHub.Json(422, """{"message":"no"}""");
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var failing = Assert.ThrowsAsync<GitHubException>(() => connection.Token().Checks.UpdateCheckRunAsync("acme", "models", 1, new CheckRunDraft { Status = "in_progress" }));
        await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((422, true, 2), ((await failing) is var error ? error.Status : 0, error.MayHaveHappened, calls));
    }

    [Fact]
    public async Task A_read_that_fails_has_no_effect_to_doubt()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(500, "") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        var failing = Assert.ThrowsAsync<GitHubException>(() => connection.Token().Actions.GetRunAsync("acme", "tests", 1));
        for (var i = 0; i < 3; i++)
        {
            await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(9));
        }

        Assert.False((await failing).MayHaveHappened);
    }

    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal) || (text.Contains("dispatches", StringComparison.Ordinal) && !text.EndsWith('}')))
        {
            var count = await stream.ReadAsync(buffer);
            Assert.True(count > 0);
            text += System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        }
    }

    private static Task<GitHubException> FailAsync(GitHubConnection connection) =>
        Assert.ThrowsAsync<GitHubException>(() => connection.Token().Actions.DispatchRepositoryAsync("acme", "tests", "x", default));
}
