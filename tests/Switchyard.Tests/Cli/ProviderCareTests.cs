using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class ProviderCareTests
{
    [Theory]
    [InlineData("true", ExitCode.Ok)]
    [InlineData("false", ExitCode.OtherSideFailed)]
    public async Task A_test_says_what_GitHub_says_and_ends_by_it(string ok, int code)
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers/acme/test", $$"""{"ok":{{ok}},"detail":"GitHub says so.","milliseconds":12,"clockSkewSeconds":0,"webhookUrl":null}""");
        var outcome = await CommandRun.Against(server).RunAsync("provider", "test", "acme");
        Assert.Equal((code, "GitHub says so.\n"), (outcome.Code, outcome.Out));
    }

    [Fact]
    public async Task A_key_comes_from_a_file_or_stays_in_a_vault()
    {
        using var scratch = new Scratch();
        var key = scratch.Write("key.pem", "the key\n");
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers/acme/key", """{"slug":"acme"}""");
        var run = CommandRun.Against(server);

        Assert.Equal(ExitCode.Ok, (await run.RunAsync("provider", "rotate-key", "acme", "--private-key", key)).Code);
        var outcome = await run.RunAsync("provider", "rotate-key", "acme", "--key-in", "hashicorp:transit/app");
        Assert.Contains("switchyard provider forget acme key", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await run.RunAsync("provider", "rotate-key", "acme")).Code);
        Assert.Equal(ExitCode.Usage, (await run.RunAsync("provider", "rotate-key", "acme", "--key-in", "x", "--private-key", key)).Code);

        Assert.Equal(["""{"privateKey":"the key","keyIn":null}""", """{"privateKey":null,"keyIn":"hashicorp:transit/app"}"""], server.Requests.Select(request => JsonNode.Parse(request.Body)!.ToJsonString()));
    }

    [Fact]
    public async Task A_next_step_in_the_panel_is_an_address_to_open()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("POST /api/v1/providers/acme/key", _ => new FakeAnswer("""{"status":422,"code":"CredentialsRefused","detail":"It is another App's.","next":[{"label":"Look at the App's keys","href":"/admin/providers/acme?tab=credentials"}]}""", 422, "application/problem+json"));
        var outcome = await CommandRun.Against(server).RunAsync("provider", "rotate-key", "acme", "--key-in", "hashicorp:transit/app");
        Assert.Contains($"Look at the App's keys: {server.Url.TrimEnd('/')}/admin/providers/acme?tab=credentials", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_forgotten_or_removed_is_asked_about_and_can_be_tried()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("DELETE /api/v1/providers/acme/webhook-secret/previous", "", 204).On("DELETE /api/v1/providers/acme/hooks/7", "", 204).On("DELETE /api/v1/users/3/sessions", "", 204);
        var run = CommandRun.Against(server);
        string[][] lines = [["provider", "forget", "acme", "webhook-secret"], ["provider", "hook", "remove", "acme", "7"], ["admin", "user", "sign-out", "3"]];
        foreach (var line in lines)
        {
            Assert.Equal(ExitCode.Ok, (await run.RunAsync([.. line, "--dry-run"])).Code);
            Assert.Equal(ExitCode.Usage, (await run.RunAsync(line)).Code);
        }

        Assert.Empty(server.Requests);
        foreach (var line in lines)
        {
            Assert.Equal(ExitCode.Ok, (await run.RunAsync([.. line, "--yes"])).Code);
        }

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task The_secret_of_a_webhook_by_hand_is_shown_with_where_to_put_it()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers/acme/hooks", """{"id":"7","secret":"0123abcd","path":"/gateway/sync","contentType":"application/json"}""", 201);
        var outcome = await CommandRun.Against(server).RunAsync("provider", "hook", "add", "acme", "acme/shop");
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("Secret        0123abcd", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("/gateway/sync", outcome.Out, StringComparison.Ordinal);
    }
}
