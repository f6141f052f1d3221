using System.Buffers;

namespace Switchyard.GitHub.Git;

/// <summary>Object ids go into git's standard input and arguments, so nothing else may.</summary>
internal static class Oid
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>40 digits (SHA-1) or 64 (SHA-256).</summary>
    public static bool IsValid(string oid) => oid.Length is 40 or 64 && !oid.AsSpan().ContainsAnyExcept(Digits);

    public static string Require(string oid) => IsValid(oid)
        ? oid
        : throw new ArgumentException($"\"{oid}\" is not a full object id of 40 or 64 hexadecimal digits.", nameof(oid));
}
