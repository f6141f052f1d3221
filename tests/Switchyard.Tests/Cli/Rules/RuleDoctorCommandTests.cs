using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

public sealed class RuleDoctorCommandTests
{
    private const string Findings =
        """
        [{"rule":"integration-tests","ruleId":"3","source":"acme/.github","subject":"acme/the-app","state":"ok","message":"Installed.","next":null},
         {"rule":"integration-tests","ruleId":"3","source":"acme/.github","subject":"acme/the-tests integration.yml","state":"error","message":"It requires the input sha.","next":"Give it."},
         {"rule":"integration-tests","ruleId":"3","source":"acme/.github","subject":"events","state":"unknown","message":"GitHub could not be asked.","next":null},
         {"rule":null,"ruleId":null,"source":"acme/.github","subject":"acme/.github switchyard.yml","state":"warning","message":"Hm.","next":"Look."}]
        """;

    [Fact]
    public async Task What_a_rule_needs_is_one_line_each_with_the_fix_under_a_failure()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules/doctor", Findings);

        var text = await CommandRun.Against(server).RunAsync("doctor", "--rule", "integration-tests");
        var terminal = await CommandRun.Against(server, onTerminal: true).RunAsync("doctor", "--rule", "integration-tests", "--no-color");

        Assert.Equal(ExitCode.Findings, text.Code);
        Assert.Equal(
            "ok\trule integration-tests: acme/the-app\tInstalled.\nfailed\trule integration-tests: acme/the-tests integration.yml\tIt requires the input sha. Fix: Give it.\n"
            + "skipped\trule integration-tests: events\tGitHub could not be asked.\nwarning\trules of acme/.github switchyard.yml\tHm. Fix: Look.\n",
            text.Out);
        Assert.Contains("rule integration-tests: acme/the-tests integration.yml: Give it.\n", terminal.Out, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("?rule=integration-tests", request.Query));
    }

    [Fact]
    public async Task The_whole_doctor_looks_at_the_rules_of_the_server_too()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /readyz", "{}").On("GET /api/v1/providers", """{"items":[],"total":0}""").On("GET /api/v1/deliveries", """{"items":[],"total":0}""").On("GET /api/v1/installations", """{"items":[],"total":0}""").On("GET /api/v1/rules/doctor", Findings);

        var outcome = await CommandRun.Against(server).RunAsync("doctor", "--json", "check,state");

        Assert.Contains(outcome.OutJson.AsArray(), item => item!["check"]!.ToString() == "rule integration-tests: acme/the-app");
    }

    [Fact]
    public async Task A_rule_that_is_none_ends_with_5()
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("GET /api/v1/rules/doctor", 404, "NotFound", "There is no rule in force.");

        Assert.Equal(ExitCode.NotFound, (await CommandRun.Against(server).RunAsync("doctor", "--rule", "nope")).Code);
    }
}
