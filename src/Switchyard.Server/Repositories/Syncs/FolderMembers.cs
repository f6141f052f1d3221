using Switchyard.Catalog;
using Switchyard.Server.Models;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// The members of folder models (MLmodel and its siblings) after each commit. A walk from the root sees every file come; one
/// that begins later looks up what was there before, and only when a folder that is a model is touched.
/// </summary>
/// <param name="before">All members of the tree before the walk; null for a walk from the root.</param>
/// <param name="wasModel">Whether a folder was ever a model.</param>
internal sealed class FolderMembers(
    Func<CancellationToken, Task<ILookup<string, (ModelCandidate Candidate, ModelMember Member)>>>? before,
    Func<string, CancellationToken, Task<bool>>? wasModel)
{
    private readonly Dictionary<string, Folder> folders = new(StringComparer.Ordinal);
    private ILookup<string, (ModelCandidate Candidate, ModelMember Member)>? baseline;

    public void Set(ModelCandidate candidate, string path, string oid) =>
        Of(candidate.ModelPath).Members[path] = (candidate.Certain, new ModelMember(path, oid, candidate.ReadBytes));

    public void Remove(ModelCandidate candidate, string path) => Of(candidate.ModelPath).Members[path] = null;

    /// <summary>The members in order of their paths, or null where nothing in the folder makes it a model.</summary>
    public async Task<IReadOnlyList<ModelMember>?> FindAsync(string path, CancellationToken cancellation)
    {
        var folder = Of(path);
        if (!folder.IsWhole)
        {
            var certain = folder.Members.Values.Any(member => member is { Certain: true });
            if (!certain && !(folder.WasModel ??= await wasModel!(path, cancellation)))
            {
                return null;
            }

            baseline ??= await before!(cancellation);
            foreach (var (candidate, member) in baseline[path])
            {
                // What the walk has seen since is newer.
                folder.Members.TryAdd(member.Path, (candidate.Certain, member));
            }

            folder.IsWhole = true;
        }

        var present = folder.Members.Values.OfType<(bool Certain, ModelMember Member)>().ToList();
        return present.Exists(member => member.Certain) ? [.. present.Select(member => member.Member)] : null;
    }

    private Folder Of(string path)
    {
        if (!folders.TryGetValue(path, out var folder))
        {
            folders.Add(path, folder = new Folder { IsWhole = before is null });
        }

        return folder;
    }

    private sealed class Folder
    {
        public readonly SortedDictionary<string, (bool Certain, ModelMember Member)?> Members = new(StringComparer.Ordinal);

        public bool IsWhole { get; set; }

        public bool? WasModel { get; set; }
    }
}
