using System.Buffers;
using System.Globalization;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>
/// Paths of git, which are bytes, as text and back. What is not UTF-8 is written <c>\xHH</c> a byte; a backslash that stands in
/// front of such a form in the name itself is written <c>\x5C</c>. So no two paths fall together, and ordinary ones are as they are.
/// </summary>
public static class GitPath
{
    private const string Backslash = @"\x5C";
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string ToText(ReadOnlySpan<byte> path)
    {
        try
        {
            var text = Strict.GetString(path);
            return HasForm(path) ? Escape(path) : text;
        }
        catch (DecoderFallbackException)
        {
            return Escape(path);
        }
    }

    /// <summary>The path as git has it.</summary>
    public static byte[] ToBytes(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var length = 0;
        for (var i = 0; i < bytes.Length; length++)
        {
            var isForm = IsForm(bytes.AsSpan(i));
            bytes[length] = isForm ? byte.Parse(bytes.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : bytes[i];
            i += isForm ? 4 : 1;
        }

        return bytes[..length];
    }

    /// <summary>The path for a URL: each byte that is not plain as <c>%HH</c>, the slashes kept.</summary>
    public static string ToUrl(string path)
    {
        var url = new StringBuilder(path.Length);
        foreach (var octet in ToBytes(path))
        {
            if (octet is (byte)'/' or (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' || char.IsAsciiLetterOrDigit((char)octet))
            {
                url.Append((char)octet);
            }
            else
            {
                url.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return url.ToString();
    }

    private static string Escape(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length + 8);
        while (!path.IsEmpty)
        {
            var consumed = 1;
            if (IsForm(path))
            {
                text.Append(Backslash);
            }
            else if (Rune.DecodeFromUtf8(path, out var rune, out consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                consumed = 1;
                text.Append(@"\x").Append(path[0].ToString("X2", CultureInfo.InvariantCulture));
            }

            path = path[consumed..];
        }

        return text.ToString();
    }

    private static bool HasForm(ReadOnlySpan<byte> path)
    {
        for (int at; (at = path.IndexOf(@"\x"u8)) >= 0; path = path[(at + 1)..])
        {
            if (IsForm(path[at..]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsForm(ReadOnlySpan<byte> text) =>
        text is [(byte)'\\', (byte)'x', var high, var low, ..] && char.IsAsciiHexDigitUpper((char)high) && char.IsAsciiHexDigitUpper((char)low);
}
