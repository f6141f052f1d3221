using System.Text.Json;

namespace Switchyard.Catalog.Formats.Gguf;

/// <summary>The values and tensor descriptions of a header.</summary>
internal sealed class GgufHeader(ReadingContext context)
{
    private const uint MaxDimensions = 8;
    private const int MaxArrayDepth = 8;

    /// <summary>Real files have a few dozen values besides the tokenizer's.</summary>
    private const int MaxFacts = 1000;

    private readonly List<EntityAttribute> tensors = [];
    private readonly SortedDictionary<string, long> types = new(StringComparer.Ordinal);

    private int kept;

    private enum Kind : uint
    {
        UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Boolean, Text, Array, UInt64, Int64, Float64,
    }

    public IReadOnlyList<EntityAttribute> Tensors => tensors;

    /// <summary>The sum of the products of the shapes; meaningless, like the shapes, in a hostile file.</summary>
    public ulong Parameters { get; private set; }

    /// <summary>How many tensors there are of each type.</summary>
    public JsonElement? TensorTypes() => types.Count == 0 ? null : JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(types));

    public void ReadPairs(ref GgufCursor cursor, ulong count, FactList facts)
    {
        for (ulong i = 0; i < count && !cursor.Failed; i++)
        {
            Pause(i);
            var name = cursor.Text();
            var kind = (Kind)cursor.UInt32();
            var value = kind == Kind.Array ? Array(ref cursor, 0) : Value(ref cursor, kind);

            // Tokens and merges are not text to be searched; only the kind of the tokenizer is told.
            if (!cursor.Failed && value is { } known && kept < MaxFacts && name.Length <= 256 && (!name.StartsWith("tokenizer.", StringComparison.Ordinal) || name == "tokenizer.ggml.model"))
            {
                facts.Add(name, known);
                kept++;
            }
        }
    }

    public void ReadTensors(ref GgufCursor cursor, ulong count)
    {
        for (ulong i = 0; i < count && !cursor.Failed; i++)
        {
            Pause(i);
            var name = cursor.Text();
            var dimensions = cursor.UInt32();
            if (dimensions > MaxDimensions)
            {
                cursor.Refuse($"The tensor '{name}' claims {dimensions} dimensions; {MaxDimensions} are allowed.");
                return;
            }

            var shape = new ulong[dimensions];
            for (var d = 0; d < shape.Length; d++)
            {
                shape[d] = cursor.UInt64();
            }

            var type = GgufTensorType.NameOf(cursor.UInt32());
            cursor.UInt64();
            if (cursor.Failed || !context.TakeAttribute())
            {
                return;
            }

            Add(name, type, shape);
        }
    }

    private void Add(string name, string type, ulong[] shape)
    {
        types[type] = types.GetValueOrDefault(type) + 1;
        Parameters = unchecked(Parameters + shape.Aggregate(1UL, static (product, size) => unchecked(product * size)));
        tensors.Add(new()
        {
            Id = name,
            IdKind = IdKind.Name,
            Path = name,
            Name = name,
            Required = true,
            Type = new(type) { Params = new FactList().Add("shape", JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(shape))).ToFields() },
        });
    }

    private void Pause(ulong step)
    {
        if ((step & 0xFFF) == 0)
        {
            context.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static JsonElement? Value(ref GgufCursor cursor, Kind kind)
    {
        object? value = kind switch
        {
            Kind.UInt8 => cursor.UInt8(),
            Kind.Int8 => (sbyte)cursor.UInt8(),
            Kind.UInt16 => cursor.UInt16(),
            Kind.Int16 => (short)cursor.UInt16(),
            Kind.UInt32 => cursor.UInt32(),
            Kind.Int32 => (int)cursor.UInt32(),
            Kind.Float32 => (double)BitConverter.UInt32BitsToSingle(cursor.UInt32()),
            Kind.Boolean => cursor.UInt8() != 0,
            Kind.Text => cursor.Text(),
            Kind.UInt64 => cursor.UInt64(),
            Kind.Int64 => (long)cursor.UInt64(),
            Kind.Float64 => BitConverter.UInt64BitsToDouble(cursor.UInt64()),
            _ => null,
        };
        if (value is null && !Enum.IsDefined(kind))
        {
            cursor.Refuse($"A value is of unknown type {(uint)kind}.");
        }

        // JSON has no words for infinity.
        return value is null || cursor.Failed || value is double and not (> double.NegativeInfinity and < double.PositiveInfinity) ? null : JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    /// <summary>Skips an array by its size; only its length is told.</summary>
    private static JsonElement? Array(ref GgufCursor cursor, int depth)
    {
        var kind = (Kind)cursor.UInt32();
        var count = cursor.UInt64();
        var size = kind switch
        {
            Kind.UInt8 or Kind.Int8 or Kind.Boolean => 1,
            Kind.UInt16 or Kind.Int16 => 2,
            Kind.UInt32 or Kind.Int32 or Kind.Float32 => 4,
            Kind.UInt64 or Kind.Int64 or Kind.Float64 => 8,
            _ => 0,
        };
        if (!Enum.IsDefined(kind) || depth > MaxArrayDepth || count > long.MaxValue / 16)
        {
            cursor.Refuse($"An array claims {count} elements of type {(uint)kind}.");
            return null;
        }

        if (size > 0)
        {
            cursor.Skip((long)count * size);
        }

        // Each text or array takes at least 8 bytes, so the bytes that are there bound the loop.
        for (ulong i = 0; size == 0 && i < count && !cursor.Failed; i++)
        {
            if (kind == Kind.Text)
            {
                cursor.SkipText();
            }
            else
            {
                Array(ref cursor, depth + 1);
            }
        }

        return cursor.Failed || depth > 0 ? null : JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes($"{count} values"));
    }
}

/// <summary>Names of tensor types (ggml.h, enum ggml_type).</summary>
internal static class GgufTensorType
{
    private static readonly string?[] Names =
    [
        "F32", "F16", "Q4_0", "Q4_1", null, null, "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K",
        "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16",
    ];

    public static string NameOf(uint type) => type < Names.Length && Names[type] is { } name ? name : $"type{type}";
}
