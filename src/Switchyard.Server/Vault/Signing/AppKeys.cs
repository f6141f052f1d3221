namespace Switchyard.Server.Vault.Signing;

/// <summary>Finds the key of an App that signs in a vault: <c>azure:https://NAME.vault.azure.net/keys/KEY/VERSION</c>, <c>hashicorp:transit/KEY</c>.</summary>
internal sealed class AppKeys(IEnumerable<IRemoteKeys> vaults)
{
    public async Task<VaultAppSigner> OpenAsync(string keyIn, CancellationToken cancellation)
    {
        var colon = keyIn.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? keyIn : keyIn[..colon];
        if (colon < 0 || kind is not (VaultKind.Azure or VaultKind.HashiCorp))
        {
            throw new VaultException($"\"{keyIn}\" names no key in a vault. Write azure:https://NAME.vault.azure.net/keys/KEY/VERSION or hashicorp:transit/KEY.");
        }

        var keys = vaults.FirstOrDefault(vault => vault.Kind == kind)
            ?? throw new VaultException($"The key {keyIn} is in a vault that this server does not know. Set {VaultKind.SettingOf(kind)} and how to log in there (docs/vaults.md), and start again.");
        var key = await keys.FindAsync(keyIn[(colon + 1)..], cancellation);
        if (key.Public.KeySize >= 2048)
        {
            return new VaultAppSigner(key);
        }

        var size = key.Public.KeySize;
        key.Public.Dispose();
        throw new VaultException($"The key {keyIn} has {size} bits, and GitHub's keys have at least 2048. Import the .pem file that GitHub made for the App.");
    }
}
