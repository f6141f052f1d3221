using System.Security.Cryptography;

namespace Switchyard.Catalog.Formats.Avro;

/// <summary>Fingerprints of a canonical form (Avro 1.12 specification, "Schema Fingerprints").</summary>
internal static class AvroFingerprint
{
    private const ulong Empty = 0xc15d213aa4d7a795;

    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static ulong Crc64(ReadOnlySpan<byte> canonical)
    {
        var print = Empty;
        foreach (var unit in canonical)
        {
            print = (print >> 8) ^ Table[(int)(print ^ unit) & 0xFF];
        }

        return print;
    }

    public static string Crc64Hex(ReadOnlySpan<byte> canonical) => $"{Crc64(canonical):x16}";

    public static string Sha256Hex(ReadOnlySpan<byte> canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical));

    private static ulong Entry(int index)
    {
        var entry = (ulong)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry >> 1) ^ (Empty & (0 - (entry & 1)));
        }

        return entry;
    }
}
