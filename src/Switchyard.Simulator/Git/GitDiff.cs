using System.Globalization;

namespace Switchyard.Simulator.Git;

/// <summary>Reads the NUL separated answers of <c>git diff</c>.</summary>
internal static class GitDiff
{
    /// <param name="raw"><c>:100644 100644 SHA SHA M\0path\0</c>; renames (R100) have two paths.</param>
    /// <param name="numbers"><c>1\t2\tpath\0</c>; renames <c>1\t2\t\0old\0new\0</c>; binary files have dashes.</param>
    public static IReadOnlyList<GitChange> Parse(string raw, string numbers)
    {
        var counts = Counts(numbers);
        var tokens = raw.Split('\0');
        var changes = new List<GitChange>();
        for (var i = 0; i + 1 < tokens.Length;)
        {
            var facts = tokens[i++].Split(' ');
            var status = facts[4][0];
            var first = tokens[i++];
            var path = status is 'R' or 'C' ? tokens[i++] : first;
            var (added, deleted) = counts.GetValueOrDefault(path);
            changes.Add(new GitChange(status, path, status is 'R' or 'C' ? first : null, status == 'D' ? facts[2] : facts[3], added, deleted));
        }

        return changes;
    }

    private static Dictionary<string, (int Added, int Deleted)> Counts(string numbers)
    {
        var counts = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        var tokens = numbers.Split('\0');
        for (var i = 0; i + 1 < tokens.Length;)
        {
            var parts = tokens[i++].Split('\t', 3);
            var path = parts[2];
            if (path.Length == 0)
            {
                i++;
                path = tokens[i++];
            }

            counts[path] = (Number(parts[0]), Number(parts[1]));
        }

        return counts;
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
