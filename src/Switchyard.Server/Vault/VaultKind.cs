namespace Switchyard.Server.Vault;

/// <summary>The vaults there are, as the configuration and the rows have them.</summary>
internal static class VaultKind
{
    public const string Local = "local";
    public const string Azure = "azure";
    public const string HashiCorp = "hashicorp";
    public const string Oci = "oci";

    public static IReadOnlyList<string> All { get; } = [Local, Azure, HashiCorp, Oci];

    /// <summary>The setting that makes a vault known to the server.</summary>
    public static string SettingOf(string kind) => kind switch
    {
        Azure => "Vault:Azure:Url",
        HashiCorp => "Vault:HashiCorp:Address",
        Oci => "Vault:Oci:VaultId",
        _ => "Vault:MasterKeyFile",
    };
}
