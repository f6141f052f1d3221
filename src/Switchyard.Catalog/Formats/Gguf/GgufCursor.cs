using System.Buffers.Binary;
using System.Text;

namespace Switchyard.Catalog.Formats.Gguf;

/// <summary>Reads little-endian values and never beyond the end: once something is wrong, everything read is 0 and the fault is kept.</summary>
internal struct GgufCursor(ReadOnlyMemory<byte> bytes, int offset)
{
    private const ulong MaxText = 1024 * 1024;

    /// <summary>Where reading stands or stopped.</summary>
    public long Offset { get; private set; } = offset;

    public bool RanOut { get; private set; }

    public string? Problem { get; private set; }

    public readonly bool Failed => RanOut || Problem is not null;

    public uint UInt32() => Take(4, out var span) ? BinaryPrimitives.ReadUInt32LittleEndian(span) : 0;

    public ulong UInt64() => Take(8, out var span) ? BinaryPrimitives.ReadUInt64LittleEndian(span) : 0;

    public byte UInt8() => Take(1, out var span) ? span[0] : (byte)0;

    public ushort UInt16() => Take(2, out var span) ? BinaryPrimitives.ReadUInt16LittleEndian(span) : (ushort)0;

    public string Text()
    {
        var length = TextLength();
        return Take((long)length, out var span) ? Encoding.UTF8.GetString(span) : "";
    }

    public void SkipText()
    {
        var length = TextLength();
        Skip((long)length);
    }

    public void Skip(long count) => Take(count, out _);

    public void Refuse(string problem) => Problem ??= problem;

    private ulong TextLength()
    {
        var length = UInt64();
        if (length > MaxText)
        {
            Refuse($"A text claims {length} bytes; {MaxText} are allowed.");
            return 0;
        }

        return length;
    }

    private bool Take(long count, out ReadOnlySpan<byte> span)
    {
        span = default;
        if (Failed)
        {
            return false;
        }

        if (count > bytes.Length - Offset)
        {
            RanOut = true;
            return false;
        }

        span = bytes.Span.Slice((int)Offset, (int)count);
        Offset += count;
        return true;
    }
}
