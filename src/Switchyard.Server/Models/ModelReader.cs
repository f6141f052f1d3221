using Switchyard.Catalog;

namespace Switchyard.Server.Models;

/// <summary>Makes files and structures of stored contents, on demand: reading is fast and pure, so no structure is stored.</summary>
internal sealed class ModelReader(ContentStore contents)
{
    /// <summary>The files of a model or Version: one, or the members of a folder; null where they are not stored.</summary>
    public async Task<ModelFile[]?> ReadFilesAsync(string path, string kind, byte[]? sha256, CancellationToken cancellation)
    {
        if (sha256 is null || await contents.ReadAsync(sha256, cancellation) is not { } bytes)
        {
            return null;
        }

        return kind == nameof(ModelKind.Folder) ? await FolderFiles.ReadAsync(contents, path, bytes, cancellation) : [new ModelFile(path, bytes, bytes.Length)];
    }

    /// <summary>The intermediate form; null where the content is not stored.</summary>
    public async Task<Model?> ReadAsync(string path, string kind, byte[]? sha256, string format, CancellationToken cancellation) =>
        await ReadFilesAsync(path, kind, sha256, cancellation) is { } files
            ? (ModelCatalog.Read(path, files, null, cancellation).Model ?? ModelCatalog.Read(path, files, format, cancellation).Model)
            : null;
}
