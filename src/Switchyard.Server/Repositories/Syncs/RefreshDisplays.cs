using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>Shows models as of their last Version where something else is shown: removed ones, and those a force push set back.</summary>
internal sealed class RefreshDisplays(Database database, ContentStore contents, TimeProvider time)
{
    private const int WrittenAtOnce = 200;

    public async Task RunAsync(long repositoryId, GitBlobReader blobs, CancellationToken cancellation)
    {
        var stale = await database.ReadAsync(session => HistoryRepair.FindStaleDisplaysAsync(session, repositoryId), cancellation);
        foreach (var chunk in stale.Chunk(WrittenAtOnce))
        {
            var rows = new List<NewModel>(chunk.Length);
            foreach (var model in chunk)
            {
                if (await ReadAsync(model, blobs, cancellation) is { } unit)
                {
                    rows.Add(NewModel.Of(repositoryId, unit, model.State));
                }
            }

            await database.WriteAsync(session => HistoryStore.ShowAsync(session, rows), cancellation);
        }
    }

    /// <summary>Shows models that cannot be read as of the last Version that can be.</summary>
    public async Task ShowReadableAsync(long repositoryId, bool all, GitBlobReader blobs, CancellationToken cancellation)
    {
        foreach (var model in await database.ReadAsync(session => LastReadable.FindAsync(session, repositoryId, all), cancellation))
        {
            if (await ReadAsync(model.Shown, blobs, cancellation) is { Facts.Display: { } display })
            {
                await database.WriteAsync(session => LastReadable.ShowAsync(session, model, display), cancellation);
            }
        }
    }

    private async Task<ModelUnit?> ReadAsync(StaleDisplay model, GitBlobReader blobs, CancellationToken cancellation)
    {
        var kind = Enum.Parse<ModelKind>(model.Kind);
        var files = kind == ModelKind.Folder ? await ReadFolderAsync(model, cancellation) : await ReadFileAsync(model, blobs, cancellation);
        if (files is null)
        {
            return null;
        }

        // Not "certain": the format it had decides whether it is still a model, as it did in the walk.
        var unit = new ModelUnit(model.Path, kind, certain: false, model.Blob, [.. files.Select(file => new ModelMember(file.Path, model.Blob, file.Size))]) { WantsDisplay = true };
        unit.Read(files, time, cancellation);
        if (unit.Facts is null)
        {
            unit.ReadAgain(model.Format, time, cancellation);
        }

        unit.TakeFrom(unit.Facts, model.ContentSha256, unit.Size);
        return unit.Facts is null ? null : unit;
    }

    private async Task<ModelFile[]?> ReadFileAsync(StaleDisplay model, GitBlobReader blobs, CancellationToken cancellation)
    {
        if (model.ContentSha256 is { } sha256 && await contents.ReadAsync(sha256, cancellation) is { } bytes)
        {
            return [new ModelFile(model.Path, bytes, bytes.Length)];
        }

        var wanted = ModelCatalog.Recognize(model.Path)?.ReadBytes ?? long.MaxValue;
        return await blobs.ReadAsync(model.Blob, wanted, cancellation) is { } blob ? [new ModelFile(model.Path, blob.Bytes, blob.Size)] : null;
    }

    private async Task<ModelFile[]?> ReadFolderAsync(StaleDisplay model, CancellationToken cancellation)
    {
        if (model.ContentSha256 is not { } sha256 || await contents.ReadAsync(sha256, cancellation) is not { } list)
        {
            return null;
        }

        return await FolderFiles.ReadAsync(contents, model.Path, list, cancellation);
    }
}
