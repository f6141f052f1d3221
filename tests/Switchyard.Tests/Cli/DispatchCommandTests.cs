using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>Commands for the dispatches of a server.</summary>
public sealed class DispatchCommandTests
{
    [Fact]
    public async Task The_list_has_the_dispatch_and_its_run_as_two_things()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/dispatches", $$"""{"items":[{{One("Sent", "completed", "success")}}],"nextCursor":null,"total":1}""");

        var list = await CommandRun.Against(server).RunAsync("dispatch", "list", "--state", "sent", "--rule", "integration-tests", "--target", "acme/the-tests", "--run", "success");

        Assert.Equal(ExitCode.Ok, list.Code);
        Assert.Equal("42\tSent\tsuccess\tintegration-tests\tpush acme/the-app\tacme/the-tests integration.yml\t2026-11-21T09:00:00Z\t1\n", list.Out);
        var query = Assert.Single(server.Requests).Query;
        Assert.All(["rule=integration-tests", "target=acme%2Fthe-tests", "run=success"], part => Assert.Contains(part, query, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("completed", "success", ExitCode.Ok)]
    [InlineData("completed", "failure", ExitCode.Failure)]
    [InlineData("completed", "cancelled", ExitCode.Failure)]
    public async Task Watching_ends_with_how_the_run_ended(string status, string conclusion, int expected)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/dispatches/42", $$"""{"dispatch":{{One("Sent", status, conclusion)}},"token":"swd_x","body":{},"attempts":[],"sources":[]}""");

        Assert.Equal(expected, (await CommandRun.Against(server).RunAsync("dispatch", "watch", "42")).Code);
    }

    [Theory]
    [InlineData("retry", "POST /api/v1/dispatches/42/retry", "")]
    [InlineData("cancel", "POST /api/v1/dispatches/42/cancel", "")]
    [InlineData("cancel --run", "POST /api/v1/dispatches/42/run/cancel", "")]
    [InlineData("rerun", "POST /api/v1/dispatches/42/run/rerun", "")]
    [InlineData("rerun --failed", "POST /api/v1/dispatches/42/run/rerun", "?failedOnly=true")]
    public async Task What_is_asked_goes_to_its_own_address(string command, string call, string query)
    {
        await using var server = await FakeServer.StartAsync();
        server.On(call, $$"""{"dispatch":{{One("Pending", "queued", null)}}}""", 202);

        string[] line = ["dispatch", .. command.Split(' '), "42"];
        var dry = await CommandRun.Against(server).RunAsync([.. line, "--dry-run"]);
        Assert.Empty(server.Requests);
        Assert.StartsWith("Would ", dry.Out, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, (await CommandRun.Against(server).RunAsync(line)).Code);
        Assert.Equal(query, Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task A_conflict_is_told_in_the_servers_words()
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("POST /api/v1/dispatches/42/cancel", 409, "Conflict", "Dispatch 42 is Sent: it was sent, or may have been.");
        var refused = await CommandRun.Against(server).RunAsync("dispatch", "cancel", "42");
        Assert.Equal(ExitCode.Conflict, refused.Code);
        Assert.Contains("Dispatch 42 is Sent", refused.Error, StringComparison.Ordinal);
    }

    private static string One(string state, string status, string? conclusion) =>
        $$"""
        {"id":"42","state":"{{state}}","rule":"integration-tests","signalKind":"push","repository":"acme/the-app","target":"acme/the-tests","workflow":"integration.yml","eventType":null,
        "createdAt":"2026-11-21T09:00:00Z","attempts":1,"run":{"id":"7","match":"Details","status":"{{status}}","conclusion":{{(conclusion is null ? "null" : $"\"{conclusion}\"")}},"attempt":1} }
        """.ReplaceLineEndings("");
}
