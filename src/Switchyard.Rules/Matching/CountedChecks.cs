namespace Switchyard.Rules.Matching;

/// <summary>One check or status that a gate looks at.</summary>
/// <param name="Key">What it is told apart by.</param>
/// <param name="Name">Its name for people and patterns.</param>
/// <param name="IsDone">It has come to a conclusion.</param>
/// <param name="Conclusion">GitHub's word, once it is done.</param>
internal sealed record CountedCheck(string Key, string Name, bool IsDone, string? Conclusion)
{
    /// <summary>When it came to its conclusion, where GitHub says so.</summary>
    public DateTimeOffset? At { get; init; }

    public bool HasPassed => IsDone && CheckConclusions.Passes(Conclusion);
}

/// <summary>What counts of all that GitHub lists for a commit: without our own, and without what a later one has taken the place of.</summary>
internal static class CountedChecks
{
    /// <summary>Our check runs are called so; that is all there is to go by where the App is not known.</summary>
    private const string OwnPrefix = "Switchyard / ";

    public static IReadOnlyList<CountedCheck> Of(ChecksSnapshot snapshot, long? ownAppId)
    {
        var counted = new List<CountedCheck>();
        foreach (var same in snapshot.CheckRuns.Where(run => !IsOwn(run, ownAppId)).GroupBy(run => (run.AppId, run.Name)))
        {
            counted.AddRange(Standing([.. same]).Select(run =>
                new CountedCheck($"run/{run.AppId}/{run.Id}/{run.Name}", run.Name, IsDone(run), run.Conclusion) { At = run.CompletedAt }));
        }

        // GitHub's combined state is "pending" where there is no status at all: here that is no status.
        foreach (var same in snapshot.Statuses.GroupBy(status => status.Context, StringComparer.Ordinal))
        {
            var last = same.MaxBy(status => status.UpdatedAt ?? DateTimeOffset.MinValue)!;
            counted.Add(new($"status/{last.Context}", last.Context, last.State != "pending", last.State) { At = last.UpdatedAt });
        }

        return counted;
    }

    /// <summary>
    /// The newest, which a re-run has made. An older one still counts when the two ran at the same time in different suites: then
    /// they are two checks with one name, such as the same job of two workflows.
    /// </summary>
    private static List<CheckRunState> Standing(List<CheckRunState> same)
    {
        same.Sort((a, b) => (b.StartedAt ?? DateTimeOffset.MinValue, b.Id).CompareTo((a.StartedAt ?? DateTimeOffset.MinValue, a.Id)));
        var standing = new List<CheckRunState>();
        foreach (var run in same)
        {
            if (!standing.Exists(newer => TakesThePlaceOf(newer, run)))
            {
                standing.Add(run);
            }
        }

        return standing;
    }

    private static bool TakesThePlaceOf(CheckRunState newer, CheckRunState older) =>
        newer.SuiteId == older.SuiteId || newer.SuiteId is null || older.SuiteId is null
        || (IsDone(older) && (older.CompletedAt is null || newer.StartedAt is null || newer.StartedAt >= older.CompletedAt));

    /// <summary>Completed without a conclusion is not done: GitHub has yet to say it.</summary>
    private static bool IsDone(CheckRunState run) => run.Status == "completed" && run.Conclusion is not null;

    private static bool IsOwn(CheckRunState run, long? ownAppId) => ownAppId is not null && run.AppId is not null
        ? run.AppId == ownAppId
        : run.Name.StartsWith(OwnPrefix, StringComparison.Ordinal);
}
