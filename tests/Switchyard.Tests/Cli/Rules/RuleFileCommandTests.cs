using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>apply, delete, test: files of rules and a server.</summary>
public sealed class RuleFileCommandTests
{
    private const string Broken = """{"good":false,"rules":[],"problems":[{"line":2,"column":3,"path":"","severity":"Error","code":"UnknownKey","message":"There is no key rool.","suggestion":"Did you mean rules?"}]}""";

    [Fact]
    public async Task Apply_has_it_judged_and_puts_it_in_force_under_its_name()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", "version: 1\n");
        await using var server = (await FakeServer.StartAsync())
            .On("POST /api/v1/rule-sources/check", """{"good":true,"rules":["a","b"],"problems":[]}""")
            .On("PUT /api/v1/rule-sources/local/mine", """{"id":"4","revision":"2"}""");

        var outcome = await RuleCheckTests.Against(server, scratch).RunAsync("rule", "apply", "rules.yml", "--name", "mine");

        Assert.Equal((ExitCode.Ok, "2 rules of rules.yml in force as local rules \"mine\", revision 2.\n"), (outcome.Code, outcome.Out));
        Assert.Contains(server.Requests, request => request.Method == "PUT" && request.Body == """{"text":"version: 1\n","provider":null}""");
    }

    [Theory]
    [InlineData(Broken, "", ExitCode.Findings)]
    [InlineData(Broken, "--dry-run", ExitCode.Findings)]
    [InlineData("""{"good":true,"rules":["a"],"problems":[]}""", "--dry-run", ExitCode.Ok)]
    public async Task Apply_changes_nothing_with_errors_or_in_a_dry_run(string judged, string option, int expected)
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", "version: 1\n");
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/rule-sources/check", judged);

        var outcome = await RuleCheckTests.Against(server, scratch).RunAsync(["rule", "apply", "rules.yml", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(expected, outcome.Code);
        Assert.Equal(expected == ExitCode.Findings, outcome.Out.Contains("rules.yml:2:3: error: There is no key rool.\n  Did you mean rules?\n", StringComparison.Ordinal));
        Assert.Contains("Nothing was changed", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "PUT");
    }

    [Fact]
    public async Task Delete_says_which_rules_go_and_asks_unless_yes_is_said()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", """{"items":[{"name":"nightly"}],"total":1}""").On("DELETE /api/v1/rule-sources/local/mine", "", 204);

        var asked = await CommandRun.Against(server).RunAsync("rule", "delete", "mine");
        var tried = await CommandRun.Against(server).RunAsync("rule", "delete", "mine", "--dry-run");
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
        var done = await CommandRun.Against(server).RunAsync("rule", "delete", "mine", "--yes");

        Assert.Equal((ExitCode.Usage, ExitCode.Ok), (asked.Code, tried.Code));
        Assert.Contains("local rules \"mine\" (1 rule: nightly)", asked.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, "Out of force: local rules \"mine\" (1 rule: nightly).\n"), (done.Code, done.Out));
        Assert.Single(server.Requests, request => request.Method == "DELETE");
    }

    private const string Tested =
        """
        {"good":true,"problems":[],"since":"2026-11-14T09:00:00.5110174+00:00","signals":412,"cut":false,"unchanged":15,"unknown":["retrain: changes are not compared yet"],
         "added":[{"rule":"new","target":"acme/the-tests integration.yml","repository":"acme/the-app","sha":"4f1c9aa0b8f3a1d2","signalId":"12","signals":3,"dueAt":"2026-11-20T10:00:00+00:00","waitsForChecks":true}],
         "removed":[{"rule":"old","target":"acme/x go","repository":null,"sha":null,"signalId":"9","signals":1,"dueAt":"2026-11-19T10:00:00+00:00","waitsForChecks":false}]}
        """;

    [Theory]
    [InlineData("", ExitCode.Ok)]
    [InlineData("--exit-code", ExitCode.Findings)]
    public async Task Test_prints_what_would_be_started_in_addition_and_what_no_longer(string option, int expected)
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", "version: 1\n");
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/rule-sources/test", Tested);

        var outcome = await RuleCheckTests.Against(server, scratch).RunAsync(["rule", "test", "rules.yml", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(expected, outcome.Code);
        Assert.Equal(
            "+\tnew\tacme/the-tests integration.yml\tacme/the-app\t4f1c9aa\t3\t2026-11-20T10:00:00+00:00\twaits\ts-12\n-\told\tacme/x go\t\t\t1\t2026-11-19T10:00:00+00:00\t\ts-9\n", outcome.Out);
        Assert.Contains("Tried as local rules \"local\".", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Not known: retrain: changes are not compared yet", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("412 signals since 2026-11-14T09:00:00+00:00: 1 more and 1 fewer would have been started, 15 as they were.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2d", "2026-11-19T09:00:00.0000000Z")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00.0000000Z")]
    public async Task Since_is_a_time_ago_or_a_day(string since, string expected)
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", "version: 1\n");
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/rule-sources/test", Tested);
        var run = new CommandRun { Folder = scratch.Folder, Time = new FakeTime(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero)), ["SWITCHYARD_URL"] = server.Url };

        await run.RunAsync("rule", "test", "rules.yml", "--since", since);

        Assert.Equal(expected, JsonNode.Parse(Assert.Single(server.Requests).Body)!["since"]!.ToString());
    }

    [Theory]
    [InlineData("check", "POST /api/v1/rule-sources/check")]
    [InlineData("test", "POST /api/v1/rule-sources/test")]
    [InlineData("apply", "POST /api/v1/rule-sources/check")]
    public async Task A_server_without_a_provider_still_has_the_language_judged(string verb, string call)
    {
        const string Good = "version: 1\nrules:\n  - name: a\n    on: { push: { repositories: [acme/the-app] } }\n    do: [{ workflow: { repository: acme/the-tests, file: a.yml } }]\n";
        using var scratch = new Scratch();
        scratch.Write("good.yml", Good);
        scratch.Write("bad.yml", Good.Replace("push:", "pusch:", StringComparison.Ordinal));
        await using var server = (await FakeServer.StartAsync()).Refuses(call, 422, "NoProvider", "There is no provider yet.");

        var good = await RuleCheckTests.Against(server, scratch).RunAsync("rule", verb, "good.yml");
        var bad = await RuleCheckTests.Against(server, scratch).RunAsync("rule", verb, "bad.yml");

        Assert.Equal((ExitCode.Failure, ExitCode.Findings), (good.Code, bad.Code));
        Assert.Contains("The language of the file is good (1 rule); the rest the server cannot do. There is no provider yet.", good.Error, StringComparison.Ordinal);
        Assert.StartsWith("bad.yml:4:", bad.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_rules_that_are_not_there_are_not_asked_about()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/rules", """{"items":[],"total":0}""")
            .On("GET /api/v1/rule-sources", """{"items":[{"name":"contract-tests","kind":"Local","state":"Absent"},{"name":"other","kind":"Local","state":"Loaded"}],"total":2}""");

        var outcome = await CommandRun.Against(server, onTerminal: true).RunAsync("rule", "delete", "contract-tests");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.Contains("There are no local rules \"contract-tests\".", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_errors_cannot_be_tried_and_that_ends_with_3()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", "rool: 1\n");
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/rule-sources/test", Broken);

        var outcome = await RuleCheckTests.Against(server, scratch).RunAsync("rule", "test", "rules.yml");

        Assert.Equal(ExitCode.Findings, outcome.Code);
        Assert.StartsWith("rules.yml:2:3: error: ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing was tried", outcome.Error, StringComparison.Ordinal);
    }
}
