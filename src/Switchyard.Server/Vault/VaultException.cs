using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Vault;

/// <summary>A secret is not there, cannot be opened or was not taken; the message says why, and the next step. It never holds a value.</summary>
public sealed class VaultException(string message) : UpstreamException(message, new NextStep("Look at the vaults", "/admin/secrets", "switchyard vault status"));
