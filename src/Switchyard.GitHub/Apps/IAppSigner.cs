namespace Switchyard.GitHub.Apps;

/// <summary>
/// Signs with an App's private key (RS256: PKCS#1 v1.5 over SHA-256). The key may stay in a vault: local PEM, Azure Key
/// Vault, HashiCorp transit. Must be safe to call from many threads.
/// </summary>
public interface IAppSigner
{
    /// <summary>As GitHub shows it: <c>SHA256:</c> and the base64 of the SHA-256 of the public key's DER form.</summary>
    string Fingerprint { get; }

    /// <summary>The signature over <paramref name="data"/>.</summary>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation);
}

/// <summary>
/// An App on a host. <c>Issuer</c>: the client id, or the App id (the only one GHES up to 3.13 takes).
/// <c>NextSigner</c>: a second key, tried when the first is refused, so that keys can be rotated without a gap.
/// </summary>
public sealed record AppCredentials(GitHubHost Host, string Issuer, IAppSigner Signer, IAppSigner? NextSigner = null);
