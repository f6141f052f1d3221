using System.Text.Json.Serialization;

namespace Switchyard.Server.Vault;

/// <summary>Which vault new secrets are put into, and where the local one's master key comes from. Section <c>Vault</c>.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vault";

    /// <summary>Where new secrets go: <c>local</c>, <c>azure</c>, <c>hashicorp</c> or <c>oci</c>. Those that lie elsewhere stay there until they are moved.</summary>
    public string Kind { get; set; } = VaultKind.Local;

    /// <summary>32 bytes in base64. Wins over the file.</summary>
    [JsonIgnore]
    public string? MasterKey { get; set; }

    /// <summary>A file, readable by its owner alone (mode 0600), that holds 32 bytes in base64.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>How long one call to a vault elsewhere may take, from 1 s to 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
