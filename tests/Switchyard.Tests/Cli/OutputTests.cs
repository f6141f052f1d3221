using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class OutputTests
{
    private const string Page = """
        {"items":[
          {"id":"1","state":"Handled","event":"push","action":null,"repository":"acme/models","receivedAt":"2026-11-21T09:00:00Z","outcome":"wants 4f1c9aa","attempts":1,"source":"Webhook"},
          {"id":"2","state":"Dead","event":"repository","action":"renamed","repository":"acme/\tb\n","receivedAt":"2026-11-21T09:00:01Z","error":"refused","attempts":8,"source":"Recovery"}
        ],"nextCursor":null,"total":2}
        """;

    [Fact]
    public async Task Without_a_terminal_a_list_is_tab_separated_and_has_no_color()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server).RunAsync("delivery", "list");

        Assert.Equal(
            "1\tHandled\tpush\tacme/models\t2026-11-21T09:00:00Z\twants 4f1c9aa\t1\tWebhook\n2\tDead\trepository.renamed\tacme/\\tb\\n\t2026-11-21T09:00:01Z\trefused\t8\tRecovery\n", outcome.Out);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task On_a_terminal_a_list_is_a_table_with_icon_word_and_color()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server, onTerminal: true).RunAsync("delivery", "list");

        Assert.Contains("Event.action", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("✗ Dead", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("\u001b[", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR")]
    [InlineData("--no-color")]
    public async Task Color_can_be_switched_off(string how)
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);
        var run = CommandRun.Against(server, onTerminal: true);
        run["NO_COLOR"] = how == "NO_COLOR" ? "1" : "";

        var outcome = await run.RunAsync(how == "NO_COLOR" ? ["delivery", "list"] : ["delivery", "list", how]);

        Assert.Contains("✗ Dead", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[3", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_standard_output_is_one_value()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server, onTerminal: true).RunAsync("delivery", "list", "--json");

        Assert.Equal("refused", outcome.OutJson[1]!["error"]!.ToString());
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("--json", "id,state")]
    [InlineData("--json=id,state", null)]
    public async Task Fields_are_chosen_behind_json(string first, string? second)
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server).RunAsync(["delivery", "list", first, .. second is null ? (string[])[] : [second]]);

        Assert.Equal("""{"id":"1","state":"Handled"}""", outcome.OutJson[0]!.ToJsonString());
    }

    [Fact]
    public async Task An_unknown_field_is_refused_with_the_known_ones()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server).RunAsync("delivery", "list", "--json", "id,colour");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("receivedAt", outcome.ErrorJson["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_field_is_answered_with_the_one_that_was_meant()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var misspelled = await CommandRun.Against(server).RunAsync("delivery", "list", "--json", "stat,id");
        var alone = await CommandRun.Against(server).RunAsync("model", "list", "--json", "nmae");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (misspelled.Code, alone.Code));
        Assert.Contains("Did you mean \"state\"?", misspelled.ErrorJson["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Did you mean \"name\"?", alone.ErrorJson["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_may_have_spaces_between_them()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page);

        var outcome = await CommandRun.Against(server).RunAsync("delivery", "list", "--json", "id, state");

        Assert.Equal("""{"id":"1","state":"Handled"}""", outcome.OutJson[0]!.ToJsonString());
        Assert.Equal(["model", "search", "--json=*", "customer, order"], JsonFields.Untangle(["model", "search", "--json", "customer, order"], Switchyard.Cli.Fields.Known));
    }

    [Theory]
    [InlineData("api --github GET /app", "api --github=* GET /app")]
    [InlineData("api GET /app --github ghes", "api GET /app --github ghes")]
    [InlineData("repo view --json acme/models", "repo view --json=* acme/models")]
    [InlineData("repo list --json fullName", "repo list --json=fullName")]
    [InlineData("repo list --json id,fullName --quiet", "repo list --json=id,fullName --quiet")]
    [InlineData("model search --json orders", "model search --json=* orders")]
    [InlineData("repo list --json --quiet", "repo list --json=* --quiet")]
    [InlineData("repo list --json", "repo list --json=*")]
    [InlineData("clone acme/a -- --json", "clone acme/a -- --json")]
    public void A_bare_json_does_not_take_the_argument_behind_it(string line, string expected)
    {
        Assert.Equal(expected, string.Join(' ', JsonFields.Untangle(line.Split(' '), Switchyard.Cli.Fields.Known)));
    }

    [Fact]
    public async Task What_a_limit_left_out_is_said_on_standard_error()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/deliveries", Page.Replace("\"total\":2", "\"total\":700", StringComparison.Ordinal));

        var loud = await CommandRun.Against(server).RunAsync("delivery", "list");
        var quiet = await CommandRun.Against(server).RunAsync("delivery", "list", "--quiet");

        Assert.Contains("--limit 700", loud.Error, StringComparison.Ordinal);
        Assert.Empty(quiet.Error);
        Assert.Equal(loud.Out, quiet.Out);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_up_to_the_limit()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/deliveries", request => new FakeAnswer(request.Query.Contains("cursor=two", StringComparison.Ordinal)
            ? """{"items":[{"id":"3"},{"id":"4"}],"nextCursor":null,"total":4}"""
            : """{"items":[{"id":"1"},{"id":"2"}],"nextCursor":"two","total":4}"""));

        var outcome = await CommandRun.Against(server).RunAsync("delivery", "list", "--limit", "3", "--json", "id");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(["1", "2", "3"], outcome.OutJson.AsArray().Select(item => item!["id"]!.ToString()));
        Assert.Contains(server.Requests, request => request.Query.Contains("limit=1&cursor=two", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("45", 45)]
    public void Durations_are_read_as_people_write_them(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("99999999999999s")]
    public void What_is_no_duration_is_not_read(string text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void Progress_is_one_line_every_ten_seconds_without_a_terminal()
    {
        var time = new FakeTime();
        using var error = new StringWriter();
        using var progress = new ProgressLine(Screen(error, time, tty: false), quiet: false);
        for (var second = 0; second <= 25; second++)
        {
            progress.Report("Reading", second, 100);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["Reading 10 of 100, 1/s, 1m 30s left", "Reading 20 of 100, 1/s, 1m 20s left"], error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Progress_on_a_terminal_begins_after_a_second_and_leaves_nothing_behind()
    {
        var time = new FakeTime();
        using var error = new StringWriter();
        using (var progress = new ProgressLine(Screen(error, time, tty: true), quiet: false))
        {
            progress.Report("Reading", 1, 10);
            Assert.Empty(error.ToString());
            time.Advance(TimeSpan.FromSeconds(2));
            progress.Report("Reading", 2, 10);
        }

        Assert.StartsWith("\rReading 2 of 10", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(" \r", error.ToString(), StringComparison.Ordinal);
    }

    private static Terminal Screen(TextWriter error, TimeProvider time, bool tty) => new()
    {
        Out = TextWriter.Null, Error = error, In = TextReader.Null, ErrorIsTty = tty, Environment = _ => null, Time = time, Folder = Path.GetTempPath(),
    };
}
