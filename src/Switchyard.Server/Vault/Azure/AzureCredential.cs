using Azure.Core;
using Azure.Identity;

namespace Switchyard.Server.Vault.Azure;

/// <summary>The one way to log in that the settings name; trying one after another takes long and hides which one failed.</summary>
internal static class AzureCredential
{
    public static TokenCredential Create(AzureVaultOptions options) => options.Credential switch
    {
        "workload-identity" => new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { ClientId = options.ClientId ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID"), TenantId = options.TenantId ?? Environment.GetEnvironmentVariable("AZURE_TENANT_ID") }),
        "environment" => new EnvironmentCredential(),
        _ => new ManagedIdentityCredential(options.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned),
    };

    /// <summary>What a token is asked for: the vaults of the cloud that the address is in.</summary>
    public static string ScopeOf(Uri vault)
    {
        var dot = vault.Host.IndexOf(".vault.", StringComparison.OrdinalIgnoreCase);
        return dot < 0 ? "https://vault.azure.net/.default" : $"https://{vault.Host[(dot + 1)..]}/.default";
    }
}
