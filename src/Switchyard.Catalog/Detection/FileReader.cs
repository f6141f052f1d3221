using System.Text.Json;
using Switchyard.Catalog.Formats;
using Switchyard.Catalog.Formats.Avro;
using Switchyard.Catalog.Formats.Dbt;
using Switchyard.Catalog.Formats.Dvc;
using Switchyard.Catalog.Formats.Gguf;
using Switchyard.Catalog.Formats.Hackolade;
using Switchyard.Catalog.Formats.JsonSchema;
using Switchyard.Catalog.Formats.Lfs;
using Switchyard.Catalog.Formats.Onnx;
using Switchyard.Catalog.Formats.OpenApi;
using Switchyard.Catalog.Formats.Protobuf;
using Switchyard.Catalog.Formats.Safetensors;
using Switchyard.Catalog.Formats.Sql;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Detection;

/// <summary>Confirms a file by its content and reads it as the first format that fits, in the order of the catalogue's table.</summary>
internal sealed class FileReader(ModelFile file, string? previousFormat, CancellationToken ct)
{
    private readonly ReadingContext context = new(ct);

    public ModelReading Read()
    {
        if (NameRules.HintOf(file.Path) is not { } hint || hint.Content == ContentKind.FolderMember)
        {
            return ModelReading.NotAModel;
        }

        if (LfsPointer.Read(file) is { } pointer)
        {
            return (hint.Format ?? previousFormat) is { } format ? Finish(pointer.ToModel(file, format)) : ModelReading.NotAModel;
        }

        if (file.Bytes.IsEmpty && file.Size > 0)
        {
            return Unreadable(hint, JsonText.TooLarge(file.Size));
        }

        var reading = hint.Content switch
        {
            ContentKind.Json => ReadJson(hint),
            ContentKind.Yaml => ReadYaml(hint),
            ContentKind.Onnx => ModelReading.Of(OnnxReader.Read(file, context)),
            ContentKind.Safetensors => SafetensorsReader.Read(file, context),
            ContentKind.Gguf => GgufReader.Read(file, context),
            ContentKind.Protobuf => ModelReadingOf(ProtobufReader.Read(file, context)),
            ContentKind.Sql => ModelReadingOf(SqlReader.Read(file, context)),
            ContentKind.DvcConfig => ModelReadingOf(DvcReader.ReadConfig(file)),
            _ => ModelReading.NotAModel,
        };
        return reading.Model is { } model ? reading with { Model = Finished(model) } : reading;
    }

    private static ModelReading ModelReadingOf(Model? model) => model is null ? ModelReading.NotAModel : ModelReading.Of(model);

    private ModelReading Finish(Model model) => ModelReading.Of(Finished(model));

    private Model Finished(Model model) => model with { Digest = FailedModel.DigestOf(file) };

    /// <summary>What is a model by its name, or was one before, stays one with its problem; anything else is not a model.</summary>
    private ModelReading Unreadable(NameHint hint, ModelProblem problem)
    {
        var format = hint.Certain ? hint.Format : previousFormat;
        return format is null ? ModelReading.NotAModel : Finish(FailedModel.Of(file, format, problem));
    }

    private bool TryWhole(out ModelProblem? problem)
    {
        problem = file.Size > Bounds.TextBytes ? JsonText.TooLarge(file.Size)
            : !file.Whole ? new(ProblemCode.Truncated, $"Only {file.Bytes.Length} of {file.Size} bytes were read.", ProblemSeverity.Error)
            : null;
        return problem is null;
    }

    private ModelReading ReadJson(NameHint hint)
    {
        if (!TryWhole(out var problem))
        {
            return Unreadable(hint, problem!);
        }

        if (hint.Certain)
        {
            var outcome = JsonText.Parse(file.Bytes);
            return outcome.Ok ? ReadCertain(hint, outcome.Root) : Unreadable(hint, AvroReader.ExplainTemplate(hint, file, outcome.Problem!));
        }

        var sniff = JsonSniff.Of(file.Bytes);
        if (!sniff.Parses)
        {
            return previousFormat is null || JsonText.Parse(file.Bytes) is { Ok: true }
                ? ModelReading.NotAModel
                : Unreadable(hint, JsonText.Parse(file.Bytes).Problem!);
        }

        if (FormatOf(sniff, hint) is not { } format)
        {
            return ModelReading.NotAModel;
        }

        var read = JsonText.Parse(file.Bytes);
        return read.Ok ? ModelReadingOf(ReadAs(format, read.Root)) : Unreadable(hint, read.Problem!);
    }

    private ModelReading ReadCertain(NameHint hint, JsonElement root)
    {
        if (hint.Format == ModelFormat.Avro)
        {
            return ModelReading.Of(AvroReader.Read(root, file, context));
        }

        return HackoladeReader.Holds(root)
            ? ModelReading.Of(HackoladeReader.Read(root, file, context))
            : ModelReading.Of(FailedModel.Of(file, ModelFormat.Hackolade, new ModelProblem(
                ProblemCode.NotHackolade, "The file is named like a Hackolade model but holds another kind of JSON.", ProblemSeverity.Error)));
    }

    private string? FormatOf(JsonSniff sniff, NameHint hint)
    {
        var name = RepositoryPath.NameOf(file.Path);
        return sniff.IsHackolade ? ModelFormat.Hackolade
            : hint.Format == ModelFormat.Safetensors && sniff.HasWeightMap ? ModelFormat.Safetensors
            : hint.Format == ModelFormat.JsonSchema && !sniff.IsOpenApi
                && (sniff.NamesJsonSchema || (sniff.LooksLikeSchema && name.EndsWith(".schema.json", StringComparison.OrdinalIgnoreCase))) ? ModelFormat.JsonSchema
            : hint.Format == ModelFormat.Avro && sniff.IsAvroProtocol ? ModelFormat.Avro
            : sniff.IsOpenApi ? ModelFormat.OpenApi
            : sniff.IsDbtManifest && name == "manifest.json" ? ModelFormat.Dbt
            : null;
    }

    private Model? ReadAs(string format, JsonElement root) => format switch
    {
        ModelFormat.Hackolade => HackoladeReader.Read(root, file, context),
        ModelFormat.Safetensors => SafetensorsReader.ReadIndex(root, file),
        ModelFormat.JsonSchema => JsonSchemaReader.Read(root, file, context),
        ModelFormat.Avro => AvroReader.Read(root, file, context),
        ModelFormat.OpenApi => OpenApiReader.Read(root, file, context),
        ModelFormat.Dbt => DbtReader.ReadManifest(root, file, context),
        _ => null,
    };

    private ModelReading ReadYaml(NameHint hint)
    {
        if (!TryWhole(out var problem))
        {
            return Unreadable(hint, problem!);
        }

        if (hint.Format is null && previousFormat is null && !YamlSniff.MayBeModel(file.Bytes.Span))
        {
            return ModelReading.NotAModel;
        }

        var outcome = YamlText.Parse(file.Bytes, context);
        if (!outcome.Ok)
        {
            return Unreadable(hint, outcome.Problem!);
        }

        if (hint.Format == ModelFormat.Dvc)
        {
            var model = DvcReader.Read(outcome.Root, file, context);
            return model is null && hint.Certain
                ? Unreadable(hint, new(ProblemCode.ParseFailed, "The file lists neither outputs nor dependencies.", ProblemSeverity.Error))
                : ModelReadingOf(model);
        }

        return OpenApiReader.Holds(outcome.Root)
            ? ModelReading.Of(OpenApiReader.Read(outcome.Root, file, context))
            : ModelReadingOf(DbtReader.Read(outcome.Root, file, context));
    }
}
