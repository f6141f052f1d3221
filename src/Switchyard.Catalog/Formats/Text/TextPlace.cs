namespace Switchyard.Catalog.Formats.Text;

/// <summary>Places in a text, for messages.</summary>
internal static class TextPlace
{
    private static readonly byte[] Marker = "<<<<<<< "u8.ToArray();

    /// <summary>The line, from 1, of a byte.</summary>
    public static int LineOf(ReadOnlySpan<byte> text, int offset) =>
        text[..Math.Min(offset, text.Length)].Count((byte)'\n') + 1;

    /// <summary>The offset of the first line that an unfinished merge left behind, or -1.</summary>
    public static int ConflictMarker(ReadOnlySpan<byte> text)
    {
        var from = 0;
        while (from < text.Length)
        {
            var at = text[from..].IndexOf(Marker);
            if (at < 0)
            {
                return -1;
            }

            at += from;
            if (at == 0 || text[at - 1] == '\n')
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }

    public static ReadOnlyMemory<byte> WithoutBom(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text;

    /// <summary>The offset of the first byte that is no UTF-8, or -1.</summary>
    public static int InvalidUtf8(ReadOnlySpan<byte> text)
    {
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            return -1;
        }

        var offset = 0;
        while (offset < text.Length)
        {
            if (System.Text.Rune.DecodeFromUtf8(text[offset..], out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return offset;
            }

            offset += used;
        }

        return -1;
    }
}
