using Switchyard.Catalog;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>One step of a Sync's way over a tree or a history, in order.</summary>
internal abstract record WorkItem;

internal sealed record CommitBegins(CommitRow Commit) : WorkItem;

/// <summary>A path that may be a model now.</summary>
internal sealed record PathChanged(ModelUnit Unit, bool NeedsReading = true) : WorkItem;

/// <summary>A path where a model may have been holds none any more: it was deleted, or became a link or a submodule.</summary>
internal sealed record PathGone(string Path, bool Deleted) : WorkItem;

internal sealed record CommitEnds : WorkItem
{
    public static readonly CommitEnds Instance = new();
}

/// <summary>What the head pass found at a path, so that the walk need not read the same blob again.</summary>
internal sealed record HeadReading(long? ModelId, string Key, ModelFacts? Facts, byte[]? Sha256, long Size);

/// <summary>Items whose contents are read and parsed; the contents that are new are compressed.</summary>
internal sealed record ReadBatch(IReadOnlyList<WorkItem> Items, IReadOnlyList<Content> Contents, long Files, long Bytes);

internal static class Units
{
    public static ModelUnit OfFile(ModelCandidate candidate, string path, string oid, bool adds, bool wantsDisplay) =>
        new(path, ModelKind.File, candidate.Certain, oid, [new ModelMember(path, oid, candidate.ReadBytes)]) { Adds = adds, WantsDisplay = wantsDisplay };

    public static ModelUnit OfFolder(string path, IReadOnlyList<ModelMember> members, bool adds, bool wantsDisplay) =>
        new(path, ModelKind.Folder, certain: true, FolderContent.KeyOf(members.Select(member => (member.Path[(member.Path.LastIndexOf('/') + 1)..], member.Oid))), members)
        {
            Adds = adds,
            WantsDisplay = wantsDisplay,
        };
}
