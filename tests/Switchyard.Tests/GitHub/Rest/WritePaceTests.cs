using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

/// <summary>Dispatches come before updates of check runs.</summary>
public sealed class WritePaceTests
{
    private readonly FakeTime time = new();

    [Fact]
    public void A_write_that_yields_leaves_20_a_minute_to_others()
    {
        using var lane = new RateLane(time);

        Assert.Equal(60, CountAtOnce(lane, yields: true, 200));
        Assert.Equal(time.GetUtcNow().AddMinutes(1), lane.Turn(write: true, TimeSpan.Zero, yields: true));
        Assert.Equal(20, CountAtOnce(lane, yields: false, 200));
        Assert.Equal(time.GetUtcNow().AddMinutes(1), lane.Turn(write: true, TimeSpan.Zero));
    }

    [Fact]
    public void A_write_that_yields_leaves_100_an_hour_to_others()
    {
        using var lane = new RateLane(time);
        var start = time.GetUtcNow();
        var yielding = 0;
        for (var minute = 0; minute < 30; minute++)
        {
            yielding += CountAtOnce(lane, yields: true, 60);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(400, yielding);
        Assert.Equal(start.AddHours(1), lane.Turn(write: true, TimeSpan.Zero, yields: true));
        Assert.Equal(80, CountAtOnce(lane, yields: false, 80));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, CountAtOnce(lane, yields: false, 80));
        Assert.Equal(start.AddHours(1), lane.Turn(write: true, TimeSpan.Zero));
    }

    [Fact]
    public void Writes_of_others_count_against_what_yields_may_use()
    {
        using var lane = new RateLane(time);

        Assert.Equal(50, CountAtOnce(lane, yields: false, 50));
        Assert.Equal(10, CountAtOnce(lane, yields: true, 50));
        Assert.Equal(20, CountAtOnce(lane, yields: false, 50));
    }

    [Fact]
    public async Task A_check_run_without_room_says_when_and_a_dispatch_still_goes()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => ScriptedGitHub.Json(asked.Method == "PATCH" ? 200 : 204, "{}") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var api = connection.Token();
        Task UpdateAsync() => api.Checks.UpdateCheckRunAsync("acme", "models", 1, new CheckRunDraft { Status = "in_progress" });
        for (var i = 0; i < 60; i++)
        {
            await UpdateAsync();
        }

        var error = await Assert.ThrowsAsync<GitHubException>(UpdateAsync);
        await api.Actions.DispatchRepositoryAsync("acme", "tests", "x", default);

        Assert.Equal((GitHubErrorKind.RateLimited, false, time.GetUtcNow().AddMinutes(1)), (error.Kind, error.MayHaveHappened, error.RetryAt));
        Assert.Equal((60, 1), (gitHub.Calls.Count(asked => asked.Method == "PATCH"), gitHub.Calls.Count(asked => asked.Method == "POST")));
        time.Advance(TimeSpan.FromMinutes(1));
        await UpdateAsync();
    }

    [Fact]
    public async Task A_caller_with_a_schedule_of_its_own_does_not_wait_to_write()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(204, "") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options(new GitHubConnectionOptions { RequestTimeout = TimeSpan.FromDays(1), LongestWriteWait = TimeSpan.Zero }));
        Task SendAsync() => connection.Token().Actions.DispatchRepositoryAsync("acme", "tests", "x", default);
        for (var i = 0; i < 80; i++)
        {
            await SendAsync();
        }

        var error = await Assert.ThrowsAsync<GitHubException>(SendAsync);

        Assert.Equal((GitHubErrorKind.RateLimited, time.GetUtcNow().AddMinutes(1)), (error.Kind, error.RetryAt));
        Assert.Equal(80, gitHub.Calls.Count());
    }

    private int CountAtOnce(RateLane lane, bool yields, int tries)
    {
        var count = 0;
        for (var i = 0; i < tries; i++)
        {
            count += lane.Turn(write: true, TimeSpan.Zero, yields) <= time.GetUtcNow() ? 1 : 0;
        }

        return count;
    }
}
