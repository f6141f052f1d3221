using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Switchyard.Catalog.Formats.Hackolade;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Serialization;

/// <summary>
/// Writes JSON that depends on content alone: keys in ordinal order of their UTF-8, one way to write a number or a text, no white
/// space. It can take back what it has written, which is how objects that turn out empty are left out.
/// </summary>
/// <param name="withoutNoise">Leaves out the noise of Hackolade files and everything that equals its absence, at any depth.</param>
internal sealed class CanonicalWriter(bool withoutNoise)
{
    private readonly List<(JsonProperty Property, int Index)> members = [];
    private byte[] buffer = new byte[16 * 1024];
    private int length;
    private bool first = true;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void StartObject()
    {
        Byte((byte)'{');
        first = true;
    }

    public void EndObject()
    {
        Byte((byte)'}');
        first = false;
    }

    public void StartArray()
    {
        Byte((byte)'[');
        first = true;
    }

    public void EndArray()
    {
        Byte((byte)']');
        first = false;
    }

    /// <summary>Begins an element of an array.</summary>
    public void Item()
    {
        if (!first)
        {
            Byte((byte)',');
        }

        first = false;
    }

    /// <summary>Begins a member of an object; the name is one of ours or is escaped here.</summary>
    public void Name(string name)
    {
        Item();
        Text(name);
        Byte((byte)':');
    }

    public void Text(string text)
    {
        Byte((byte)'"');
        var bytes = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = Encoding.UTF8.GetBytes(text, bytes);
        if (bytes[..written].IndexOfAnyInRange((byte)0, (byte)0x1F) < 0 && bytes[..written].IndexOfAny((byte)'"', (byte)'\\') < 0)
        {
            length += written;
        }
        else
        {
            Escaped(bytes[..written].ToArray());
        }

        Byte((byte)'"');
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        length += bytes.Length;
    }

    public void Number(long number)
    {
        number.TryFormat(Reserve(24), out var written, default, CultureInfo.InvariantCulture);
        length += written;
    }

    public void Number(double number)
    {
        number.TryFormat(Reserve(40), out var written, "R", CultureInfo.InvariantCulture);
        length += written;
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes a member; nothing when noise or emptiness is left out and there is nothing else.</summary>
    /// <returns>Whether it was written.</returns>
    public bool Member(string name, JsonElement value)
    {
        if (withoutNoise && (HackoladeNoise.Keys.Contains(name) || IsDefault(name, value)))
        {
            return false;
        }

        var (start, wasFirst) = (length, first);
        Name(name);
        if (Value(value))
        {
            return true;
        }

        (length, first) = (start, wasFirst);
        return false;
    }

    /// <summary>Writes a value.</summary>
    /// <returns>False when it holds nothing that counts; what was written is then to be taken back by the caller.</returns>
    public bool Value(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return Object(value);
            case JsonValueKind.Array:
                StartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Item();
                    Value(item);
                }

                EndArray();
                return !withoutNoise || value.GetArrayLength() > 0;
            case JsonValueKind.String:
                StringValue(value);
                return true;
            case JsonValueKind.Number:
                NumberValue(JsonMarshal.GetRawUtf8Value(value));
                return true;
            case JsonValueKind.Undefined:
                Raw("null"u8);
                return true;
            default:
                Raw(JsonMarshal.GetRawUtf8Value(value));
                return true;
        }
    }

    public bool TakeBack(int start, bool wasFirst)
    {
        (length, first) = (start, wasFirst);
        return false;
    }

    public (int Start, bool First) Place() => (length, first);

    private static bool IsDefault(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => !HackoladeNoise.FalseCounts.Contains(name),
        JsonValueKind.True => name == "isActivated",
        _ => value.IsHollow(),
    };

    private bool Object(JsonElement value)
    {
        var mark = members.Count;
        foreach (var property in value.EnumerateObject())
        {
            members.Add((property, members.Count));
        }

        CollectionsMarshal.AsSpan(members)[mark..].Sort(static (a, b) =>
            Compare(a.Property, b.Property) is var order and not 0 ? order : a.Index.CompareTo(b.Index));
        var count = members.Count;
        var any = false;
        StartObject();
        for (var i = mark; i < count; i++)
        {
            // Of equal names the last one counts, as in every reader of JSON.
            var property = members[i].Property;
            if (i + 1 == count || Compare(property, members[i + 1].Property) != 0)
            {
                any |= Member(property.Name, property.Value);
            }
        }

        members.RemoveRange(mark, count - mark);
        EndObject();
        return any || !withoutNoise;
    }

    private static int Compare(JsonProperty a, JsonProperty b)
    {
        var left = JsonMarshal.GetRawUtf8PropertyName(a);
        var right = JsonMarshal.GetRawUtf8PropertyName(b);
        return left.Contains((byte)'\\') || right.Contains((byte)'\\')
            ? Encoding.UTF8.GetBytes(a.Name).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Name))
            : left.SequenceCompareTo(right);
    }

    private void StringValue(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Contains((byte)'\\'))
        {
            Text(value.GetString()!);
        }
        else
        {
            Raw(raw);
        }
    }

    /// <summary>1.0, 1 and 1e0 are one number.</summary>
    private void NumberValue(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
        {
            Raw(raw.SequenceEqual("-0"u8) ? "0"u8 : raw);
        }
        else if (double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            if (Math.Abs(number) < 1e15 && Math.Floor(number) == number)
            {
                Number((long)number);
            }
            else
            {
                Number(number);
            }
        }
        else
        {
            Raw(raw);
        }
    }

    private void Escaped(ReadOnlySpan<byte> text)
    {
        foreach (var unit in text)
        {
            switch (unit)
            {
                case (byte)'"': Raw("\\\""u8); break;
                case (byte)'\\': Raw("\\\\"u8); break;
                case (byte)'\n': Raw("\\n"u8); break;
                case (byte)'\r': Raw("\\r"u8); break;
                case (byte)'\t': Raw("\\t"u8); break;
                case < 0x20:
                    Raw("\\u00"u8);
                    Byte("0123456789abcdef"u8[unit >> 4]);
                    Byte("0123456789abcdef"u8[unit & 15]);
                    break;
                default: Byte(unit); break;
            }
        }
    }

    private void Byte(byte value)
    {
        Reserve(1)[0] = value;
        length++;
    }

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - length < count)
        {
            Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, Math.Max((long)buffer.Length * 2, (long)length + count)));
        }

        return buffer.AsSpan(length);
    }
}
