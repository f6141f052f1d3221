namespace Switchyard.Rules.Language;

/// <summary>Lists of names in sentences, and the one that was probably meant.</summary>
internal static class Names
{
    public static string OneOf(IEnumerable<string> names) => Joined(names, "or");

    public static string All(IEnumerable<string> names) => Joined(names, "and");

    /// <summary>Other words for the same, where no letter would lead there.</summary>
    private static readonly Dictionary<string, string[]> Meanings = new(StringComparer.Ordinal)
    {
        ["failed"] = ["failure"],
        ["error"] = ["failure"],
        ["passed"] = ["success"],
        ["green"] = ["success"],
        ["succeeded"] = ["success"],
        ["ok"] = ["success"],
        ["done"] = ["completed"],
        ["finished"] = ["completed"],
        ["last"] = ["latest"],
        ["newest"] = ["latest"],
        ["each"] = ["all"],
        ["every"] = ["all"],
        ["new"] = ["added"],
        ["created"] = ["added"],
        ["modified"] = ["changed"],
        ["updated"] = ["changed"],
        ["deleted"] = ["removed"],
        ["merged"] = ["closed"],
        ["pushed"] = ["synchronize"],
        ["model_created"] = ["version_created"],
        ["always"] = ["check"],
        ["yes"] = ["check"],
        ["no"] = ["none"],
        ["never"] = ["none"],
    };

    /// <summary>The name nearest to what was written, if it is near enough to be meant.</summary>
    public static string? Nearest(string written, IEnumerable<string> names)
    {
        names = names.ToArray();
        var plain = Plain(written);
        if (Meanings.TryGetValue(plain, out var meant) && meant.FirstOrDefault(names.Contains) is { } other)
        {
            return other;
        }

        string? best = null;
        var least = int.MaxValue;
        foreach (var name in names)
        {
            if (name.Length > (plain.Length * 5 / 4) + 1 && !Plain(name).StartsWith(plain, StringComparison.Ordinal))
            {
                continue;
            }

            var distance = plain.Length > 2 && (Plain(name).StartsWith(plain, StringComparison.Ordinal) || plain.StartsWith(Plain(name), StringComparison.Ordinal)) ? 1 : Distance(plain, Plain(name));
            if (distance < least)
            {
                (best, least) = (name, distance);
            }
        }

        return best is not null && least <= Math.Max(1, Math.Min(written.Length, best.Length) / 4) ? best : null;
    }

    private static string Plain(string name) => name.Replace('-', '_').ToLowerInvariant();

    private static string Joined(IEnumerable<string> names, string word)
    {
        var all = names.ToArray();
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {word} {all[^1]}";
    }

    /// <summary>Levenshtein's, with two neighbours changed over counted as one.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100 || b.Length > 100)
        {
            return int.MaxValue;
        }

        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                rows[i, j] = Math.Min(
                    Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1,
                    rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
