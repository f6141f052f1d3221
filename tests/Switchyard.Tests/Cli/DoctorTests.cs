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

    [Fact]
    public async Task A_suspended_installation_is_told_with_who_can_change_that()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /readyz", "{}").On("GET /api/v1/providers", """{"items":[{"slug":"acme","kind":"App","health":"Healthy"}],"total":1}""").On("GET /api/v1/deliveries", """{"items":[],"total":0}""");
        server.On(
            "GET /api/v1/installations",
            """
            {"items":[{"account":"acme","state":"Suspended","reason":"The installation on acme was suspended by @kim.","htmlUrl":"https://github.com/organizations/acme/settings/installations/5"},
             {"account":"other","state":"Active"}],"total":2}
            """);

        var outcome = await CommandRun.Against(server).RunAsync("doctor", "--json", "check,state,detail,fix");

        var finding = Assert.Single(outcome.OutJson.AsArray(), item => item!["check"]!.ToString().StartsWith("installation", StringComparison.Ordinal))!;
        Assert.Equal(("installation acme", "failed", "The installation on acme was suspended by @kim."), (finding["check"]!.ToString(), finding["state"]!.ToString(), finding["detail"]!.ToString()));
        Assert.Equal("An organization owner can unsuspend it: https://github.com/organizations/acme/settings/installations/5", finding["fix"]!.ToString());
    }

    [Theory]
    [InlineData("git version 2.39.5", "ok")]
    [InlineData("git version 2.36.0.windows.1", "ok")]
    [InlineData("git version 2.35.8", "failed")]
    [InlineData("git version 1.8", "failed")]
    [InlineData("gibberish", "warning")]
    public void An_old_git_is_refused(string said, string state) => Assert.Equal(state, LocalChecks.JudgeGit("git", said).State);
}
