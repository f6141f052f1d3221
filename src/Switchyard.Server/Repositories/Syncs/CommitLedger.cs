using Switchyard.Server.Models;
using Switchyard.Server.Models.History;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>What one commit makes of the paths it touches: Versions and removals, and the exact renames among them.</summary>
internal sealed class CommitLedger(CommitRow commit)
{
    private readonly List<(NewRemoval Row, string Blob, bool Deleted)> removals = [];
    private readonly List<NewVersion> versions = [];

    public CommitRow Commit => commit;

    public IReadOnlyList<NewVersion> Versions => versions;

    public IReadOnlyList<NewRemoval> Removals => [.. removals.Select(removal => removal.Row)];

    /// <summary>The path is a model after the commit: a Version, unless it was one before with the same content.</summary>
    public void IsModel(PathState state, ModelUnit unit)
    {
        if (state.IsModel && state.Blob == unit.Key)
        {
            return;
        }

        var returns = state is { Count: > 0, IsModel: false };
        state.Count++;
        state.IsModel = true;
        state.Blob = unit.Key;
        state.Format = unit.Facts!.Format;
        versions.Add(new NewVersion(state, commit, state.Count, unit) { Returns = returns });
    }

    /// <summary>The path is no model after the commit: a removal, if it was one before.</summary>
    public void IsNoModel(PathState state, bool deleted)
    {
        if (!state.IsModel)
        {
            return;
        }

        state.IsModel = false;
        removals.Add((new NewRemoval(state, commit), state.Blob!, deleted));
    }

    /// <summary>
    /// Links paths that the commit removes and adds with one blob id; several of one blob id are paired in order of their
    /// paths (catalogue, section 4).
    /// </summary>
    public void LinkRenames()
    {
        if (removals.Count == 0 || versions.Count == 0)
        {
            return;
        }

        var added = versions.Where(version => version.Unit.Adds)
            .OrderBy(version => version.Model.Path, StringComparer.Ordinal)
            .ToLookup(version => version.Unit.Key, StringComparer.Ordinal);
        var deleted = removals.Where(removal => removal.Deleted).OrderBy(removal => removal.Row.Model.Path, StringComparer.Ordinal);
        foreach (var removed in deleted.ToLookup(removal => removal.Blob, StringComparer.Ordinal))
        {
            foreach (var (from, to) in removed.Zip(added[removed.Key]))
            {
                from.Row.MovedTo = to.Model.Path;
                to.MovedFrom = from.Row.Model.Path;
            }
        }
    }
}
