namespace Switchyard.Server.Vault.Azure;

/// <summary>Azure Key Vault. Section <c>Vault:Azure</c>.</summary>
public sealed class AzureVaultOptions
{
    public const string Section = "Vault:Azure";

    /// <summary>As <c>https://NAME.vault.azure.net</c>.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// <c>managed-identity</c>, <c>workload-identity</c> (Kubernetes), or <c>environment</c>: <c>AZURE_TENANT_ID</c>,
    /// <c>AZURE_CLIENT_ID</c> and <c>AZURE_CLIENT_SECRET</c> or a certificate.
    /// </summary>
    public string Credential { get; set; } = "managed-identity";

    /// <summary>Of a managed identity that was assigned by a user, or of the workload's.</summary>
    public string? ClientId { get; set; }

    /// <summary>The workload's tenant, where the environment does not say.</summary>
    public string? TenantId { get; set; }
}
