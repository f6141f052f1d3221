using System.Buffers.Binary;
using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Safetensors;

/// <summary>Reads the header of a safetensors file: a length of 8 bytes, then JSON (huggingface/safetensors, README "Format").</summary>
internal static class SafetensorsReader
{
    /// <summary>The cap of the reference implementation.</summary>
    private const ulong MaxHeader = 100_000_000;

    public static ModelReading Read(ModelFile file, ReadingContext context)
    {
        var bytes = file.Bytes.Span;
        if (bytes.Length < 9 || file.Size < 9)
        {
            return Failed(file, ProblemCode.Truncated, "The file is too short for a safetensors header.");
        }

        var header = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (bytes[8] != '{')
        {
            return Failed(file, ProblemCode.ParseFailed, "The file does not begin like safetensors: byte 8 is no '{'.");
        }

        if (header > MaxHeader)
        {
            return Failed(file, ProblemCode.HeaderTooLarge, $"The header claims {header} bytes; {MaxHeader} are allowed.");
        }

        var end = 8 + (long)header;
        if (end > file.Size)
        {
            return Failed(file, ProblemCode.Truncated, $"The file has {file.Size} bytes, its header alone claims {end}.");
        }

        if (end > bytes.Length)
        {
            var cut = FailedModel.Of(file, ModelFormat.Safetensors, new ModelProblem(
                ProblemCode.Truncated, $"The header has {end} bytes, {bytes.Length} were read.", ProblemSeverity.Error));
            return new() { Model = cut with { Status = ModelStatus.Partial }, WantedBytes = end };
        }

        var outcome = JsonText.Parse(file.Bytes[8..(int)end]);
        return !outcome.Ok || outcome.Root.ValueKind != JsonValueKind.Object
            ? ModelReading.Of(FailedModel.Of(file, ModelFormat.Safetensors, outcome.Problem ?? new(ProblemCode.ParseFailed, "The header is no object.", ProblemSeverity.Error)))
            : ModelReading.Of(Describe(outcome.Root, file, file.Size - end, context));
    }

    /// <summary>Reads <c>*.safetensors.index.json</c>: which shard holds which tensor.</summary>
    public static Model ReadIndex(JsonElement root, ModelFile file)
    {
        var folder = RepositoryPath.FolderOf(file.Path);
        var tensors = root.Members("weight_map").ToList();
        var shards = tensors.Select(tensor => tensor.Value.AsText()).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Safetensors,
            Name = RepositoryPath.NameOf(file.Path)[..^".safetensors.index.json".Length],
            Target = "safetensors",
            Facts = new FactList()
                .Add("metadata", root.Get("metadata"))
                .Add("tensorCount", tensors.Count)
                .Add("shards", shards)
                .ToFields(),
            Links = [.. shards.Select(shard => new Link(LinkKind.Source, RepositoryPath.Resolve(folder, shard) ?? Link.OutsideTheRepository, false))],
        };
    }

    private static ModelReading Failed(ModelFile file, string code, string message) =>
        ModelReading.Of(FailedModel.Of(file, ModelFormat.Safetensors, new ModelProblem(code, message, ProblemSeverity.Error)));

    private static Model Describe(JsonElement header, ModelFile file, long dataBytes, ReadingContext context)
    {
        var tensors = new List<EntityAttribute>();
        var spans = new List<(long From, long To)>();
        var types = new SortedDictionary<string, long>(StringComparer.Ordinal);
        UInt128 parameters = 0;
        foreach (var property in header.EnumerateObject().Where(property => property.Name != "__metadata__"))
        {
            if (!context.TakeAttribute())
            {
                break;
            }

            var type = property.Value.Text("dtype") ?? "";
            parameters += Product(property.Value.Items("shape"));
            types[type] = types.GetValueOrDefault(type) + 1;
            AddSpan(property, spans, context);
            tensors.Add(new()
            {
                Id = property.Name,
                IdKind = IdKind.Name,
                Path = property.Name,
                Name = property.Name,
                Required = true,
                Type = new(type) { Params = new FactList().Add("shape", property.Value.Get("shape")).ToFields() },
            });
        }

        CheckSpans(spans, dataBytes, context);
        var model = new Model
        {
            Path = file.Path,
            Format = ModelFormat.Safetensors,
            Name = FailedModel.NameOf(file.Path),
            Target = "safetensors",
            Containers = [ModelTally.Unnamed([new() { Id = "tensors", IdKind = IdKind.Name, Name = "tensors", Kind = EntityKind.TensorGroup, Attributes = tensors }])],
            Facts = new FactList()
                .Add("metadata", header.Get("__metadata__"))
                .Add("tensorCount", tensors.Count)
                .Add("parameters", parameters > long.MaxValue ? null : (long)parameters)
                .Add("dtypes", JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(types)))
                .ToFields(),
        };
        return ModelTally.Counted(model, context);
    }

    /// <summary>The product of the dimensions; 0 for anything but sizes, and no more than fits.</summary>
    private static UInt128 Product(IEnumerable<JsonElement> shape)
    {
        UInt128 product = 1;
        foreach (var dimension in shape)
        {
            product = dimension.ValueKind == JsonValueKind.Number && dimension.TryGetUInt32(out var size) && product < ulong.MaxValue ? product * size : 0;
        }

        return product;
    }

    private static void AddSpan(JsonProperty tensor, List<(long From, long To)> spans, ReadingContext context)
    {
        var offsets = tensor.Value.Items("data_offsets").Take(3).ToList();
        if (offsets is [{ ValueKind: JsonValueKind.Number } first, { ValueKind: JsonValueKind.Number } last]
            && first.TryGetInt64(out var from) && last.TryGetInt64(out var to) && from >= 0 && to >= from)
        {
            spans.Add((from, to));
        }
        else
        {
            context.Warn(ProblemCode.Malformed, $"The tensor '{tensor.Name}' has no sound data_offsets.");
        }
    }

    /// <summary>Tensors lie end to end, without gap or overlap, and fill the file.</summary>
    private static void CheckSpans(List<(long From, long To)> spans, long dataBytes, ReadingContext context)
    {
        spans.Sort();
        long at = 0;
        foreach (var (from, to) in spans)
        {
            if (from != at)
            {
                context.Warn(ProblemCode.Malformed, $"The tensors {(from < at ? "overlap" : "leave a gap")} at byte {Math.Min(from, at)} of the data.");
                return;
            }

            at = to;
        }

        if (at > dataBytes)
        {
            context.Cut(ProblemCode.Truncated, $"The tensors need {at} bytes, the file holds {dataBytes}.");
        }
    }
}
