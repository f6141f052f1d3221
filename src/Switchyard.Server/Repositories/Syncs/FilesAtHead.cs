using Switchyard.GitHub.Git;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>Single files of the head, which a Sync reads before the models: the ignore file, and those of <see cref="IHeadObserver"/>.</summary>
internal sealed class FilesAtHead
{
    private readonly Dictionary<string, TreeEntry> entries = new(StringComparer.Ordinal);
    private readonly GitBlobReader blobs;
    private readonly Func<string, Task> bring;

    private FilesAtHead(Func<string, Task> bring, GitBlobReader blobs) => (this.bring, this.blobs) = (bring, blobs);

    /// <summary>Git lists in order of bytes, so the look ends after the last of the paths, however large the tree is behind it.</summary>
    public static async Task<FilesAtHead> FindAsync(
        GitMirror mirror, string head, IEnumerable<string> paths, Func<string, Task> bring, GitBlobReader blobs, CancellationToken cancellation)
    {
        var wanted = paths.ToHashSet(StringComparer.Ordinal);
        var last = wanted.Max(StringComparer.Ordinal);
        var found = new FilesAtHead(bring, blobs);
        await foreach (var entry in mirror.ListTreeAsync(head, cancellation))
        {
            if (wanted.Contains(entry.Path))
            {
                found.entries[entry.Path] = entry;
            }

            if (string.CompareOrdinal(entry.Path, last) >= 0)
            {
                break;
            }
        }

        return found;
    }

    public TreeEntry? Find(string path) => entries.GetValueOrDefault(path);

    /// <summary>The beginning of a file; null where its blob is not to be had.</summary>
    public async Task<GitBlob?> ReadAsync(TreeEntry entry, long maxBytes, CancellationToken cancellation)
    {
        await bring(entry.Oid);
        return await blobs.ReadAsync(entry.Oid, maxBytes, cancellation);
    }

    /// <summary>Those of the paths that are there.</summary>
    public async Task<List<HeadFile>> ReadAllAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        var files = new List<HeadFile>();
        foreach (var entry in paths.Select(Find).OfType<TreeEntry>())
        {
            var blob = FileMode.IsFile(entry.Mode) ? await ReadAsync(entry, HeadFile.WantedBytes, cancellation) : null;
            files.Add(new HeadFile(entry.Path, blob?.Size ?? 0, blob?.Bytes));
        }

        return files;
    }
}
