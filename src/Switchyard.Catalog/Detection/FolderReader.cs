using Switchyard.Catalog.Formats;
using Switchyard.Catalog.Formats.Mlflow;

namespace Switchyard.Catalog.Detection;

/// <summary>Folder models: the folder is one because of one file in it, and that alone decides.</summary>
internal static class FolderReader
{
    public static bool Owns(string modelPath, IReadOnlyList<ModelFile> files)
    {
        var decisive = RepositoryPath.Join(modelPath, NameRules.MlflowFile);
        return files.Any(file => file.Path == decisive);
    }

    public static ModelReading Read(string modelPath, IReadOnlyList<ModelFile> files, CancellationToken ct)
    {
        var context = new ReadingContext(ct);
        var model = MlflowReader.Read(modelPath, files, context);
        return model is null ? ModelReading.NotAModel : ModelReading.Of(model);
    }
}
