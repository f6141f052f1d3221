using System.Text;

namespace Switchyard.Tests.Catalog;

/// <summary>Writes small GGUF headers, version 3.</summary>
internal sealed class GgufBuilder
{
    private readonly List<byte> pairs = [];
    private readonly List<byte> tensors = [];
    private long pairCount;
    private long tensorCount;

    public GgufBuilder Text(string name, string value) => Pair(name, 8, Encode(value));

    public GgufBuilder UInt32(string name, uint value) => Pair(name, 4, BitConverter.GetBytes(value));

    public GgufBuilder Texts(string name, params string[] values) =>
        Pair(name, 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes((ulong)values.Length), .. values.SelectMany(Encode)]);

    public GgufBuilder Tensor(string name, uint type, params ulong[] shape)
    {
        tensors.AddRange([.. Encode(name), .. BitConverter.GetBytes(shape.Length), .. shape.SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(0UL)]);
        tensorCount++;
        return this;
    }

    public byte[] ToArray() =>
        [.. "GGUF"u8, .. BitConverter.GetBytes(3u), .. BitConverter.GetBytes(tensorCount), .. BitConverter.GetBytes(pairCount), .. pairs, .. tensors];

    private static byte[] Encode(string text) => [.. BitConverter.GetBytes((ulong)text.Length), .. Encoding.UTF8.GetBytes(text)];

    private GgufBuilder Pair(string name, uint type, byte[] value)
    {
        pairs.AddRange([.. Encode(name), .. BitConverter.GetBytes(type), .. value]);
        pairCount++;
        return this;
    }
}
