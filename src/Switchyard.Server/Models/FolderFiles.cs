using Switchyard.Catalog;

namespace Switchyard.Server.Models;

/// <summary>The members of a stored folder model as files.</summary>
internal static class FolderFiles
{
    /// <param name="contents">Where the members are stored.</param>
    /// <param name="path">The folder.</param>
    /// <param name="list">The content of the folder model (see <see cref="FolderContent"/>).</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<ModelFile[]> ReadAsync(ContentStore contents, string path, ReadOnlyMemory<byte> list, CancellationToken cancellation)
    {
        var files = new List<ModelFile>();
        foreach (var (name, sha256) in FolderContent.Parse(list.Span))
        {
            var bytes = sha256 is null ? null : await contents.ReadAsync(sha256, cancellation);
            // A member that was too large is there with nothing of it read.
            files.Add(new ModelFile(path.Length == 0 ? name : path + "/" + name, bytes ?? [], bytes?.Length ?? long.MaxValue));
        }

        return [.. files];
    }
}
