using Switchyard.GitHub.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>
/// The paths that a push changed, from the commits of its payload, where that list is certain to be whole. GitHub cuts it at 2,048
/// commits and 3,000 files a commit without a word, and leaves it empty for some new branches and force pushes (behaviours, rows 12-14).
/// </summary>
internal static class PushedPaths
{
    /// <summary>More of them are not stored with a Signal, but asked for where a rule needs them.</summary>
    public const int Most = 3_000;

    private const int MostCommits = 2_048;
    private const int MostFiles = 3_000;

    /// <summary>In order, each once; null where they are not known.</summary>
    public static IReadOnlyList<string>? Of(PushEvent push)
    {
        if (push.Forced || push.Created || push.Commits.Count is 0 or >= MostCommits)
        {
            return null;
        }

        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var commit in push.Commits)
        {
            if (commit.Added.Count + commit.Removed.Count + commit.Modified.Count >= MostFiles)
            {
                return null;
            }

            paths.UnionWith(commit.Added);
            paths.UnionWith(commit.Removed);
            paths.UnionWith(commit.Modified);
        }

        return paths.Count <= Most ? [.. paths] : null;
    }
}
