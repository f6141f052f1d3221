
namespace Switchyard.Catalog.Formats.Gguf;

/// <summary>Reads the header of a GGUF file, versions 2 and 3 (ggml-org/ggml, docs/gguf.md): facts and tensors, never the weights.</summary>
internal static class GgufReader
{
    private const ulong MaxCount = 1_000_000;

    public static ModelReading Read(ModelFile file, ReadingContext context)
    {
        var bytes = file.Bytes.Span;
        if (!bytes.StartsWith("GGUF"u8))
        {
            var old = bytes.Length >= 4 && (bytes[..4].SequenceEqual("lmgg"u8) || bytes[..4].SequenceEqual("fmgg"u8) || bytes[..4].SequenceEqual("tjgg"u8));
            return old
                ? Failed(file, ProblemCode.Unsupported, "The file is in an old ggml form, from before GGUF.")
                : Failed(file, ProblemCode.ParseFailed, "The file does not begin with GGUF.");
        }

        var cursor = new GgufCursor(file.Bytes, 4);
        var version = cursor.UInt32();
        if (version is < 2 or > 3)
        {
            return Failed(file, ProblemCode.Unsupported, $"GGUF version {version} is not read; versions 2 and 3 are.");
        }

        var tensorCount = cursor.UInt64();
        var pairCount = cursor.UInt64();
        if (tensorCount > MaxCount || pairCount > MaxCount)
        {
            return Failed(file, ProblemCode.TooLarge, $"The file claims {tensorCount} tensors and {pairCount} values; {MaxCount} of each are allowed.");
        }

        var facts = new FactList().Add("ggufVersion", version);
        var header = new GgufHeader(context);
        header.ReadPairs(ref cursor, pairCount, facts);
        if (!cursor.Failed)
        {
            header.ReadTensors(ref cursor, tensorCount);
        }

        Report(file, cursor, context);
        var model = Describe(file, header, facts.Add("tensorCount", (long)tensorCount));
        return new()
        {
            Model = ModelTally.Counted(model, context),
            WantedBytes = cursor.RanOut && !file.Whole ? Math.Min(file.Size, Math.Max(1, file.Bytes.Length) * 4L) : null,
        };
    }

    private static void Report(ModelFile file, GgufCursor cursor, ReadingContext context)
    {
        if (cursor.RanOut)
        {
            context.Cut(
                ProblemCode.Truncated,
                file.Whole ? "The file ends inside its header." : $"The header is longer than the {file.Bytes.Length} bytes that were read.",
                cursor.Offset);
        }
        else if (cursor.Problem is { } problem)
        {
            context.Cut(ProblemCode.Malformed, problem, cursor.Offset);
        }
    }

    private static Model Describe(ModelFile file, GgufHeader header, FactList facts)
    {
        var fields = facts.Add("tensorTypes", header.TensorTypes()).Add("parameters", header.Parameters > long.MaxValue ? null : (long)header.Parameters).ToFields();
        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Gguf,
            Name = fields.Text("general.name") is { Length: > 0 } name ? name : FailedModel.NameOf(file.Path),
            Target = fields.Text("general.architecture"),
            AuthorVersion = fields.Text("general.version"),
            Description = fields.Text("general.description"),
            Containers = [ModelTally.Unnamed([new() { Id = "tensors", IdKind = IdKind.Name, Name = "tensors", Kind = EntityKind.TensorGroup, Attributes = header.Tensors }])],
            Facts = fields,
        };
    }

    private static ModelReading Failed(ModelFile file, string code, string message) =>
        ModelReading.Of(FailedModel.Of(file, ModelFormat.Gguf, new ModelProblem(code, message, ProblemSeverity.Error)));
}
