using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>What waits, and what administrators have allowed.</summary>
public sealed class PendingCommandTests
{
    private const string Pending =
        """
        {"id":"5","rule":"integration-tests","ruleId":"3","source":"acme/.github","provider":"github","key":"7:branch/main","state":"Checks","detail":"Checks 1 of 2: waiting for test","signalId":"12",
         "firstAt":"a","lastAt":"b","dueAt":"c","steps":["3 signals went in.","It waits for checks since c."],"endedAt":null,"endedBy":null,"sources":[{"repository":"acme/the-app","ref":"refs/heads/main","sha":"4f1c9aa0b8f3","signals":3,"signalId":"12"}]}
        """;

    [Fact]
    public async Task What_waits_is_listed_with_its_commits_and_what_for()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/pendings", $$"""{"items":[{{Pending}}],"total":1}""");

        var outcome = await CommandRun.Against(server).RunAsync("pending", "list", "--state", "checks", "--rule", "integration-tests");

        Assert.Equal("5\tChecks\tintegration-tests\tacme/the-app@4f1c9aa (3 signals)\tChecks 1 of 2: waiting for test\tc\tb\n", outcome.Out);
        Assert.StartsWith("?state=checks&rule=integration-tests&", Assert.Single(server.Requests).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pending view p-5", "GET /api/v1/pendings/5")]
    [InlineData("pending now p-5", "POST /api/v1/pendings/5/now")]
    [InlineData("signal view s-5", "GET /api/v1/signals/5")]
    [InlineData("dispatch view d-5", "GET /api/v1/dispatches/5")]
    [InlineData("dispatch retry d-5", "POST /api/v1/dispatches/5/retry")]
    [InlineData("dispatch watch d-5", "GET /api/v1/dispatches/5")]
    public async Task An_id_is_taken_as_it_is_printed(string line, string call)
    {
        await using var server = (await FakeServer.StartAsync()).Refuses(call, 404, "NotFound", "It was asked for.");

        Assert.Contains("It was asked for.", (await CommandRun.Against(server).RunAsync(line.Split(' '))).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pending view s-5", "\"s-5\" is no id; `pending list` shows them")]
    [InlineData("dispatch view p-5", "\"p-5\" is no id; `dispatch list` shows them")]
    [InlineData("signal view s-", "\"s-\" is no id; `signal list` shows them")]
    public async Task An_id_of_something_else_is_refused(string line, string said)
    {
        var outcome = await new CommandRun().RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_shown_whole()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/pendings/5", Pending);

        var outcome = await CommandRun.Against(server).RunAsync("pending", "view", "5");

        Assert.Contains("Last signal\ts-12\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("What happened\t3 signals went in. It waits for checks since c.\n", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("now", "5 no longer waits for quiet.\n")]
    [InlineData("cancel", "5 is cancelled.\n")]
    public async Task One_is_let_go_or_cancelled(string verb, string said)
    {
        await using var server = (await FakeServer.StartAsync()).On($"POST /api/v1/pendings/5/{verb}", Pending, 202);

        var outcome = await CommandRun.Against(server).RunAsync("pending", verb, "5");

        Assert.Equal((ExitCode.Ok, said), (outcome.Code, outcome.Out));
    }

    [Fact]
    public async Task One_that_no_longer_waits_ends_with_7()
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("POST /api/v1/pendings/5/cancel", 409, "Conflict", "This no longer waits: it is Released.");

        Assert.Equal(ExitCode.Conflict, (await CommandRun.Against(server).RunAsync("pending", "cancel", "5")).Code);
    }

    [Fact]
    public async Task A_target_is_allowed_by_its_pattern()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/targets", """{"id":"1","pattern":"acme-tests/*","provider":"github"}""", 201);

        var outcome = await CommandRun.Against(server).RunAsync("admin", "target", "allow", "acme-tests/*");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.StartsWith("Rules may start something in acme-tests/*.", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("""{"pattern":"acme-tests/*","provider":null}""", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData("2", ExitCode.Ok)]
    [InlineData("acme-tests/*", ExitCode.Ok)]
    [InlineData("acme/x", ExitCode.Conflict)]
    [InlineData("acme/none", ExitCode.NotFound)]
    public async Task A_target_is_removed_by_its_id_or_its_pattern(string given, int expected)
    {
        await using var server = (await FakeServer.StartAsync())
            .On("GET /api/v1/targets", """{"items":[{"id":"2","pattern":"acme-tests/*","provider":"a"},{"id":"3","pattern":"acme/x","provider":"a"},{"id":"4","pattern":"acme/x","provider":"b"}],"total":3}""")
            .On("DELETE /api/v1/targets/2", "", 204);

        var outcome = await CommandRun.Against(server).RunAsync("admin", "target", "remove", given, "--yes");

        Assert.Equal(expected, outcome.Code);
        Assert.Equal(expected == ExitCode.Ok, server.Requests.Any(request => request.Method == "DELETE"));
    }
}
