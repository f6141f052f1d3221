using System.Security.Cryptography;
using System.Text;

namespace Switchyard.Server.Models;

/// <summary>
/// The content of a folder model: its members in order of their names, <c>name NUL digest LF</c> each, where the digest is the
/// SHA-256 of the member (<c>git:</c> and the blob id where the member was too large to be read). Its own SHA-256 is the digest
/// of the model (catalogue, section 3).
/// </summary>
internal static class FolderContent
{
    private const string ByBlob = "git:";

    public static byte[] Build(IEnumerable<(string Name, byte[]? Sha256, string Oid)> members)
    {
        var text = new StringBuilder();
        foreach (var (name, sha256, oid) in members.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            text.Append(name).Append('\0').Append(sha256 is null ? ByBlob + oid : Convert.ToHexStringLower(sha256)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The members of a folder's content; the digest is null where the member itself is not stored.</summary>
    public static IReadOnlyList<(string Name, byte[]? Sha256)> Parse(ReadOnlySpan<byte> content) =>
        [.. Encoding.UTF8.GetString(content)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\0'))
            .Select(parts => (parts[0], parts[1].StartsWith(ByBlob, StringComparison.Ordinal) ? null : Convert.FromHexString(parts[1])))];

    /// <summary>What the members of a folder are, before any of them was read: equal for equal members, wherever the folder is.</summary>
    public static string KeyOf(IEnumerable<(string Name, string Oid)> members)
    {
        var text = string.Concat(members.OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}\0{member.Oid}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
