using System.Text;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>Decodes text of unknown care: by its byte order mark, else as UTF-8 with replacements. Null for binary content.</summary>
internal static class PlainText
{
    public static string? Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length >= 2 && span[0] == 0xFF && span[1] == 0xFE)
        {
            return Encoding.Unicode.GetString(span[2..]);
        }

        return span.Contains((byte)0) ? null : Encoding.UTF8.GetString(TextPlace.WithoutBom(bytes).Span);
    }
}
