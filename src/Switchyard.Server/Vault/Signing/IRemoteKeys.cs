using System.Security.Cryptography;

namespace Switchyard.Server.Vault.Signing;

/// <summary>A key that stays in its vault: where, its public half, and how it signs (RS256, over the data itself).</summary>
internal sealed record RemoteKey(string KeyIn, RSA Public, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>> SignAsync);

/// <summary>A vault whose keys sign without leaving it.</summary>
internal interface IRemoteKeys
{
    /// <summary>One of <see cref="VaultKind"/>.</summary>
    string Kind { get; }

    /// <summary>The key at a place as people write it; pinned to the version it has now, as GitHub knows only that.</summary>
    /// <exception cref="VaultException">There is none, or none that can sign for a GitHub App.</exception>
    Task<RemoteKey> FindAsync(string place, CancellationToken cancellation);
}
