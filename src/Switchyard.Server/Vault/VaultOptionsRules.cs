using Microsoft.Extensions.Options;
using Switchyard.Server.Vault.Azure;
using Switchyard.Server.Vault.HashiCorp;
using Switchyard.Server.Vault.Oci;

namespace Switchyard.Server.Vault;

/// <summary>What must be set for the vaults that are named; all that is wrong is told at once, and no value of a secret.</summary>
internal sealed class VaultOptionsRules(IOptions<AzureVaultOptions> azure, IOptions<HashiCorpVaultOptions> hashiCorp, IOptions<OciVaultOptions> oci) : IValidateOptions<VaultOptions>
{
    private static readonly string[] AzureCredentials = ["managed-identity", "workload-identity", "environment"];
    private static readonly string[] HashiCorpLogins = ["token", "approle", "kubernetes"];

    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        var wrong = Check(options).Concat(Check(azure.Value)).Concat(Check(hashiCorp.Value)).Concat(Check(oci.Value)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Tokens and secrets travel over https only; plain http is for this machine.</summary>
    public static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Query.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private IEnumerable<string> Check(VaultOptions options)
    {
        var isNamed = options.Kind switch
        {
            VaultKind.Local => true,
            VaultKind.Azure => azure.Value.Url is not null,
            VaultKind.HashiCorp => hashiCorp.Value.Address is not null,
            VaultKind.Oci => oci.Value.VaultId is not null,
            _ => false,
        };
        if (!VaultKind.All.Contains(options.Kind, StringComparer.Ordinal))
        {
            yield return $"Vault:Kind is \"{options.Kind}\"; it must be local, azure, hashicorp or oci.";
        }
        else if (!isNamed)
        {
            yield return $"Vault:Kind is {options.Kind}, so {VaultKind.SettingOf(options.Kind)} must be set, and how to log in there (docs/vaults.md).";
        }

        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(1))
        {
            yield return "Vault:Timeout must be from 00:00:01 to 00:01:00.";
        }
    }

    private static IEnumerable<string> Check(AzureVaultOptions options)
    {
        if (options.Url is not null && !IsAddress(options.Url))
        {
            yield return "Vault:Azure:Url must be the vault's address, as https://NAME.vault.azure.net.";
        }

        if (!AzureCredentials.Contains(options.Credential, StringComparer.Ordinal))
        {
            yield return $"Vault:Azure:Credential is \"{options.Credential}\"; it must be managed-identity, workload-identity or environment.";
        }
    }

    private static IEnumerable<string> Check(HashiCorpVaultOptions options)
    {
        if (options.Address is null)
        {
            yield break;
        }

        if (!IsAddress(options.Address))
        {
            yield return "Vault:HashiCorp:Address must be the vault's address, as https://vault.example.com:8200.";
        }

        if (string.IsNullOrWhiteSpace(options.Mount) || options.Mount.Contains(':', StringComparison.Ordinal))
        {
            yield return "Vault:HashiCorp:Mount must name the KV version 2 secrets engine, as secret.";
        }

        if (!HashiCorpLogins.Contains(options.Auth, StringComparer.Ordinal))
        {
            yield return $"Vault:HashiCorp:Auth is \"{options.Auth}\"; it must be token, approle or kubernetes.";
        }

        if (options.Auth == "token" && options.Token is null && options.TokenFile is null)
        {
            yield return "Vault:HashiCorp:TokenFile (or Token) must be set, since Vault:HashiCorp:Auth is token.";
        }

        if (options.Auth == "approle" && (options.RoleId is null || (options.SecretId is null && options.SecretIdFile is null)))
        {
            yield return "Vault:HashiCorp:RoleId and SecretIdFile (or SecretId) must be set, since Vault:HashiCorp:Auth is approle.";
        }

        if (options.Auth == "kubernetes" && options.Role is null)
        {
            yield return "Vault:HashiCorp:Role must be set, since Vault:HashiCorp:Auth is kubernetes.";
        }
    }

    private static IEnumerable<string> Check(OciVaultOptions options)
    {
        if (options.VaultId is null)
        {
            yield break;
        }

        var needed = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [nameof(options.CompartmentId)] = options.CompartmentId,
            [nameof(options.KeyId)] = options.KeyId,
            [nameof(options.TenancyId)] = options.TenancyId,
            [nameof(options.UserId)] = options.UserId,
            [nameof(options.Fingerprint)] = options.Fingerprint,
            [nameof(options.PrivateKeyFile)] = options.PrivateKeyFile,
        };
        foreach (var (key, _) in needed.Where(pair => string.IsNullOrWhiteSpace(pair.Value)))
        {
            yield return $"Vault:Oci:{key} must be set, since Vault:Oci:VaultId is.";
        }

        if (options.Region is null && (options.ManagementUrl is null || options.RetrievalUrl is null))
        {
            yield return "Vault:Oci:Region must be set, as eu-frankfurt-1.";
        }

        foreach (var (key, url) in new[] { (nameof(options.ManagementUrl), options.ManagementUrl), (nameof(options.RetrievalUrl), options.RetrievalUrl) })
        {
            if (url is not null && !IsAddress(url))
            {
                yield return $"Vault:Oci:{key} must be an address that begins with https://.";
            }
        }
    }
}
