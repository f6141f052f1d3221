using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class SignalCommandTests
{
    private const string Signal =
        """{"id":"7","kind":"pull_request","action":"opened","provider":"github","repository":"acme/models","ref":"refs/pull/12/head","sha":"4f1c9aa0b8f3a1d2","actor":"ann","source":"Webhook","deliveryId":"3","occurredAt":"2026-11-21T09:00:00Z","recordedAt":"2026-11-21T09:00:01Z","evaluatedAt":null}""";

    [Fact]
    public async Task Signals_are_listed_by_the_filters_given()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/signals", request =>
        {
            var query = Uri.UnescapeDataString(request.Query);
            Assert.All((string[])["kind=pull_request", "source=Poll", "repository=acme/models", "sha=4f1c9aa", "provider=github"], filter => Assert.Contains(filter, query, StringComparison.Ordinal));
            return new FakeAnswer($$"""{"items":[{{Signal}}],"nextCursor":null,"total":1}""");
        });

        var outcome = await CommandRun.Against(server).RunAsync(
            "signal", "list", "--kind", "pull_request", "--source", "Poll", "--repo", "acme/models", "--sha", "4f1c9aa", "--provider", "github");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("7\tpull_request\topened\tacme/models\t", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("4f1c9aa\t", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_is_shown_with_its_facts()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/signals/7", $$"""{"signal":{{Signal}},"identity":"pull_request/1/12/opened/4f/1","facts":{"kind":"pull_request","paths":["a.json"]} }""");

        var outcome = await CommandRun.Against(server).RunAsync("signal", "view", "7");
        var json = await CommandRun.Against(server).RunAsync("signal", "view", "7", "--json");

        Assert.Contains("\"paths\":[\"a.json\"]", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("a.json", json.OutJson["facts"]!["paths"]![0]!.ToString());
    }
}
