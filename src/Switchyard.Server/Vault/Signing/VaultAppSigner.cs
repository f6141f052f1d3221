using System.Security.Cryptography;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;

namespace Switchyard.Server.Vault.Signing;

/// <summary>Signs as an App with a key that never leaves its vault.</summary>
internal sealed class VaultAppSigner : IAppSigner, IDisposable
{
    private readonly RemoteKey key;
    private readonly Lock one = new();

    public VaultAppSigner(RemoteKey key)
    {
        this.key = key;
        Fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(key.Public.ExportSubjectPublicKeyInfo()));
    }

    public string Fingerprint { get; }

    /// <summary>The key, with its version.</summary>
    public string KeyIn => key.KeyIn;

    /// <exception cref="GitHubException">The vault did not sign; nothing was sent to GitHub, and another try may do.</exception>
    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        try
        {
            var signature = await key.SignAsync(data, cancellation);
            lock (one)
            {
                return key.Public.VerifyData(data.Span, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    ? signature
                    : throw new VaultException($"What {key.KeyIn} signed does not fit its public key. Was the key replaced in the vault? Register the App again with the key that GitHub knows.");
            }
        }
        catch (VaultException refused)
        {
            throw new GitHubException(GitHubErrorKind.Network, $"The App's key could not sign. {refused.Message}", refused);
        }
    }

    public void Dispose() => key.Public.Dispose();

    public override string ToString() => Fingerprint;
}
