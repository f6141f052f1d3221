using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.GitHub;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Signing;
using Switchyard.Simulator;
using Switchyard.Tests.Server.Vault.Fakes;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

/// <summary>Apps whose key signs in a vault and never leaves it.</summary>
public sealed class AppKeyTests
{
    [Theory]
    [InlineData("azure")]
    [InlineData("hashicorp")]
    public async Task An_App_works_with_a_key_that_is_in_a_vault_alone(string kind)
    {
        await using var azure = new FakeAzureVault();
        await using var hashiCorp = new FakeHashiCorpVault();
        await Task.WhenAll(azure.StartAsync(), hashiCorp.StartAsync());
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions { Repositories = [new SimulatedRepository("acme/models")] });
        await using var server = await StartAsync(azure, hashiCorp);
        using var control = new HttpClient { BaseAddress = github.Url };
        using var made = await control.PostAsJsonAsync("/_simulator/apps", new { name = "in-a-vault", install = new { account = "acme" } });
        var app = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var key = RSA.Create();
        key.ImportFromPem(app.GetProperty("pem").GetString());
        azure.AddKey("app", "v1", key);
        hashiCorp.AddKey("app", key);

        // A later version of the same name is another key.
        using var later = RSA.Create(2048);
        var keyIn = kind == "azure" ? $"azure:{azure.Address}keys/app" : "hashicorp:transit/app";
        using var added = await server.Http.PostAsJsonAsync(
            "/api/v1/providers", new { name = "in-a-vault", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app.GetProperty("id").GetInt64(), keyIn });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var provider = await added.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(kind == "azure" ? $"azure:{azure.Address}keys/app/v1" : "hashicorp:transit/app/1", provider.GetProperty("keyIn").GetString());
        Assert.Equal("SHA256:" + Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), provider.GetProperty("keyFingerprint").GetString());
        Assert.Empty(provider.GetProperty("secrets").EnumerateArray());

        azure.AddKey("app", "v2", later);
        hashiCorp.AddKey("app", later);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/repositories?status=Synced", limit.Token)).GetProperty("total").GetInt64() == 0)
        {
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("hashicorp:transit/app", "keyIn", 422)]
    [InlineData("azure:https://other.vault.azure.net/keys/app/1", "is no key of the vault in Vault:Azure:Url", 502)]
    [InlineData("hashicorp:transit", "names no key", 502)]
    [InlineData("hashicorp:transit/gone", "answered 404", 502)]
    [InlineData("hashicorp:transit/../../sys/raw", "names no key", 502)]
    [InlineData("gcp:key", "names no key in a vault", 502)]
    public async Task A_key_that_will_not_do_is_refused_and_nothing_is_stored(string keyIn, string expected, int status)
    {
        await using var azure = new FakeAzureVault();
        await using var hashiCorp = new FakeHashiCorpVault();
        await Task.WhenAll(azure.StartAsync(), hashiCorp.StartAsync());
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(azure, hashiCorp);
        using var unknown = RSA.Create(2048);
        hashiCorp.AddKey("app", unknown);

        using var refused = await server.Http.PostAsJsonAsync("/api/v1/providers", new { name = "x", apiUrl = github.ApiUrl, webUrl = github.Url, appId = 4242, keyIn });
        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Contains(expected, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/providers")).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("azure")]
    [InlineData("hashicorp")]
    public async Task A_signature_fits_its_public_key_and_a_replaced_key_is_noticed(string kind)
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Local);
        using var first = RSA.Create(2048);
        using var second = RSA.Create(2048);
        world.Azure.AddKey("app", "1", first);
        world.HashiCorp.AddKey("app", first);
        using var signer = await world.Get<AppKeys>().OpenAsync(kind == "azure" ? $"azure:{world.Azure.Address}keys/app/1" : "hashicorp:transit/app", CancellationToken.None);
        var data = "what is signed"u8.ToArray();
        Assert.True(first.VerifyData(data, await signer.SignAsync(data, CancellationToken.None), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        world.Azure.AddKey("app", "1", second);
        world.HashiCorp.Replace("app", second);
        var noticed = await Assert.ThrowsAsync<GitHubException>(async () => await signer.SignAsync(data, CancellationToken.None));
        Assert.Contains("does not fit its public key", noticed.Message, StringComparison.Ordinal);

        world.Fake(kind)!.Refuse(403, "no");
        var refused = await Assert.ThrowsAsync<GitHubException>(async () => await signer.SignAsync(data, CancellationToken.None));
        Assert.Equal((GitHubErrorKind.Network, false), (refused.Kind, refused.MayHaveHappened));
        Assert.Contains("answered 403", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ServerFixture> StartAsync(FakeAzureVault azure, FakeHashiCorpVault hashiCorp) => ServerFixture.StartAsync(
        "sqlite",
        new Dictionary<string, string?>
        {
            ["Vault:Azure:Url"] = azure.Address.ToString(),
            ["Vault:HashiCorp:Address"] = hashiCorp.Address.ToString(),
            ["Vault:HashiCorp:Token"] = FakeHashiCorpVault.RootToken,
        },
        services => services.AddSingleton<TokenCredential>(azure.Credential));
}
