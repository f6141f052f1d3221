using System.Security.Cryptography;
using System.Text;

namespace Switchyard.Server.Access;

/// <summary>What a caller may do; each role may do what the one before it may.</summary>
public enum Role
{
    Viewer,
    Operator,
    Admin,
}

/// <summary>
/// <c>swy_</c>, 32 random letters and digits, and 6 of their SHA-256: a mistyped or cut token is told from an unknown one
/// without a look into the database.
/// </summary>
public static class ApiToken
{
    public const string Prefix = "swy_";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;

    public static string Generate()
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return Prefix + random + Checksum(random);
    }

    public static bool IsWellFormed(string token) =>
        token.Length == Prefix.Length + RandomLength + ChecksumLength
        && token.StartsWith(Prefix, StringComparison.Ordinal)
        && token[^ChecksumLength..] == Checksum(token[Prefix.Length..^ChecksumLength]);

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    private static string Checksum(string random) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(random)))[..ChecksumLength];
}
