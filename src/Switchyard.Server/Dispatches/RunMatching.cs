namespace Switchyard.Server.Dispatches;

/// <summary>Something was sent at this moment, by GitHub's clock.</summary>
internal readonly record struct ExpectedRun(long DispatchId, DateTimeOffset At);

/// <summary>A Run was made at this moment, by GitHub's clock.</summary>
internal readonly record struct FoundRun(long RunId, DateTimeOffset At);

/// <summary>
/// Says which Run is probably whose where nothing names the Dispatch. What goes to a target goes in order and one at a time, so
/// the Runs of one workflow are in the order of their Dispatches. As many as can be get a Run, none an earlier one than it was
/// sent; within seconds of each other the one sent first has the better claim, beyond that the nearer one.
/// </summary>
internal static class RunMatching
{
    /// <summary>GitHub's times have whole seconds, and its clock is known to three.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>So late a Run may be without being less likely.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <param name="expected">In the order they were sent.</param>
    /// <param name="found">In the order they were made.</param>
    /// <returns>Runs by Dispatch.</returns>
    public static IReadOnlyDictionary<long, long> Assign(IReadOnlyList<ExpectedRun> expected, IReadOnlyList<FoundRun> found)
    {
        // best[i, j]: what can be had of the expected from i on with the found from j on.
        var best = new (int Count, double Cost)[expected.Count + 1, found.Count + 1];
        for (var i = expected.Count - 1; i >= 0; i--)
        {
            for (var j = found.Count - 1; j >= 0; j--)
            {
                best[i, j] = Better(Better(With(best, expected, found, i, j), best[i, j + 1]), best[i + 1, j]);
            }
        }

        var assigned = new Dictionary<long, long>();
        for (var (i, j) = (0, 0); i < expected.Count && j < found.Count;)
        {
            if (best[i, j] == With(best, expected, found, i, j))
            {
                assigned[expected[i++].DispatchId] = found[j++].RunId;
            }
            else if (best[i, j] == best[i, j + 1])
            {
                j++;
            }
            else
            {
                i++;
            }
        }

        return assigned;
    }

    private static (int Count, double Cost) With((int Count, double Cost)[,] best, IReadOnlyList<ExpectedRun> expected, IReadOnlyList<FoundRun> found, int i, int j)
    {
        var late = found[j].At - expected[i].At;
        return late < -Slack ? (-1, 0) : (best[i + 1, j + 1].Count + 1, best[i + 1, j + 1].Cost + Math.Max(0, (late - Usual).TotalSeconds));
    }

    private static (int Count, double Cost) Better((int Count, double Cost) left, (int Count, double Cost) right) =>
        right.Count > left.Count || (right.Count == left.Count && right.Cost < left.Cost) ? right : left;
}
