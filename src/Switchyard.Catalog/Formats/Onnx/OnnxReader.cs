using System.Text;

namespace Switchyard.Catalog.Formats.Onnx;

/// <summary>Reads the facts at the beginning of an ONNX file (onnx.proto, message ModelProto). The graph and its weights are passed over.</summary>
internal static class OnnxReader
{
    private const int MaxText = 64 * 1024;

    public static Model Read(ModelFile file, ReadingContext context)
    {
        var wire = new OnnxWire(file.Bytes.Span);
        var facts = new FactList();
        var opsets = new List<string>();
        string? description = null;
        string? producer = null;
        var (hasVersion, hasGraph) = (false, false);
        while (wire.Next(out var field))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            switch (field.Number)
            {
                case 1 when field.IsNumber:
                    hasVersion = true;
                    facts.Add("irVersion", (long)field.Value);
                    break;
                case 2 when Text(field) is { } text: producer = text; break;
                case 3: facts.Add("producerVersion", Text(field)); break;
                case 4: facts.Add("domain", Text(field)); break;
                case 5 when field.IsNumber: facts.Add("modelVersion", (long)field.Value); break;
                case 6: description = Text(field); break;
                case 7 when !field.IsNumber: hasGraph = true; break;
                case 8 when !field.IsNumber:
                    hasGraph = true;
                    if (Opset(field.Bytes) is { } opset)
                    {
                        opsets.Add(opset);
                    }

                    break;
                default: break;
            }
        }

        if (!hasVersion || !hasGraph)
        {
            return FailedModel.Of(file, ModelFormat.Onnx, new ModelProblem(
                ProblemCode.ParseFailed,
                file.Size == 0 ? "The file is empty." : "The file is no ONNX model: it has no version or no graph.",
                ProblemSeverity.Error));
        }

        if (wire.Broken || (wire.RanOut && file.Whole))
        {
            context.Cut(ProblemCode.Truncated, "The file ends inside the model, or is damaged.", wire.Offset);
        }

        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Onnx,
            Name = FailedModel.NameOf(file.Path),
            Status = context.Status,
            Target = producer ?? "ONNX",
            Description = description,
            Facts = facts.Add("opsets", opsets).ToFields(),
            Problems = context.Problems,
        };
    }

    private static string? Text(OnnxField field) =>
        field.IsNumber || field.Bytes.IsEmpty || field.Bytes.Length > MaxText ? null : Encoding.UTF8.GetString(field.Bytes);

    /// <summary>"domain:version"; the default domain is "".</summary>
    private static string? Opset(ReadOnlySpan<byte> bytes)
    {
        var wire = new OnnxWire(bytes);
        var (domain, version) = ("ai.onnx", 0UL);
        while (wire.Next(out var field))
        {
            domain = field.Number == 1 && Text(field) is { } text ? text : domain;
            version = field.Number == 2 && field.IsNumber ? field.Value : version;
        }

        return version == 0 ? null : $"{domain}:{version}";
    }
}
