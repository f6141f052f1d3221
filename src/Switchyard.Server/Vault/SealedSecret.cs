namespace Switchyard.Server.Vault;

/// <summary>A secret that a vault has taken, or will keep in its row: made before the transaction that stores the row.</summary>
public sealed class SealedSecret
{
    private readonly Func<string, string, byte[]>? close;

    /// <param name="kind">The vault.</param>
    /// <param name="reference">The value in it.</param>
    /// <param name="version">Which of its versions.</param>
    /// <param name="fingerprint">Tells two values apart and nothing of them.</param>
    /// <param name="close">Encrypts for a scope and a name, where the row itself holds the value.</param>
    internal SealedSecret(string kind, string reference, string? version, string fingerprint, Func<string, string, byte[]>? close = null)
    {
        Kind = kind;
        Reference = reference;
        Version = version;
        Fingerprint = fingerprint;
        this.close = close;
    }

    internal string Kind { get; }

    internal string Reference { get; }

    internal string? Version { get; }

    internal string Fingerprint { get; }

    /// <summary>Whether the value is in the row.</summary>
    internal bool IsInRow => close is not null;

    public override string ToString() => "***";

    internal byte[]? CiphertextFor(string scope, string name) => close?.Invoke(scope, name);
}
