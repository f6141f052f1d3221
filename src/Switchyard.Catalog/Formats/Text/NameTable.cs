using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>
/// Gives the name of a JSON property as a string that is made once, not once per occurrence: models repeat a few dozen names
/// thousands of times. A cache of fixed size for each thread; what does not fit is made anew.
/// </summary>
internal sealed class NameTable
{
    private const int Slots = 2048;
    private const int Probes = 4;
    private const int LongestName = 64;

    [ThreadStatic]
    private static NameTable? current;

    private readonly string?[] names = new string?[Slots];
    private readonly byte[]?[] keys = new byte[]?[Slots];

    public static NameTable Current => current ??= new();

    public string NameOf(JsonProperty property)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        if (raw.Contains((byte)'\\'))
        {
            return property.Name;
        }

        if (raw.Length > LongestName)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var slot = Hash(raw);
        for (var probe = 0; probe < Probes; probe++)
        {
            var at = (slot + probe) & (Slots - 1);
            var key = keys[at];
            if (key is null)
            {
                keys[at] = raw.ToArray();
                return names[at] = Encoding.UTF8.GetString(raw);
            }

            if (raw.SequenceEqual(key))
            {
                return names[at]!;
            }
        }

        // The oldest neighbour gives way, so that names of earlier files do not stay for ever.
        keys[slot] = raw.ToArray();
        return names[slot] = Encoding.UTF8.GetString(raw);
    }

    private static int Hash(ReadOnlySpan<byte> raw)
    {
        var hash = (uint)raw.Length;
        foreach (var unit in raw)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return (int)(hash ^ (hash >> 15)) & (Slots - 1);
    }
}
