using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>Rules in force: shown, switched, started, and what they did.</summary>
public sealed class RuleCommandTests
{
    private const string Rule =
        """
        {"id":"3","name":"integration-tests","provider":"github","source":"acme/.github","sourceId":"2","kind":"Central","enabled":true,"on":["push","pull_request"],"repositories":["acme/the-app","acme/the-lib-*"],
         "checks":"success of build, test, settled for 30s, within 2h","quiet":"for 2m, at most 20m, the latest","starts":["workflow integration.yml in acme/the-tests@main"],"reports":true,"revision":"4","line":3,
         "nextFireAt":null,"lastMatchedAt":null,"when":["push in acme/the-app (branches: main; paths: src/**)","pull_request in acme/the-lib-*"],"text":"- name: integration-tests\n  on:\n    push: {}\n"}
        """;

    [Fact]
    public async Task View_shows_the_sentence_and_the_words_of_the_file()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "view", "integration-tests");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("When\tpush in acme/the-app (branches: main; paths: src/**) or pull_request in acme/the-lib-*\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("If\tchecks: success of build, test, settled for 30s, within 2h; quiet for 2m, at most 20m, the latest\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("Then\tworkflow integration.yml in acme/the-tests@main; a check run on the source commit\n", outcome.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n\n- name: integration-tests\n  on:\n    push: {}\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("name=integration-tests", Assert.Single(server.Requests).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_is_an_id()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules/3", Rule);

        Assert.Equal("integration-tests", (await CommandRun.Against(server).RunAsync("rule", "view", "3", "--json", "name")).OutJson["name"]!.ToString());
    }

    [Fact]
    public async Task A_name_that_two_files_have_is_asked_for_again_with_their_ids()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", """{"items":[{"id":"3","name":"ci","source":"acme/.github"},{"id":"9","name":"ci","source":"acme/the-tests"}],"total":2}""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "disable", "ci");

        Assert.Equal(ExitCode.Conflict, outcome.Code);
        Assert.Contains("3 of acme/.github, 9 of acme/the-tests", outcome.Error, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task A_name_that_is_none_is_told_with_the_nearest()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", request => new FakeAnswer(request.Query.Contains("name=", StringComparison.Ordinal) ? """{"items":[],"total":0}""" : $$"""{"items":[{{Rule}}],"total":1}"""));

        var outcome = await CommandRun.Against(server).RunAsync("rule", "view", "integration-test");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.Contains("Did you mean \"integration-tests\"?", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard rule list", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable", "enabled")]
    [InlineData("disable", "disabled")]
    public async Task A_rule_is_switched_by_its_id(string verb, string done)
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""").On($"POST /api/v1/rules/3/{verb}", Rule);

        var outcome = await CommandRun.Against(server).RunAsync("rule", verb, "integration-tests");

        Assert.Equal((ExitCode.Ok, $"Rule \"integration-tests\" of acme/.github is {done}.\n"), (outcome.Code, outcome.Out));
    }

    [Fact]
    public async Task History_is_what_the_rule_made_of_signals()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""").On(
            "GET /api/v1/evaluations",
            """{"items":[{"id":"71","at":"2026-11-21T09:00:00Z","result":"NotMatched","rule":"integration-tests","signalKind":"push","repository":"acme/the-app","sha":"4f1c9aa0b8","reason":"branches: expected main, found next","signalId":"12","pendingId":null}],"total":1}""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "history", "integration-tests", "--result", "notmatched");

        Assert.Equal("71\t2026-11-21T09:00:00Z\tNotMatched\tintegration-tests\tpush\tacme/the-app@4f1c9aa\tbranches: expected main, found next\t12\t\n", outcome.Out);
        Assert.Contains("rule=3&result=notmatched", server.Requests.Last().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_of_a_file_is_its_revisions()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rule-sources", """{"items":[{"id":"2","name":"acme/.github","kind":"Central"}],"total":1}""").On(
            "GET /api/v1/rule-sources/2/revisions",
            """[{"number":"5","state":"Broken","commit":"aaaaaaaaaaaa","loadedAt":"t","loadedBy":"Push","problems":[{},{}]},{"number":"4","state":"Good","commit":null,"loadedAt":"t","loadedBy":"ann","problems":[]}]""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "history", "--file", "Acme/.github");

        Assert.Equal("5\tBroken\taaaaaaa\tt\tPush\t2\n4\tGood\t\tt\tann\t0\n", outcome.Out);
    }

    [Fact]
    public async Task Sources_tell_every_error_of_a_broken_file()
    {
        await using var server = (await FakeServer.StartAsync()).On(
            "GET /api/v1/rule-sources",
            """
            {"items":[{"id":"2","name":"acme/.github","kind":"Central","path":"switchyard.yml","state":"Broken","revision":"4","commit":"4f1c9aa0b8","updatedAt":"t","provider":"github",
             "problems":[{"line":2,"column":3,"severity":"Error","message":"One.","suggestion":"Try."},{"line":4,"column":1,"severity":"Warning","message":"Two."}]}],"total":1}
            """);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "sources");

        Assert.Equal("2\tacme/.github\tCentral\tBroken\t4\t4f1c9aa\t2\tt\tgithub\n", outcome.Out);
        Assert.Equal(
            ["acme/.github/switchyard.yml:2:3: error: One.", "  Try.", "acme/.github/switchyard.yml:4:1: warning: Two."], outcome.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Start_sends_repository_and_inputs_and_tells_the_signal()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""").On("POST /api/v1/rules/3/start", """{"signalId":"12"}""", 202);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "start", "integration-tests", "--repo", "acme/the-app", "--input", "sha=a=b", "-i", "why=");

        Assert.Equal((ExitCode.Ok, "Rule \"integration-tests\" is started: signal s-12.\n"), (outcome.Code, outcome.Out));
        Assert.Equal("""{"repository":"acme/the-app","inputs":{"sha":"a=b","why":""}}""", server.Requests.Last().Body);
        Assert.Contains("rule explain s-12", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_start_asks_the_server_whether_it_would_be_started()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""").On("POST /api/v1/rules/3/start", "", 204);

        var outcome = await CommandRun.Against(server).RunAsync("rule", "start", "integration-tests", "--repo", "acme/the-app", "--dry-run");

        Assert.Equal((ExitCode.Ok, "Would start rule \"integration-tests\": workflow integration.yml in acme/the-tests@main.\n"), (outcome.Code, outcome.Out));
        Assert.Equal("""{"repository":"acme/the-app","inputs":{},"dryRun":true}""", server.Requests.Last().Body);

        server.Refuses("POST /api/v1/rules/3/start", 409, "Conflict", "Rule is switched off.");
        Assert.Equal(ExitCode.Conflict, (await CommandRun.Against(server).RunAsync("rule", "start", "integration-tests", "--dry-run")).Code);
    }

    [Theory]
    [InlineData("success", ExitCode.Ok)]
    [InlineData("failure", ExitCode.Failure)]
    public async Task Start_can_wait_for_the_end_of_its_runs(string conclusion, int expected)
    {
        string[] stages =
        [
            """{"stored":false,"result":"Matched"}""",
            """{"stored":true,"result":"Matched","pendingState":"Checks","pendingDetail":"checks 1 of 2","dispatches":[]}""",
            """{"stored":true,"result":"Matched","pendingState":"Released","dispatches":[{"id":"8","target":"acme/the-tests integration.yml","state":"Sent","runStatus":"in_progress","runUrl":"https://github.com/r/1"}]}""",
            $$"""{"stored":true,"result":"Matched","pendingState":"Released","dispatches":[{"id":"8","target":"acme/the-tests integration.yml","state":"Sent","runStatus":"completed","runConclusion":"{{conclusion}}","runUrl":"https://github.com/r/1"}]}""",
        ];
        var asked = 0;
        var time = new FakeTime();
        await using var server = Starting(await FakeServer.StartAsync());
        server.On("GET /api/v1/explanations", _ => new FakeAnswer($$"""[{"signalId":"12","rules":[{{stages[Math.Min(asked++, stages.Length - 1)]}}]}]"""));

        var running = CommandRun.Against(server, time: time).RunAsync("rule", "start", "integration-tests", "--wait");
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, time.AdvanceToNextTimerAsync());
        }

        var outcome = await running;
        Assert.Equal(expected, outcome.Code);
        Assert.Equal($"d-8 acme/the-tests integration.yml: completed {conclusion} https://github.com/r/1\n", outcome.Out);
        Assert.Equal(stages.Length, asked);
    }

    [Theory]
    [InlineData("""{"stored":true,"result":"Suppressed","reason":"the rule is switched off"}""", "Suppressed, the rule is switched off")]
    [InlineData("""{"stored":true,"result":"Matched","pendingState":"ChecksFailed","pendingDetail":"test is failure"}""", "ChecksFailed, test is failure")]
    [InlineData("""{"stored":true,"result":"Matched","pendingState":"Released","dispatches":[{"id":"8","target":"t","state":"Failed","error":"The App lacks Actions: write."}]}""", "Failed: The App lacks Actions: write.")]
    [InlineData("""{"stored":true,"result":"Matched","pendingState":"Released","dispatches":[{"id":"8","target":"t","state":"Sent","runMatch":"NoListener","runDetail":"No workflow listens."}]}""", "No workflow listens.")]
    public async Task Waiting_ends_with_1_and_the_reason_where_nothing_will_run(string rule, string reason)
    {
        await using var server = Starting(await FakeServer.StartAsync()).On("GET /api/v1/explanations", $$"""[{"signalId":"12","rules":[{{rule}}]}]""");

        var outcome = await CommandRun.Against(server).RunAsync("rule", "start", "integration-tests", "--wait");

        Assert.Equal(ExitCode.Failure, outcome.Code);
        Assert.Contains(reason, outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_too_long_ends_with_6_and_how_to_see_how_far_it_is()
    {
        var time = new FakeTime();
        await using var server = Starting(await FakeServer.StartAsync()).On("GET /api/v1/explanations", """[{"signalId":"12","rules":[{"stored":true,"result":"Matched","pendingState":"Quiet","dispatches":[]}]}]""");

        var running = CommandRun.Against(server, time: time).RunAsync("rule", "start", "integration-tests", "--wait", "--timeout", "5s");
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, time.AdvanceToNextTimerAsync());
        }

        var outcome = await running;
        Assert.Equal(ExitCode.TimedOut, outcome.Code);
        Assert.Contains("waits until it is quiet", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard rule explain s-12", outcome.Error, StringComparison.Ordinal);
    }

    private static FakeServer Starting(FakeServer server) =>
        server.On("GET /api/v1/rules", $$"""{"items":[{{Rule}}],"total":1}""").On("POST /api/v1/rules/3/start", """{"signalId":"12"}""", 202);
}
