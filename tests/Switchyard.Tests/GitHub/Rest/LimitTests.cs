using System.Globalization;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class LimitTests
{
    private const string Repository = """{"id":1,"name":"models","full_name":"acme/models","default_branch":"main"}""";

    private readonly FakeTime time = new();

    [Theory]
    [InlineData("retry-after", 17, 17)]
    [InlineData("reset", 45, 45)]
    [InlineData("nothing", 0, 60)]
    public async Task A_limit_pauses_the_whole_installation_for_as_long_as_GitHub_says(string header, int seconds, int expected)
    {
        var gitHub = new ScriptedGitHub(time);
        var refused = 0;
        gitHub.Answer = _ => Interlocked.Increment(ref refused) == 1 ? Refusal(header, seconds) : ScriptedGitHub.Json(200, Repository);
        using var connection = gitHub.Connect();
        var start = time.GetUtcNow();

        var first = connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models");
        await time.NextTimerAsync(TimeSpan.FromSeconds(expected));
        var second = connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "other");
        var other = await connection.Installation(6, TokenScope.All).GetRepositoryAsync("acme", "models");
        Assert.Equal("acme/models", other.FullName);
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.NotNull(connection.RateLimitOf(5).PausedUntil);
        Assert.Null(connection.RateLimitOf(6).PausedUntil);

        await DriveAsync(first, expected);
        await DriveAsync(second, expected);

        Assert.Equal(expected, (time.GetUtcNow() - start).TotalSeconds, tolerance: 1);
        Assert.Contains(gitHub.Notices, notice => notice is { Kind: GitHubNoticeKind.Paused, InstallationId: 5 });
    }

    [Fact]
    public async Task A_secondary_limit_without_an_end_doubles_its_pause()
    {
        var gitHub = new ScriptedGitHub(time);
        var calls = 0;
        gitHub.Answer = _ => ++calls <= 3 ? Refusal("nothing", 0) : ScriptedGitHub.Json(200, Repository);
        using var connection = gitHub.Connect(new GitHubConnectionOptions { LongestWait = TimeSpan.FromMinutes(10), RequestTimeout = TimeSpan.FromDays(1) });
        var start = time.GetUtcNow();

        await DriveAsync(connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models"), 600);

        Assert.Equal(60 + 120 + 240, (time.GetUtcNow() - start).TotalSeconds, tolerance: 1);
    }

    [Fact]
    public async Task A_pause_longer_than_a_call_may_wait_is_an_error_that_says_until_when()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => Refusal("reset", 1200) };
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);

        var error = await Assert.ThrowsAsync<GitHubException>(() => api.GetRepositoryAsync("acme", "models"));
        var next = await Assert.ThrowsAsync<GitHubException>(() => api.GetRepositoryAsync("acme", "other"));

        Assert.Equal((GitHubErrorKind.RateLimited, 403), (error.Kind, error.Status));
        Assert.Equal("Could not read acme/models now: GitHub limits the rate of requests, it answered 403 \"API rate limit exceeded for installation ID 5.\". It can be tried again at 09:20:00Z; waiting work resumes by itself.", error.Message);
        Assert.Equal(time.GetUtcNow().AddSeconds(1200), next.RetryAt);
        Assert.Single(gitHub.Calls);
    }

    [Fact]
    public async Task The_last_request_of_a_quota_pauses_before_GitHub_has_to_refuse()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = _ => ScriptedGitHub.Json(200, Repository, ("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Unix(1800)), ("x-ratelimit-resource", "core"));
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);

        await api.GetRepositoryAsync("acme", "models");
        await Assert.ThrowsAsync<GitHubException>(() => api.GetRepositoryAsync("acme", "other"));

        Assert.Equal(new RateLimit(5000, 0, time.GetUtcNow().AddSeconds(1800), time.GetUtcNow().AddSeconds(1800)), connection.RateLimitOf(5));
    }

    [Fact]
    public async Task Another_bucket_that_is_empty_pauses_nothing()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = _ => ScriptedGitHub.Json(200, Repository, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Unix(1800)), ("x-ratelimit-resource", "search"));
        using var connection = gitHub.Connect();

        await connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "models");
        await connection.Installation(5, TokenScope.All).GetRepositoryAsync("acme", "other");

        Assert.Null(connection.RateLimitOf(5).PausedUntil);
    }

    [Fact]
    public void Writes_are_paced_to_80_a_minute_and_500_an_hour()
    {
        using var lane = new RateLane(time);
        var turns = new List<DateTimeOffset>();
        var start = time.GetUtcNow();
        for (var i = 0; i < 600; i++)
        {
            turns.Add(lane.Turn(write: true, TimeSpan.FromDays(1)));
        }

        Assert.Equal(80, turns.Count(turn => turn == start));
        Assert.All(turns, turn => Assert.InRange(turns.Count(other => other >= turn && other < turn.AddMinutes(1)), 1, 80));
        Assert.All(turns, turn => Assert.InRange(turns.Count(other => other >= turn && other < turn.AddHours(1)), 1, 500));
        Assert.Equal(start, lane.Turn(write: false, TimeSpan.Zero));
        Assert.Equal(start.AddHours(1), turns[500]);
    }

    [Fact]
    public void A_write_that_gives_up_takes_no_turn()
    {
        using var lane = new RateLane(time);
        for (var i = 0; i < 80; i++)
        {
            lane.Turn(write: true, TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(time.GetUtcNow().AddMinutes(1), lane.Turn(write: true, TimeSpan.FromSeconds(1)));
        }
    }

    [Fact]
    public async Task At_most_100_calls_of_an_installation_run_at_once()
    {
        using var lane = new RateLane(time);
        var places = new List<RateLane.Place>();
        for (var i = 0; i < 100; i++)
        {
            places.Add(await lane.EnterAsync(default));
        }

        var waiting = lane.EnterAsync(default).AsTask();
        Assert.False(waiting.IsCompleted);
        places[0].Dispose();
        (await waiting).Dispose();
    }

    private HttpResponseMessage Refusal(string header, int seconds) => header switch
    {
        "retry-after" => ScriptedGitHub.Json(429, """{"message":"You have exceeded a secondary rate limit."}""", ("retry-after", seconds.ToString(CultureInfo.InvariantCulture))),
        "reset" => ScriptedGitHub.Json(403, """{"message":"API rate limit exceeded for installation ID 5."}""", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Unix(seconds))),
        _ => ScriptedGitHub.Json(403, """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"""),
    };

    private string Unix(int seconds) => time.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private async Task DriveAsync(Task task, int atMost)
    {
        while (!task.IsCompleted)
        {
            var timer = time.NextTimerAsync(TimeSpan.FromSeconds(atMost));
            if (await Task.WhenAny(task, timer) == timer && !task.IsCompleted)
            {
                time.Advance(await timer);
            }
        }

        await task;
    }
}
