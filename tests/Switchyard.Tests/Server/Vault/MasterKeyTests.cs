using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Local;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

public sealed class MasterKeyTests
{
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

    [Fact]
    public void With_another_vault_no_key_is_made_and_a_secret_that_needs_one_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-vault-");
        try
        {
            var storage = Options.Create(new StorageOptions { DataFolder = folder.FullName });
            var refused = Assert.Throws<VaultException>(() => MasterKey.Load(Options.Create(new VaultOptions { Kind = "azure" }), storage, NullLogger<MasterKey>.Instance));
            Assert.Contains("There is no master key", refused.Message, StringComparison.Ordinal);
            Assert.Empty(folder.EnumerateFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
