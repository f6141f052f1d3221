using Switchyard.Rules;
using Switchyard.Server.Signals;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

/// <summary>When the checks of a commit have settled, and which state that is (behaviours, rows 39 and 40).</summary>
public sealed class CheckStandingTests
{
    private const long Own = 7;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void They_settle_when_all_are_done_and_nothing_has_changed_for_the_time_asked()
    {
        Assert.Equal(GateState.Wait, Of([Run(1, "build", "success", -60), Run(2, "test", null)]).Verdict.State);
        Assert.Equal(GateState.Wait, Of([Run(1, "build", "success", -60), Run(2, "test", "failure", -10)]).Verdict.State);
        Assert.Equal(GateState.Open, Of([Run(1, "build", "success", -60), Run(2, "test", "failure", -31)]).Verdict.State);
        Assert.Equal(GateState.Wait, Of([]).Verdict.State);

        // Told of a moment ago: another may be on its way.
        Assert.Equal(GateState.Wait, Of([Run(1, "build", "success", -60)], told: -5).Verdict.State);
    }

    [Fact]
    public void Times_of_GitHub_are_compared_by_its_clock()
    {
        var ahead = TimeSpan.FromMinutes(5);
        Assert.Equal(GateState.Open, Of([Run(1, "build", "success", 300 - 40)], skew: ahead).Verdict.State);
        Assert.Equal(GateState.Wait, Of([Run(1, "build", "success", 300 - 10)], skew: ahead).Verdict.State);
    }

    [Fact]
    public void Checks_without_an_end_are_left_alone_after_a_week() =>
        Assert.Equal(GateState.TimedOut, Of([Run(2, "test", null)], told: -(7 * 86_400) - 1).Verdict.State);

    [Fact]
    public void Our_own_checks_are_left_out()
    {
        var alone = Of([Run(1, "build", "success", -60)]);
        var beside = Of([Run(1, "build", "success", -60), Run(2, "Switchyard / tests", null) with { AppId = Own }]);
        Assert.Equal((alone.Digest, GateState.Open), (beside.Digest, beside.Verdict.State));
        Assert.Equal(["build"], beside.Facts.Runs.Select(run => run.Name));
    }

    [Fact]
    public void A_rerun_with_the_same_result_is_another_state_and_the_same_state_read_again_is_not()
    {
        var first = Of([Run(1, "build", "success", -600)]);
        Assert.Equal(first.Digest, Of([Run(1, "build", "success", -600)], told: -40).Digest);
        Assert.NotEqual(first.Digest, Of([Run(1, "build", "success", -600), Run(2, "build", "success", -60)]).Digest);
        Assert.NotEqual(Of([], [Status("success", -600)]).Digest, Of([], [Status("success", -60)]).Digest);
    }

    [Theory]
    [InlineData("success", "success")]
    [InlineData("skipped", "success")]
    [InlineData("neutral", "success")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("failure", "failure")]
    public void The_worst_of_them_is_what_they_come_to(string second, string expected) =>
        Assert.Equal(expected, Of([Run(1, "build", "success", -60), Run(2, "test", second, -60)]).Facts.Conclusion);

    [Fact]
    public void A_pending_status_is_waited_for_and_one_in_error_is_a_failure()
    {
        Assert.Equal(GateState.Wait, Of([], [Status("pending", -600)]).Verdict.State);
        Assert.Equal("failure", Of([], [Status("error", -600)]).Facts.Conclusion);
    }

    private static CheckStanding Of(CheckRunState[] runs, CommitStatusState[]? statuses = null, int told = -3_600, TimeSpan skew = default) => CheckStanding.Of(
        new ChecksSnapshot { CheckRuns = runs, Statuses = statuses ?? [] },
        Own,
        new CheckSubject { ChangedAt = Now.AddSeconds(told).ToUnixTimeMilliseconds() },
        skew,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromDays(7),
        Now);

    private static CheckRunState Run(long id, string name, string? conclusion, int ended = 0) => new()
    {
        Id = id,
        Name = name,
        Status = conclusion is null ? "in_progress" : "completed",
        Conclusion = conclusion,
        AppId = 15368,
        StartedAt = Now.AddSeconds(ended - 1),
        CompletedAt = conclusion is null ? null : Now.AddSeconds(ended),
    };

    private static CommitStatusState Status(string state, int at) => new() { Context = "ci", State = state, UpdatedAt = Now.AddSeconds(at) };
}
