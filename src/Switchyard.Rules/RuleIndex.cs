namespace Switchyard.Rules;

/// <summary>All rules by what may start them. Immutable; made anew when a source changes.</summary>
/// <typeparam name="TKey">What the caller knows a rule by.</typeparam>
public sealed class RuleIndex<TKey>
{
    private readonly KeyValuePair<TKey, Rule>[] rules;
    private readonly Dictionary<string, Shelf> shelves = new(StringComparer.Ordinal);

    /// <summary>Disabled rules are kept: that a rule is disabled is an answer to why it did nothing.</summary>
    public RuleIndex(IEnumerable<KeyValuePair<TKey, Rule>> rules)
    {
        this.rules = [.. rules];
        for (var i = 0; i < this.rules.Length; i++)
        {
            foreach (var trigger in this.rules[i].Value.On)
            {
                if (!shelves.TryGetValue(trigger.Kind, out var shelf))
                {
                    shelves[trigger.Kind] = shelf = new();
                }

                shelf.Add(i, trigger.Repositories);
            }
        }
    }

    public int Count => rules.Length;

    /// <summary>
    /// The rules with a trigger of that kind whose repository patterns match; each once, in the order given. A trigger without
    /// repositories matches any source, and none.
    /// </summary>
    /// <param name="kind">One of <see cref="SignalKind"/>.</param>
    /// <param name="source"><c>owner/name</c> in any letter case; null when the Signal has none.</param>
    public IReadOnlyList<KeyValuePair<TKey, Rule>> Candidates(string kind, string? source)
    {
        if (!shelves.TryGetValue(kind, out var shelf))
        {
            return [];
        }

        var found = new List<int>(shelf.WithoutSource);
        if (source is not null)
        {
            shelf.Find(source, found);
        }

        found.Sort();
        var candidates = new List<KeyValuePair<TKey, Rule>>(found.Count);
        var last = -1;
        foreach (var i in found)
        {
            if (i != last)
            {
                candidates.Add(rules[i]);
                last = i;
            }
        }

        return candidates;
    }

    /// <summary>The triggers of one kind: by whole name, by owner, and those that must be tried one by one.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<string, List<int>> names = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, List<(int Rule, PatternList Patterns)>> owners = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<(int Rule, PatternList Patterns)> others = [];

        public List<int> WithoutSource { get; } = [];

        public void Add(int rule, PatternList patterns)
        {
            if (patterns.IsEmpty)
            {
                WithoutSource.Add(rule);
                return;
            }

            var plain = patterns.Globs.Where(pattern => !pattern.Negated).Select(pattern => pattern.Glob).ToArray();
            var listed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            if (plain.Length == patterns.Patterns.Count && Array.TrueForAll(plain, glob => glob.Literal is not null))
            {
                foreach (var name in plain.Select(glob => glob.Literal!).Where(listed.Add))
                {
                    Into(names, name, rule);
                }
            }
            else if (plain.Length > 0 && patterns.Patterns.Where(pattern => !pattern.StartsWith('!')).Select(Owner).ToArray() is var literal && Array.TrueForAll(literal, owner => owner is not null))
            {
                foreach (var owner in literal.Where(owner => listed.Add(owner!)))
                {
                    Into(owners, owner!, (rule, patterns));
                }
            }
            else
            {
                others.Add((rule, patterns));
            }
        }

        public void Find(string source, List<int> found)
        {
            if (names.TryGetValue(source, out var exact))
            {
                found.AddRange(exact);
            }

            if (Owner(source) is { } owner && owners.TryGetValue(owner, out var owned))
            {
                Try(owned, source, found);
            }

            Try(others, source, found);
        }

        private static void Try(List<(int Rule, PatternList Patterns)> entries, string source, List<int> found)
        {
            foreach (var (rule, patterns) in entries)
            {
                if (patterns.Matches(source))
                {
                    found.Add(rule);
                }
            }
        }

        private static string? Owner(string pattern)
        {
            var slash = pattern.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && pattern.AsSpan(0, slash).IndexOfAny('*', '?') < 0 ? pattern[..slash] : null;
        }

        private static void Into<T>(Dictionary<string, List<T>> lists, string key, T item)
        {
            if (!lists.TryGetValue(key, out var list))
            {
                lists[key] = list = [];
            }

            list.Add(item);
        }
    }
}
