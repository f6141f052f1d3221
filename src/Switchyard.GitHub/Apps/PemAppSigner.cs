using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Switchyard.GitHub.Apps;

/// <summary>Signs with a key held in memory.</summary>
public sealed class PemAppSigner : IAppSigner, IDisposable
{
    private readonly RSAParameters key;

    // An RSA object is not documented as safe for several threads; parsing the PEM each time costs three signatures.
    private readonly ConcurrentBag<RSA> idle = [];

    private PemAppSigner(RSA rsa)
    {
        key = rsa.ExportParameters(includePrivateParameters: true);
        Fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()));
        idle.Add(rsa);
    }

    public string Fingerprint { get; }

    /// <summary>Reads the .pem file that GitHub gives (PKCS#1), or the same key as PKCS#8.</summary>
    /// <exception cref="FormatException">Not a usable private key; the message says what it is and what to do. It never quotes the text.</exception>
    public static PemAppSigner Parse(string pem)
    {
        var label = PemEncoding.TryFind(pem, out var fields) ? pem[fields.Label] : null;
        switch (label)
        {
            case "RSA PRIVATE KEY" or "PRIVATE KEY":
                break;
            case null:
                throw Refuse("the text holds no \"-----BEGIN ... PRIVATE KEY-----\" block, or its base64 is damaged (are the line breaks still there?)");
            case "ENCRYPTED PRIVATE KEY":
                throw Refuse("the key is protected by a passphrase. Remove it first: openssl pkcs8 -in key.pem -out plain.pem");
            case "PUBLIC KEY" or "RSA PUBLIC KEY" or "CERTIFICATE":
                throw Refuse($"it is a {label.ToLowerInvariant()}, which cannot sign");
            default:
                throw Refuse($"it is a \"{label}\", and GitHub Apps sign with RSA");
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            if (rsa.KeySize < 2048)
            {
                throw Refuse($"it has {rsa.KeySize} bits, and GitHub's keys have at least 2048");
            }

            return new PemAppSigner(rsa);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            throw Refuse("its contents are damaged or not an RSA key", error);
        }
        catch (FormatException)
        {
            rsa.Dispose();
            throw;
        }
    }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (!idle.TryTake(out var rsa))
        {
            rsa = RSA.Create(key);
        }

        var signature = rsa.SignData(data.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(rsa);
        return new ValueTask<byte[]>(signature);
    }

    public void Dispose()
    {
        while (idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    public override string ToString() => Fingerprint;

    private static FormatException Refuse(string why, Exception? inner = null) =>
        new($"The private key cannot be used: {why}. Give the .pem file that GitHub made under Settings > Developer settings > GitHub Apps > Private keys, or make a new one there.", inner);
}
