namespace Switchyard.Server.Vault.Oci;

/// <summary>Oracle Cloud Infrastructure Vault. Section <c>Vault:Oci</c>.</summary>
public sealed class OciVaultOptions
{
    public const string Section = "Vault:Oci";

    /// <summary>The vault's OCID.</summary>
    public string? VaultId { get; set; }

    /// <summary>OCID of the compartment that the secrets are made in.</summary>
    public string? CompartmentId { get; set; }

    /// <summary>OCID of the vault's key that encrypts them.</summary>
    public string? KeyId { get; set; }

    /// <summary>As <c>eu-frankfurt-1</c>.</summary>
    public string? Region { get; set; }

    public string? TenancyId { get; set; }

    public string? UserId { get; set; }

    /// <summary>Of the API signing key, as the console shows it.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The API signing key (PEM), readable by its owner alone.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>Where secrets are managed, in place of the region's address.</summary>
    public string? ManagementUrl { get; set; }

    /// <summary>Where secrets are read, in place of the region's address.</summary>
    public string? RetrievalUrl { get; set; }
}
