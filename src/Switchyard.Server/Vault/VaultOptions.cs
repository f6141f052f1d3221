namespace Switchyard.Server.Vault;

/// <summary>Where the local vault's master key comes from. Section <c>Vault</c>.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vault";

    /// <summary>32 bytes in base64. Wins over the file.</summary>
    public string? MasterKey { get; set; }

    /// <summary>A file, readable by its owner alone (mode 0600), that holds 32 bytes in base64.</summary>
    public string? MasterKeyFile { get; set; }
}
