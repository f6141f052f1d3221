using Switchyard.Catalog.Detection;
using Switchyard.Catalog.Formats;

namespace Switchyard.Catalog;

/// <summary>Finds and reads models: bytes in, one <see cref="Model"/> and its problems out. No network, no clock, no code of a model is run.</summary>
public static class ModelCatalog
{
    /// <summary>Changes when the same bytes would be read into another <see cref="Model"/>; models are then read again.</summary>
    public static string ParserVersion => "1";

    /// <summary>What a path promises by its name; null when no model is ever called so. For members of a folder model the folder is the model.</summary>
    public static ModelCandidate? Recognize(string path) => NameRules.Recognize(path);

    /// <summary>Reads a candidate. Total: whatever the bytes are, the outcome is a model, with problems if need be, or "not a model".</summary>
    /// <param name="modelPath"><see cref="ModelCandidate.ModelPath"/>.</param>
    /// <param name="files">The file, or of a folder model all recognized members present in the folder.</param>
    /// <param name="previousFormat">
    /// The format of the model that was at this path before, if any: a file that was a model by its content and no longer parses
    /// stays one, with a problem (catalogue, section 4).
    /// </param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static ModelReading Read(string modelPath, IReadOnlyList<ModelFile> files, string? previousFormat, CancellationToken ct)
    {
        try
        {
            return ReadStrictly(modelPath, files, previousFormat, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A defect of a reader must not stop the Sync of a whole repository; it is shown on the one model it concerns.
            return Defect(modelPath, files, previousFormat, error);
        }
    }

    /// <summary>As <see cref="Read"/>, but a defect of a reader is thrown: what tests call.</summary>
    internal static ModelReading ReadStrictly(string modelPath, IReadOnlyList<ModelFile> files, string? previousFormat, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (FolderReader.Owns(modelPath, files))
        {
            return FolderReader.Read(modelPath, files, ct);
        }

        var file = files.FirstOrDefault(each => each.Path == modelPath);
        return file is null ? ModelReading.NotAModel : new FileReader(file, previousFormat, ct).Read();
    }

    private static ModelReading Defect(string modelPath, IReadOnlyList<ModelFile> files, string? previousFormat, Exception error)
    {
        var hint = NameRules.HintOf(modelPath);
        var format = previousFormat ?? (hint is { Certain: true } ? hint.Value.Format : FolderReader.Owns(modelPath, files) ? ModelFormat.Mlflow : null);
        return format is null
            ? ModelReading.NotAModel
            : ModelReading.Of(FailedModel.Of(
                new ModelFile(modelPath, default, 0),
                format,
                new ModelProblem(ProblemCode.ParseFailed, $"The reader failed on this file ({error.GetType().Name}). Please report it.", ProblemSeverity.Error)));
    }
}
