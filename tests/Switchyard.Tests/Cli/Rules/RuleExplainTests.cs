using Switchyard.Cli.Output;
using Switchyard.Cli.Rule.Explain;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

public sealed class RuleExplainTests
{
    private const string Explanations =
        """
        [{"signalId":"12","kind":"push","repository":"acme/the-app","ref":"refs/heads/main","sha":"4f1c9aa0b8f3a1d2","occurredAt":"2026-11-21T09:00:00+00:00","source":"Webhook","deliveryId":"31","rules":[
          {"rule":"integration-tests","ruleId":"3","file":"acme/.github","stored":true,"result":"Matched","reason":"all conditions hold",
           "conditions":[{"name":"repositories","expected":"acme/the-app","actual":"acme/the-app","outcome":"Matched"},{"name":"branches","expected":"main","actual":"main","outcome":"Matched"}],
           "pendingId":"5","pendingState":"Released","pendingDetail":"Checks 1 of 1: build passed","pendingSteps":["It was quiet from a to b.","It went on at c."],"supersededBy":null,
           "dispatches":[{"id":"8","target":"acme/the-tests integration.yml","state":"Sent","error":null,"runStatus":"completed","runConclusion":"success","runUrl":"https://github.com/r/1","runMatch":"Details","runDetail":null}]},
          {"rule":"docs","ruleId":"4","file":"acme/.github","stored":true,"result":"NotMatched","reason":"paths: expected docs/**, found src/app.cs",
           "conditions":[{"name":"paths","expected":"docs/**","actual":"src/app.cs","outcome":"NotMatched"}],"pendingId":null,"pendingState":null,"pendingDetail":null,"dispatches":[]},
          {"rule":"nightly","ruleId":"5","file":"local","stored":false,"result":"NotMatched","reason":"on: expected schedule, found push",
           "conditions":[{"name":"on","expected":"schedule","actual":"push","outcome":"NotMatched"}],"pendingId":null,"pendingState":null,"pendingDetail":null,"dispatches":[]}]}]
        """;

    [Theory]
    [InlineData("d-12", "dispatch=12")]
    [InlineData("12", "dispatch=12")]
    [InlineData("s-12", "signal=12")]
    [InlineData("acme/the-app@4F1C9AA", "repository=acme%2Fthe-app&sha=4f1c9aa")]
    [InlineData("--dispatch 12", "dispatch=12")]
    [InlineData("--signal 12", "signal=12")]
    [InlineData("s-12 --rule docs", "signal=12&rule=docs")]
    public async Task What_is_meant_is_told_by_its_form(string arguments, string query)
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", Explanations);

        var outcome = await CommandRun.Against(server).RunAsync(["rule", "explain", .. arguments.Split(' ')]);

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal("?" + query, Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task What_waits_is_explained_by_its_rule_and_the_signals_that_went_in()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", Explanations)
            .On("GET /api/v1/pendings/5", """{"id":"5","ruleId":"3","signalId":"12","sources":[{"signalId":"11"},{"signalId":"12"}]}""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "p-5");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(["", "?signal=11&rule=3", "?signal=12&rule=3"], server.Requests.Select(request => request.Query));
        Assert.Contains("integration-tests (acme/.github): ✓ Matched", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_rule_that_was_concerned_has_a_block_with_its_conditions_and_what_came_of_it()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", Explanations);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "s-12");

        Assert.Equal(
            """
            Signal s-12: push acme/the-app refs/heads/main 4f1c9aa at 2026-11-21T09:00:00+00:00, by delivery 31

            integration-tests (acme/.github): ✓ Matched: all conditions hold
              ok  repositories  expected acme/the-app  found acme/the-app
              ok  branches      expected main          found main
              p-5 went on: Checks 1 of 1: build passed
                It was quiet from a to b.
                It went on at c.
              d-8 acme/the-tests integration.yml: Sent
                run completed success https://github.com/r/1

            docs (acme/.github): - NotMatched: paths: expected docs/**, found src/app.cs
              no  paths  expected docs/**  found src/app.cs

            1 rule waits for something else: nightly. switchyard rule explain s-12 --all says why.

            """,
            outcome.Out,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task With_all_rules_that_wait_for_something_else_have_blocks_too()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", Explanations);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "s-12", "--all");

        Assert.Contains("nightly (local): - NotMatched: on: expected schedule, found push\n  It was not held against the signal when that came;", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("something else", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_whose_place_was_taken_is_not_told_as_if_it_had_been_sent()
    {
        await using var server = (await FakeServer.StartAsync()).On(
            "GET /api/v1/explanations",
            Explanations.Replace("\"supersededBy\":null", "\"supersededBy\":{\"repository\":\"acme/the-app\",\"ref\":\"refs/heads/main\",\"sha\":\"0a1b2c3d4e5f\",\"signalId\":\"14\"}", StringComparison.Ordinal));

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "acme/the-app@4f1c9aa");

        Assert.Contains("integration-tests (acme/.github): - Superseded: 0a1b2c3 came (s-14) and took its place, before anything was sent\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("  what became of 0a1b2c3: p-5 went on: ", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("✓ Matched", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_JSON_it_is_what_the_server_says()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", Explanations);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "s-12", "--json", "signalId,rules");

        Assert.Equal("12", outcome.OutJson[0]!["signalId"]!.ToString());
        Assert.Equal(3, outcome.OutJson[0]!["rules"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_rule_that_is_none_is_not_an_empty_answer()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/explanations", """[{"signalId":"12","kind":"push","rules":[]}]""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "explain", "s-12", "--rule", "nope");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.Contains("\"nope\"", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-12")]
    [InlineData("acme/the-app@")]
    [InlineData("acme/the-app@12")]
    [InlineData("acme")]
    [InlineData("")]
    public void What_has_no_such_form_is_refused(string text) => Assert.Null(ExplainSubject.Parse(text));
}
