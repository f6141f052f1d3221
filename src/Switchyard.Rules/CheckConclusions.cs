namespace Switchyard.Rules;

/// <summary>GitHub's conclusions of checks, and what a number of them come to.</summary>
public static class CheckConclusions
{
    public const string Success = "success";

    /// <summary>From the best to the worst.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["success", "neutral", "skipped", "stale", "cancelled", "action_required", "timed_out", "startup_failure", "failure"];

    /// <summary>skipped and neutral pass.</summary>
    public static bool Passes(string? conclusion) => conclusion is "success" or "neutral" or "skipped";

    /// <summary>
    /// <c>success</c> when all pass (and at least one is there), else the worst; a word that is not known, and a status'
    /// <c>error</c>, is a failure. Null when there is none.
    /// </summary>
    public static string? Overall(IEnumerable<string?> conclusions)
    {
        var worst = -1;
        foreach (var conclusion in conclusions)
        {
            var place = Passes(conclusion) ? 0 : conclusion is null ? Words.Count - 1 : Place(conclusion);
            worst = Math.Max(worst, place);
        }

        return worst < 0 ? null : Words[worst];
    }

    private static int Place(string conclusion)
    {
        for (var i = 0; i < Words.Count; i++)
        {
            if (Words[i] == conclusion)
            {
                return i;
            }
        }

        return Words.Count - 1;
    }
}
