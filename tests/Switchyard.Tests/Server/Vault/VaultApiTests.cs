using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Server.Access;
using Switchyard.Server.Providers;
using Switchyard.Server.Vault;
using Switchyard.Tests.Server.Vault.Fakes;
using Switchyard.Tests.Server.Webhooks;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

public sealed class VaultApiTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Secrets_are_listed_planned_and_moved_and_never_shown(string kind)
    {
        await using var vault = new FakeHashiCorpVault();
        await vault.StartAsync();
        await using var server = await StartAsync(vault, kind);
        await DeliverySender.AddAsync(server);

        var listed = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/vault/secrets?limit=1");
        Assert.Equal(("webhook_secret", "local", 1), (listed.GetProperty("items")[0].GetProperty("name").GetString(), listed.GetProperty("items")[0].GetProperty("kind").GetString(), listed.GetProperty("total").GetInt32()));

        var planned = await MoveAsync(server, new { to = "hashicorp", dryRun = true });
        Assert.Equal((0, 1), (planned.GetProperty("moved").GetInt32(), planned.GetProperty("scopes")[0].GetProperty("secrets").GetInt32()));
        Assert.Empty(vault.Values);

        var moved = await MoveAsync(server, new { to = "hashicorp" });
        Assert.Equal((1, 0), (moved.GetProperty("moved").GetInt32(), moved.GetProperty("left").GetInt32()));
        Assert.Contains("Vault:Kind", moved.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(DeliverySender.Secret, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(vault.Values))));

        var state = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/vault");
        Assert.Equal(["local True", "hashicorp True"], state.GetProperty("vaults").EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("usable")}"));

        foreach (var path in (string[])["/api/v1/vault", "/api/v1/vault/secrets", "/api/v1/providers", "/metrics"])
        {
            Assert.DoesNotContain(DeliverySender.Secret, await server.Http.GetStringAsync(path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"to":"elsewhere"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"to":"azure"}""", HttpStatusCode.BadGateway)]
    public async Task A_move_to_nowhere_is_refused_with_what_to_set(string body, HttpStatusCode status)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var refused = await server.Http.PostAsync("/api/v1/vault/move", content);
        Assert.Equal(status, refused.StatusCode);
    }

    [Fact]
    public async Task Only_an_administrator_moves_secrets()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var token = await server.Get<TokenStore>().CreateAsync("operator", Role.Operator, null, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/vault/move") { Content = JsonContent.Create(new { to = "local" }) };
        request.Headers.Authorization = new("Bearer", token.Token);
        using var refused = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Deliveries_are_taken_for_some_minutes_while_the_vault_does_not_answer()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.HashiCorp);
        var id = await world.Database.WriteAsync(
            session => world.Get<ProviderStore>().AddAsync(session, new Provider { Slug = "github", Name = "github", ApiUrl = "http://127.0.0.1:9/", WebUrl = "http://127.0.0.1:9/" }), CancellationToken.None);
        await world.SetAsync(Provider.ScopeOf(id), ProviderSecret.WebhookSecret, "the webhook's");
        var senders = world.Get<WebhookProviders>();
        Assert.Single((await senders.FindAsync("github", CancellationToken.None))!.Secrets);

        world.HashiCorp.Sealed = true;
        world.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Single((await senders.FindAsync("github", CancellationToken.None))!.Secrets);
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<VaultException>(async () => await senders.FindAsync("github", CancellationToken.None));

        world.HashiCorp.Sealed = false;
        Assert.Single((await senders.FindAsync("github", CancellationToken.None))!.Secrets);
    }

    private static async Task<JsonElement> MoveAsync(ServerFixture server, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync("/api/v1/vault/move", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Task<ServerFixture> StartAsync(FakeHashiCorpVault vault, string database) => ServerFixture.StartAsync(
        database,
        new Dictionary<string, string?>
        {
            ["Vault:HashiCorp:Address"] = vault.Address.ToString(),
            ["Vault:HashiCorp:Token"] = FakeHashiCorpVault.RootToken,
        });
}
