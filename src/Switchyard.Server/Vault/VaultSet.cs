using Microsoft.Extensions.Options;

namespace Switchyard.Server.Vault;

/// <summary>The vaults that are configured, and the one that new secrets go into.</summary>
internal sealed class VaultSet(IEnumerable<ISecretStore> stores, IOptions<VaultOptions> options)
{
    public IReadOnlyList<ISecretStore> All { get; } = [.. stores];

    public ISecretStore Current => Find(options.Value.Kind) ?? throw new VaultException(NotConfigured(options.Value.Kind));

    public ISecretStore? Find(string kind) => All.FirstOrDefault(store => store.Kind == kind);

    public ISecretStore Of(KeptSecret kept) => Find(kept.Kind) ?? throw new VaultException(
        $"The secret {kept.Name} of {kept.Scope} is in the vault \"{kept.Kind}\". {NotConfigured(kept.Kind)} To leave that vault for good, then run: switchyard vault move --to {options.Value.Kind}.");

    public static string NotConfigured(string kind) =>
        $"This server does not know that vault: set {VaultKind.SettingOf(kind)} and how to log in there (docs/vaults.md), and start again.";
}
