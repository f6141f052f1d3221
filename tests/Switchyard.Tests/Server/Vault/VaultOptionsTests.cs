using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.Server;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.HashiCorp;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

public sealed class VaultOptionsTests
{
    [Theory]
    [InlineData("Vault:Kind=vault", "Vault:Kind is \"vault\"; it must be local, azure, hashicorp or oci.")]
    [InlineData("Vault:Kind=azure", "Vault:Azure:Url must be set")]
    [InlineData("Vault:Kind=hashicorp", "Vault:HashiCorp:Address must be set")]
    [InlineData("Vault:Kind=oci", "Vault:Oci:VaultId must be set")]
    [InlineData("Vault:Azure:Url=http://acme.vault.azure.net", "Vault:Azure:Url must be the vault's address")]
    [InlineData("Vault:Azure:Url=https://a.vault.azure.net;Vault:Azure:Credential=magic", "Vault:Azure:Credential is \"magic\"")]
    [InlineData("Vault:HashiCorp:Address=http://vault.acme.test;Vault:HashiCorp:Token=t", "Vault:HashiCorp:Address must be the vault's address")]
    [InlineData("Vault:HashiCorp:Address=https://vault.acme.test", "Vault:HashiCorp:TokenFile (or Token) must be set")]
    [InlineData("Vault:HashiCorp:Address=https://vault.acme.test;Vault:HashiCorp:Auth=approle", "Vault:HashiCorp:RoleId and SecretIdFile")]
    [InlineData("Vault:HashiCorp:Address=https://vault.acme.test;Vault:HashiCorp:Auth=kubernetes", "Vault:HashiCorp:Role must be set")]
    [InlineData("Vault:Oci:VaultId=ocid1.vault.x", "Vault:Oci:CompartmentId must be set")]
    [InlineData("Vault:Oci:VaultId=ocid1.vault.x", "Vault:Oci:Region must be set")]
    [InlineData("Vault:Timeout=00:10:00", "Vault:Timeout must be from 00:00:01 to 00:01:00")]
    public async Task What_is_missing_or_wrong_is_named_by_its_key(string settings, string expected)
    {
        var all = settings.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        await using var app = SwitchyardHost.Build([], all);

        var wrong = Assert.Throws<OptionsValidationException>(() => app.Services.GetService(typeof(IOptions<VaultOptions>)) is IOptions<VaultOptions> options ? options.Value : null);
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_of_the_options_holds_no_secret()
    {
        const string Secret = "must-not-be-seen";
        var dumps = new[]
        {
            JsonSerializer.Serialize(new VaultOptions { MasterKey = Secret }),
            JsonSerializer.Serialize(new HashiCorpVaultOptions { Token = Secret, SecretId = Secret }),
            new SealedSecret("local", "r", "v", "f", (_, _) => System.Text.Encoding.UTF8.GetBytes(Secret)).ToString(),
            JsonSerializer.Serialize(new SealedSecret("local", "r", "v", "f", (_, _) => System.Text.Encoding.UTF8.GetBytes(Secret))),
        };

        Assert.All(dumps, dump => Assert.DoesNotContain(Secret, dump, StringComparison.Ordinal));
        Assert.All(dumps, dump => Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)), dump, StringComparison.Ordinal));
    }
}
