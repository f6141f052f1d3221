using System.Security.Cryptography;
using Switchyard.Server.Vault;
using Switchyard.Tests.Server.Vault.Fakes;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

public sealed class LocalVaultTests() : VaultSuite(VaultKind.Local)
{
    [Fact]
    public async Task A_row_that_was_given_another_name_does_not_open()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Local);
        await world.SetAsync("provider:1", "token", "value");
        await world.Database.WriteAsync(session => session.ExecuteAsync("update secrets set name = 'other'"), CancellationToken.None);

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("provider:1", "other"));
        Assert.Contains("changed outside of Switchyard", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_another_master_key_it_says_which_one_is_wanted()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Local);
        await world.SetAsync("provider:1", "token", "value");
        await world.Database.WriteAsync(session => session.ExecuteAsync("update secrets set version = 'another'"), CancellationToken.None);

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("provider:1", "token"));
        Assert.Contains("under another master key (another", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class AzureVaultTests() : RemoteVaultSuite(VaultKind.Azure)
{
    [Fact]
    public async Task A_token_is_used_until_shortly_before_its_end_and_replaced_where_it_is_refused()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Azure);
        world.Azure.Credential.ExpiresOn = world.Time.GetUtcNow().AddHours(1);
        await world.SetAsync("a", "b", "value");
        await world.ReadAsync("a", "b");
        Assert.Equal((1, "https://vault.azure.net/.default"), (world.Azure.Credential.Given, world.Azure.Credential.Scope));

        world.Time.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal("value", await world.ReadAsync("a", "b"));
        Assert.Equal(2, world.Azure.Credential.Given);

        world.Azure.Credential.Revoke();
        Assert.Equal("value", await world.ReadAsync("a", "b"));
    }

    [Fact]
    public async Task Where_purging_is_not_granted_the_deleted_secret_is_left_to_the_vault()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Azure);
        await world.SetAsync("a", "b", "value");
        await world.Database.WriteAsync(session => world.Vault.RemoveAsync(session, "a", "b"), CancellationToken.None);
        world.Azure.Faults.Enqueue(_ => null);
        world.Azure.Faults.Enqueue(_ => null);
        world.Azure.Refuse(403, "purge is not allowed");

        await world.TendAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(0, await world.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from vault_leftovers"), CancellationToken.None));
    }

    [Theory]
    [InlineData("https://acme.vault.azure.net/", "https://vault.azure.net/.default")]
    [InlineData("https://acme.vault.azure.cn/", "https://vault.azure.cn/.default")]
    public void The_token_is_asked_for_the_cloud_that_the_vault_is_in(string url, string scope) =>
        Assert.Equal(scope, Switchyard.Server.Vault.Azure.AzureCredential.ScopeOf(new Uri(url)));
}

public sealed class HashiCorpVaultTests() : RemoteVaultSuite(VaultKind.HashiCorp)
{
    [Fact]
    public async Task A_sealed_vault_is_told_as_such_without_waiting()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.HashiCorp);
        await world.SetAsync("a", "b", "value");
        world.HashiCorp.Sealed = true;

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("a", "b"));
        Assert.Contains("it is sealed. Unseal it (vault operator unseal)", refused.Message, StringComparison.Ordinal);

        world.HashiCorp.Sealed = false;
        Assert.Equal("value", await world.ReadAsync("a", "b"));
    }

    [Theory]
    [InlineData("approle")]
    [InlineData("kubernetes")]
    public async Task A_login_is_renewed_before_its_end_and_done_anew_where_the_token_was_revoked(string auth)
    {
        var jwt = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(jwt, FakeHashiCorpVault.PodToken + "\n");
            await using var world = await VaultWorld.StartAsync(VaultKind.HashiCorp, more: new Dictionary<string, string?>
            {
                ["Vault:HashiCorp:Auth"] = auth,
                ["Vault:HashiCorp:Namespace"] = "team/a",
                ["Vault:HashiCorp:RoleId"] = FakeHashiCorpVault.RoleId,
                ["Vault:HashiCorp:SecretId"] = FakeHashiCorpVault.SecretId,
                ["Vault:HashiCorp:Role"] = "switchyard",
                ["Vault:HashiCorp:JwtFile"] = jwt,
            });
            world.HashiCorp.Namespace = "team/a";
            await world.SetAsync("a", "b", "value");
            Assert.Equal((1, 0), (world.HashiCorp.Logins, world.HashiCorp.Renewals));

            world.Time.Advance(TimeSpan.FromMinutes(41));
            Assert.Equal("value", await world.ReadAsync("a", "b"));
            Assert.Equal((1, 1), (world.HashiCorp.Logins, world.HashiCorp.Renewals));

            world.HashiCorp.RevokeAll();
            Assert.Equal("value", await world.ReadAsync("a", "b"));
            Assert.Equal(2, world.HashiCorp.Logins);

            // Idle for longer than a token lives.
            world.Time.Advance(TimeSpan.FromHours(5));
            Assert.Equal("value", await world.ReadAsync("a", "b"));
        }
        finally
        {
            File.Delete(jwt);
        }
    }

    [Fact]
    public async Task A_wrong_login_says_which_settings_to_compare_and_not_their_values()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.HashiCorp, more: new Dictionary<string, string?>
        {
            ["Vault:HashiCorp:Auth"] = "approle",
            ["Vault:HashiCorp:RoleId"] = "role-of-another",
            ["Vault:HashiCorp:SecretId"] = FakeHashiCorpVault.SecretId,
        });

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.SetAsync("a", "b", "value"));
        Assert.Contains("Compare Vault:HashiCorp:RoleId and SecretId with the role", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeHashiCorpVault.SecretId, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_metadata_may_not_be_deleted_the_versions_are_destroyed()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.HashiCorp);
        world.HashiCorp.MayDeleteMetadata = false;
        await world.SetAsync("a", "b", "before");
        await world.SetAsync("a", "b", "after");
        await world.TendAsync(TimeSpan.FromMinutes(6));

        Assert.Equal([Base64("after")], world.HashiCorp.Values);
    }
}

public sealed class OciVaultTests() : RemoteVaultSuite(VaultKind.Oci)
{
    [Fact]
    public async Task A_new_secret_is_waited_for_until_it_can_be_read()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Oci);
        world.Oci.TakesTime = true;
        await world.PassAsync(world.SetAsync("a", "b", "value").ContinueWith(set => set.IsCompletedSuccessfully, TaskScheduler.Default));

        Assert.Equal("value", await world.ReadAsync("a", "b"));
    }

    [Fact]
    public async Task A_key_that_was_rotated_in_the_console_is_told_with_the_settings_to_compare()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Oci);
        await world.SetAsync("a", "b", "value");
        using var rotated = RSA.Create(2048);
        world.Oci.Key = rotated;

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("a", "b"));
        Assert.Contains("answered 401", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Failed to verify", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Vault:Oci:TenancyId, UserId, Fingerprint and PrivateKeyFile", refused.Message, StringComparison.Ordinal);
    }
}
