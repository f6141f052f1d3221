using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>What repositories and servers call things reaches a terminal as text, never as a command to it.</summary>
public sealed class PrintableTests
{
    // Colors, the title of the window, a C1 escape, a turned direction of writing, and lines of its own.
    private const string Hostile = "a\u001b[31mred\u001b]0;title\u0007\u009b2J\u202egpj.exe\r\nswitchyard: all is well\u007f";
    private const string Shown = "a\\u001b[31mred\\u001b]0;title\\u0007\\u009b2J\\u202egpj.exe\\r\\nswitchyard: all is well\\u007f";

    private static readonly string Name = System.Text.Json.JsonSerializer.Serialize(Hostile);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hostile_name_is_shown_escaped_in_lists_and_views(bool onTerminal)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/models", $$"""{"items":[{"id":"5","name":{{Name}},"path":"p","format":"avro","status":"Ready"}],"nextCursor":null,"total":1}""");
        server.On("GET /api/v1/models/5/versions", $$"""{"items":[{"number":1,"commit":{"subject":{{Name}},"sha":"4f1c9aa"} }],"nextCursor":null,"total":1}""");
        server.On("GET /api/v1/models/5", $$"""{"id":"5","name":{{Name}},"path":"p"}""");
        foreach (var line in (string[])["model list", "model versions 5", "model view 5"])
        {
            var outcome = await Wide(server, onTerminal).RunAsync([.. line.Split(' '), "--no-color"]);

            Assert.Equal(ExitCode.Ok, outcome.Code);
            Assert.Contains(Shown, outcome.Out, StringComparison.Ordinal);
            AssertHarmless(outcome.Out);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hostile_message_of_a_server_is_shown_escaped_on_standard_error(bool onTerminal)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/repositories", _ => new FakeAnswer(
            $$"""{"title":"x","status":409,"detail":{{Name}},"code":"Conflict","next":[{"label":{{Name}},"command":{{Name}} }]}""", 409, "application/problem+json"));

        var outcome = await Wide(server, onTerminal).RunAsync("repo", "list");

        Assert.Equal(ExitCode.Conflict, outcome.Code);
        AssertHarmless(outcome.Error);
        Assert.DoesNotContain("\nswitchyard: all is well", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_and_the_outcome_are_escaped_on_a_terminal()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/repositories/7", $$"""{"fullName":{{Name}},"id":"7"}""").On("POST /api/v1/repositories/7/suspend", "", 202);
        server.On("POST /api/v1/providers", $$"""{"id":"1","slug":"x","installUrl":{{Name}},"name":"x"}""", 201);
        using var scratch = new Scratch();

        var outcome = await Wide(server, onTerminal: true).RunAsync("repo", "suspend", "7");
        var said = await Wide(server, onTerminal: true).RunAsync("provider", "add", "--token-file", scratch.Write("token", "github_pat_x"), "--no-color");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (outcome.Code, said.Code));
        AssertHarmless(outcome.Out);
        AssertHarmless(said.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task JSON_stays_what_was_said(bool onTerminal)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/models/5", $$"""{"id":"5","name":{{Name}},"path":"p"}""");

        var outcome = await Wide(server, onTerminal).RunAsync("model", "view", "5", "--json");

        Assert.Equal(Hostile, outcome.OutJson["name"]!.ToString());
        Assert.DoesNotContain(outcome.Out, character => char.IsControl(character) && character is not '\n' and not '\r');
    }

    private static void AssertHarmless(string text) =>
        Assert.DoesNotContain(text, character => (char.IsControl(character) && character is not '\n' and not '\t') || character == '\u202e');

    private static CommandRun Wide(FakeServer server, bool onTerminal) =>
        new() { OnTerminal = onTerminal, Width = 1000, ["SWITCHYARD_URL"] = server.Url, ["SWITCHYARD_TOKEN"] = "swy_of_the_tests" };
}
