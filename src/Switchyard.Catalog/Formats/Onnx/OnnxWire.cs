namespace Switchyard.Catalog.Formats.Onnx;

/// <summary>One field of a message.</summary>
internal readonly ref struct OnnxField(int number, bool isNumber, ulong value, ReadOnlySpan<byte> bytes)
{
    public int Number { get; } = number;

    public bool IsNumber { get; } = isNumber;

    public ulong Value { get; } = value;

    /// <summary>The content of a length-delimited field; empty when it lies beyond what was read.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

/// <summary>Steps over the fields of one protobuf message (protobuf.dev, "Encoding"), by their lengths.</summary>
internal ref struct OnnxWire(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Offset { get; private set; }

    /// <summary>The last field reaches beyond the bytes.</summary>
    public bool RanOut { get; private set; }

    /// <summary>The bytes are no protobuf.</summary>
    public bool Broken { get; private set; }

    public bool Next(out OnnxField field)
    {
        field = default;
        if (RanOut || Broken || Offset >= bytes.Length || !Varint(out var tag))
        {
            return false;
        }

        var number = tag >> 3;
        if (number is 0 or > 0x1FFFFFFF)
        {
            Broken = true;
            return false;
        }

        switch (tag & 7)
        {
            case 0:
                var known = Varint(out var value);
                field = new((int)number, true, value, default);
                return known;
            case 1: return Fixed((int)number, 8, out field);
            case 5: return Fixed((int)number, 4, out field);
            case 2: return Delimited((int)number, out field);
            default:
                Broken = true;
                return false;
        }
    }

    private bool Fixed(int number, int size, out OnnxField field)
    {
        field = new(number, false, 0, default);
        RanOut = bytes.Length - Offset < size;
        Offset += RanOut ? 0 : size;
        return !RanOut;
    }

    private bool Delimited(int number, out OnnxField field)
    {
        field = default;
        if (!Varint(out var length))
        {
            return false;
        }

        RanOut = length > (ulong)(bytes.Length - Offset);
        field = new(number, false, 0, RanOut ? default : bytes.Slice(Offset, (int)length));
        Offset += RanOut ? 0 : (int)length;

        // That a field is there is known, even when its content is not.
        return true;
    }

    private bool Varint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Offset >= bytes.Length)
            {
                RanOut = true;
                return false;
            }

            var unit = bytes[Offset++];
            value |= (ulong)(unit & 0x7F) << shift;
            if (unit < 0x80)
            {
                return true;
            }
        }

        Broken = true;
        return false;
    }
}
