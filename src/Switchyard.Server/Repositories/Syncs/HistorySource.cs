using System.Runtime.CompilerServices;
using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>Turns the first-parent chain into items: which paths each commit makes, changes or takes away.</summary>
/// <param name="known">What the head pass has read, by path.</param>
internal sealed class HistorySource(
    GitMirror mirror, long repositoryId, Candidates candidates, FolderMembers folders, IReadOnlyDictionary<string, HeadReading> known)
{
    public async IAsyncEnumerable<WorkItem> WalkAsync(string? after, long position, string head, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var step in mirror.WalkFirstParentAsync(after, head, cancellation))
        {
            yield return new CommitBegins(new CommitRow(
                repositoryId,
                step.Sha,
                ++position,
                step.AuthorName,
                step.AuthorEmail,
                step.AuthoredAt.ToUnixTimeMilliseconds(),
                step.CommittedAt.ToUnixTimeMilliseconds(),
                step.Subject));
            foreach (var item in await ReadAsync(step, cancellation))
            {
                yield return item;
            }

            yield return CommitEnds.Instance;
        }
    }

    private async ValueTask<IEnumerable<WorkItem>> ReadAsync(CommitStep step, CancellationToken cancellation)
    {
        // A path may be a file before the commit and a folder after it, or the other way round: what is there now decides.
        var items = new Dictionary<string, WorkItem>(StringComparer.Ordinal);
        Dictionary<string, char>? touched = null;
        foreach (var change in step.Changes)
        {
            if (candidates.Find(change.Path) is not { } candidate)
            {
                continue;
            }

            var isFile = change.Status != 'D' && FileMode.IsFile(change.NewMode);
            if (candidate.Kind == ModelKind.Folder)
            {
                touched ??= new(StringComparer.Ordinal);
                if (candidate.Certain || !touched.ContainsKey(candidate.ModelPath))
                {
                    touched[candidate.ModelPath] = candidate.Certain ? change.Status : 'M';
                }

                if (isFile)
                {
                    folders.Set(candidate, change.Path, change.NewOid);
                }
                else
                {
                    folders.Remove(candidate, change.Path);
                }
            }
            else if (!isFile)
            {
                items.TryAdd(change.Path, new PathGone(change.Path, change.Status == 'D'));
            }
            else if (change.OldOid != change.NewOid || !FileMode.IsFile(change.OldMode))
            {
                var unit = Units.OfFile(candidate, change.Path, change.NewOid, change.Status == 'A', !IsShown(change.Path));
                items[change.Path] = Look(unit);
            }
        }

        foreach (var (path, status) in touched ?? [])
        {
            if (await folders.FindAsync(path, cancellation) is { } members)
            {
                items[path] = Look(Units.OfFolder(path, members, status == 'A', !IsShown(path)));
            }
            else
            {
                items.TryAdd(path, new PathGone(path, status == 'D'));
            }
        }

        return items.Values;
    }

    /// <summary>The head pass has stored the model with what is shown of it.</summary>
    private bool IsShown(string path) => known.TryGetValue(path, out var head) && head.ModelId is not null;

    private PathChanged Look(ModelUnit unit)
    {
        if (!known.TryGetValue(unit.Path, out var head) || head.Key != unit.Key || head.Facts is null)
        {
            return new PathChanged(unit);
        }

        unit.TakeFrom(head.Facts, head.Sha256, head.Size);
        return new PathChanged(unit, NeedsReading: false);
    }
}
