using System.Security.Cryptography;
using System.Text;

namespace Switchyard.Server.Vault.Local;

/// <summary>
/// Values in our own database: AES-256-GCM under the master key, bound to their scope and name so that a row cannot be moved
/// to another place.
/// </summary>
internal sealed class LocalVault(Lazy<MasterKey> key) : ISecretStore
{
    private const int TagSize = 16;
    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;

    public string Kind => VaultKind.Local;

    public string Place => "this server's database";

    public string NewReference() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public Task<SealedSecret> WriteAsync(string reference, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var master = key.Value;

        // Keyed with the master key, so that a guessable secret cannot be found from its fingerprint.
        var fingerprint = "SHA256:" + Convert.ToHexStringLower(HMACSHA256.HashData(master.Bytes, value.Span))[..16];
        return Task.FromResult(new SealedSecret(Kind, reference, master.Id, fingerprint, (scope, name) => Encrypt(master, value.Span, scope, name)));
    }

    public Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation)
    {
        var master = key.Value;
        if (kept.Version != master.Id)
        {
            throw new VaultException(
                $"The secret {kept.Name} of {kept.Scope} was stored under another master key ({kept.Version}, now {master.Id}). Start with the key that was in use then, or set the secret again.");
        }

        var row = kept.Ciphertext.AsSpan();
        try
        {
            var value = new byte[row.Length - NonceSize - TagSize];
            using var aes = new AesGcm(master.Bytes, TagSize);
            aes.Decrypt(row[..NonceSize], row[NonceSize..^TagSize], row[^TagSize..], value, Bind(kept.Scope, kept.Name));
            return Task.FromResult(value);
        }
        catch (Exception broken) when (broken is CryptographicException or OverflowException or ArgumentException)
        {
            throw new VaultException($"The row of the secret {kept.Name} of {kept.Scope} was changed outside of Switchyard, and does not open. Set the secret again, or restore the database.");
        }
    }

    /// <summary>The row was the value.</summary>
    public Task DeleteAsync(string reference, string? version, CancellationToken cancellation) => Task.CompletedTask;

    public Task<string> DescribeAsync(CancellationToken cancellation) => Task.FromResult($"in {Place}, under the master key {key.Value.Id}");

    private static byte[] Encrypt(MasterKey master, ReadOnlySpan<byte> value, string scope, string name)
    {
        var row = new byte[NonceSize + value.Length + TagSize];
        var nonce = row.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(master.Bytes, TagSize);
        aes.Encrypt(nonce, value, row.AsSpan(NonceSize, value.Length), row.AsSpan(NonceSize + value.Length), Bind(scope, name));
        return row;
    }

    private static byte[] Bind(string scope, string name) => Encoding.UTF8.GetBytes(scope + "\0" + name);
}
