using Switchyard.Cli.Doctor;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class DoctorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "ok")]
    [InlineData(-29, "ok")]
    [InlineData(300, "warning")]
    [InlineData(-300, "warning")]
    public void A_clock_that_is_off_is_told_with_how_to_set_it(int seconds, string state)
    {
        var finding = GitHubChecks.JudgeClock("clock", Now.AddSeconds(seconds), Now);

        Assert.Equal(state, finding.State);
        Assert.Equal(state == "ok", finding.Fix is null);
    }

    [Theory]
    [InlineData("git version 2.39.5", "ok")]
    [InlineData("git version 2.36.0.windows.1", "ok")]
    [InlineData("git version 2.35.8", "failed")]
    [InlineData("git version 1.8", "failed")]
    [InlineData("gibberish", "warning")]
    public void An_old_git_is_refused(string said, string state) => Assert.Equal(state, LocalChecks.JudgeGit("git", said).State);
}
