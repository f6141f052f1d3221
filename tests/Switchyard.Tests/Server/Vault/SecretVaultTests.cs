using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

public sealed class SecretVaultTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_secret_is_read_back_only_under_its_own_name_and_is_not_in_the_row(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var vault = server.Get<SecretVault>();
        await server.Database.WriteAsync(session => vault.SetAsync(session, "provider:1", "token", "the-secret-text", "ann"), CancellationToken.None);

        Assert.Equal("the-secret-text", await vault.ReadTextAsync("provider:1", "token", CancellationToken.None));
        Assert.Null(await vault.ReadTextAsync("provider:2", "token", CancellationToken.None));

        // A row that is moved to another name does not decrypt: name and scope are bound to it.
        await server.Database.WriteAsync(session => session.ExecuteAsync("update secrets set name = 'other'"), CancellationToken.None);
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => vault.ReadTextAsync("provider:1", "other", CancellationToken.None));

        var stored = await server.Database.ReadAsync(session => session.FirstAsync<byte[]>("select ciphertext from secrets"), CancellationToken.None);
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(stored!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_under_another_master_key_says_which_key_is_wanted()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var vault = server.Get<SecretVault>();
        await server.Database.WriteAsync(session => vault.SetAsync(session, "a", "b", "c", "ann"), CancellationToken.None);
        var other = new SecretVault(KeyOf(Enumerable.Repeat((byte)7, 32).ToArray()), server.Database, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<VaultException>(() => other.ReadAsync("a", "b", CancellationToken.None));
        Assert.Contains("another master key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_generated_master_key_is_readable_by_its_owner_alone_and_is_found_again()
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-vault-");
        try
        {
            var storage = Options.Create(new StorageOptions { DataFolder = folder.FullName });
            var made = MasterKey.Load(Options.Create(new VaultOptions()), storage, NullLogger<MasterKey>.Instance);
            var found = MasterKey.Load(Options.Create(new VaultOptions()), storage, NullLogger<MasterKey>.Instance);
            Assert.Equal(made.Id, found.Id);

            var file = Path.Combine(folder.FullName, "master.key");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            var refused = Assert.Throws<InvalidOperationException>(() => MasterKey.Load(Options.Create(new VaultOptions()), storage, NullLogger<MasterKey>.Instance));
            Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void With_PostgreSQL_the_master_key_must_be_configured()
    {
        var storage = Options.Create(new StorageOptions { DataFolder = Path.GetTempPath(), PostgreSql = "Host=nowhere" });
        var vault = Options.Create(new VaultOptions { MasterKeyFile = null });
        Assert.SkipWhen(File.Exists(Path.Combine(Path.GetTempPath(), "master.key")), "There is a master.key in the temporary folder.");
        var refused = Assert.Throws<InvalidOperationException>(() => MasterKey.Load(vault, storage, NullLogger<MasterKey>.Instance));
        Assert.Contains("every node needs the same master key", refused.Message, StringComparison.Ordinal);
    }

    private static MasterKey KeyOf(byte[] key) => MasterKey.Load(
        Options.Create(new VaultOptions { MasterKey = Convert.ToBase64String(key) }), Options.Create(new StorageOptions()), NullLogger<MasterKey>.Instance);
}
