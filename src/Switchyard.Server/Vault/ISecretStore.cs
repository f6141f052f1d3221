namespace Switchyard.Server.Vault;

/// <summary>A secret's row: where its value is. The ciphertext is the local vault's alone.</summary>
internal sealed record KeptSecret
{
    public string Scope { get; init; } = "";

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Reference { get; init; } = "";

    public string? Version { get; init; }

    public byte[]? Ciphertext { get; init; }
}

/// <summary>
/// A vault. A value is written once under a reference of its own and never changed there, so that a transaction can swap one
/// for another. Whatever fails is a <see cref="VaultException"/>.
/// </summary>
internal interface ISecretStore
{
    /// <summary>One of <see cref="VaultKind"/>.</summary>
    string Kind { get; }

    /// <summary>Where it is, for people.</summary>
    string Place { get; }

    /// <summary>A reference that nothing has.</summary>
    string NewReference();

    Task<SealedSecret> WriteAsync(string reference, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation);

    /// <summary>Removes what is at the reference; no failure where nothing is there any more.</summary>
    Task DeleteAsync(string reference, string? version, CancellationToken cancellation);

    /// <summary>Asks the vault whether it can be used as it is configured, and says so in a few words.</summary>
    Task<string> DescribeAsync(CancellationToken cancellation);
}
