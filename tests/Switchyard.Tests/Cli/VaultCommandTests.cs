using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class VaultCommandTests
{
    [Fact]
    public async Task Secrets_are_listed_by_name()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("GET /api/v1/vault/secrets", """{"items":[{"scope":"provider:1","name":"token","kind":"azure","fingerprint":"ID:12","setBy":"ann","updatedAt":"2026-11-21T09:00:00+00:00"}],"total":1}""");
        var outcome = await CommandRun.Against(server).RunAsync("vault", "list", "--json", "name,kind");
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal("""[{"name":"token","kind":"azure"}]""", outcome.OutJson.ToJsonString());
    }

    [Fact]
    public async Task A_move_says_what_stayed_and_ends_as_failed()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("POST /api/v1/vault/move", """{"to":"azure","dryRun":false,"moved":2,"left":1,"scopes":[],"failed":[{"scope":"provider:1","name":"token","reason":"It is sealed."}],"note":"New secrets still go to local."}""");
        var outcome = await CommandRun.Against(server).RunAsync("vault", "move", "--to", "azure");

        Assert.Equal(ExitCode.OtherSideFailed, outcome.Code);
        Assert.Equal("provider:1 token stayed: It is sealed.\n2 moved to azure; 1 elsewhere.\n", outcome.Out);
        Assert.Contains("New secrets still go to local.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("""{"to":"azure","dryRun":false}""", JsonNode.Parse(Assert.Single(server.Requests).Body)!.ToJsonString());
    }

    [Fact]
    public async Task A_plan_counts_by_scope()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("POST /api/v1/vault/move", """{"to":"azure","dryRun":true,"moved":0,"left":3,"scopes":[{"scope":"provider:1","vault":"local","secrets":3}],"failed":[],"note":null}""");
        var outcome = await CommandRun.Against(server).RunAsync("vault", "move", "--to", "azure", "--dry-run");
        Assert.Equal((ExitCode.Ok, "provider:1: 3 from local\nWould move 3 to azure.\n"), (outcome.Code, outcome.Out));
    }

    [Theory]
    [InlineData("vault", "move")]
    [InlineData("vault", "move", "--to", "gcp")]
    public async Task A_move_needs_a_vault_that_there_is(params string[] line) => Assert.Equal(ExitCode.Usage, (await new CommandRun().RunAsync(line)).Code);

    [Fact]
    public async Task A_vault_that_cannot_be_used_ends_the_status_as_failed()
    {
        await using var server = (await FakeServer.StartAsync())
            .On("GET /api/v1/vault", """{"kind":"azure","vaults":[{"kind":"local","usable":true,"place":"in this server's database"},{"kind":"azure","usable":false,"place":"It answered 403."}]}""");
        var outcome = await CommandRun.Against(server).RunAsync("vault", "status");
        Assert.Equal((ExitCode.OtherSideFailed, "local: usable, in this server's database\nazure: cannot be used. It answered 403.\nNew secrets go to: azure\n"), (outcome.Code, outcome.Out));
    }

    [Fact]
    public async Task A_key_in_a_vault_is_given_by_its_place()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers", """{"id":"1","slug":"acme","name":"Acme","kind":"App"}""", 201);
        var outcome = await CommandRun.Against(server).RunAsync("provider", "add", "--app-id", "12", "--key-in", "hashicorp:transit/app");
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal("hashicorp:transit/app", JsonNode.Parse(Assert.Single(server.Requests).Body)!["keyIn"]!.ToString());

        var both = await CommandRun.Against(server).RunAsync("provider", "add", "--app-id", "12", "--key-in", "hashicorp:transit/app", "--private-key", "k");
        Assert.Equal(ExitCode.Usage, both.Code);
    }
}
