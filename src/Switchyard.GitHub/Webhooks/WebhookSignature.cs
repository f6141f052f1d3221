using System.Security.Cryptography;

namespace Switchyard.GitHub.Webhooks;

/// <summary>Whether a delivery is GitHub's. Only the Matched ones are to be let in.</summary>
public enum SignatureVerdict
{
    /// <summary>No X-Hub-Signature-256 (a sha1 one does not count).</summary>
    Missing,

    /// <summary>Not <c>sha256=</c> and 64 hexadecimal digits.</summary>
    Malformed,

    /// <summary>Made with none of the secrets, or over another body.</summary>
    Mismatch,

    /// <summary>Made with the first secret: the current one.</summary>
    MatchedFirst,

    /// <summary>Made with the second secret: the one before, or after, during a rotation.</summary>
    MatchedSecond,

    /// <summary>Made with a later one.</summary>
    MatchedLater,
}

/// <summary>Verifies X-Hub-Signature-256: HMAC-SHA256 over the received bytes, never over anything parsed from them.</summary>
public static class WebhookSignature
{
    private const string Prefix = "sha256=";

    /// <summary>Compares in constant time, with every secret, so that the time tells neither how much fits nor which.</summary>
    /// <param name="body">The bytes as received (of a form too: not the payload in it).</param>
    /// <param name="signature256Header">The header's value, or null.</param>
    /// <param name="secrets">Those that are valid now; an empty list or an empty secret matches nothing.</param>
    public static SignatureVerdict Verify(ReadOnlySpan<byte> body, string? signature256Header, IReadOnlyList<byte[]> secrets) =>
        Verify(body, signature256Header, secrets, out _);

    /// <inheritdoc cref="Verify(ReadOnlySpan{byte}, string?, IReadOnlyList{byte[]})"/>
    /// <param name="matched">The index of the secret that matched, or -1.</param>
    public static SignatureVerdict Verify(ReadOnlySpan<byte> body, string? signature256Header, IReadOnlyList<byte[]> secrets, out int matched)
    {
        matched = -1;
        if (string.IsNullOrEmpty(signature256Header))
        {
            return SignatureVerdict.Missing;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signature256Header.Length != Prefix.Length + (2 * given.Length)
            || !signature256Header.StartsWith(Prefix, StringComparison.Ordinal)
            || Convert.FromHexString(signature256Header.AsSpan(Prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return SignatureVerdict.Malformed;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (var i = 0; i < secrets.Count; i++)
        {
            HMACSHA256.HashData(secrets[i], body, expected);
            if (CryptographicOperations.FixedTimeEquals(given, expected) && secrets[i].Length > 0 && matched < 0)
            {
                matched = i;
            }
        }

        return matched switch
        {
            < 0 => SignatureVerdict.Mismatch,
            0 => SignatureVerdict.MatchedFirst,
            1 => SignatureVerdict.MatchedSecond,
            _ => SignatureVerdict.MatchedLater,
        };
    }

    /// <summary>The header's value for a body.</summary>
    public static string Sign(ReadOnlySpan<byte> body, byte[] secret)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, hash);
        return Prefix + Convert.ToHexStringLower(hash);
    }
}
