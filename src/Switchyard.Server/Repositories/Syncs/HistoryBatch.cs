using Switchyard.Server.Models.History;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>What whole commits have made since the last write, and goes into the next one together with the cursor behind it.</summary>
internal sealed class HistoryBatch
{
    private const int MaxCommits = 200;
    private const int MaxRows = 500;
    private const int MaxStepsBetweenWrites = 5_000;

    public List<CommitRow> Commits { get; } = [];

    public List<NewVersion> Versions { get; } = [];

    public List<NewRemoval> Removals { get; } = [];

    /// <summary>The last commit that was gone through, whether it made anything or not.</summary>
    public CommitRow? Last { get; private set; }

    public long Added { get; private set; }

    public long Changed { get; private set; }

    private long steps;

    public bool IsDue => Commits.Count >= MaxCommits || Versions.Count + Removals.Count >= MaxRows || steps >= MaxStepsBetweenWrites;

    public void Add(CommitRow commit, IReadOnlyCollection<NewVersion> versions, IReadOnlyCollection<NewRemoval> removals)
    {
        Last = commit;
        steps++;
        if (versions.Count + removals.Count == 0)
        {
            return;
        }

        Commits.Add(commit);
        Versions.AddRange(versions);
        Removals.AddRange(removals);
        Added += versions.Count(version => version.Number == 1);
        Changed += versions.Count(version => version.Number > 1);
    }
}
