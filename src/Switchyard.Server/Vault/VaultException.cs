namespace Switchyard.Server.Vault;

/// <summary>A secret is not there or cannot be opened; the message says why, and the next step. It never holds a value.</summary>
public sealed class VaultException(string message) : InvalidOperationException(message);
