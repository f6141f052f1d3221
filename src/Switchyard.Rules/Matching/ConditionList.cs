namespace Switchyard.Rules.Matching;

/// <summary>Gathers conditions; lists that ask for nothing leave no line.</summary>
internal sealed class ConditionList
{
    private readonly List<ConditionResult> done = [];

    public IReadOnlyList<ConditionResult> Done => done;

    public static string Some(IEnumerable<string> texts)
    {
        var all = texts.ToArray();
        return all.Length <= 3 ? string.Join(", ", all) : $"{string.Join(", ", all[..3])} and {all.Length - 3} more";
    }

    public void Add(string name, string expected, string actual, bool matched) =>
        Add(name, expected, actual, matched ? ConditionOutcome.Matched : ConditionOutcome.NotMatched);

    public void Add(string name, string expected, string actual, ConditionOutcome outcome) => done.Add(new(name, expected, actual, outcome));

    public void Repositories(Trigger trigger, SignalFacts facts)
    {
        if (!trigger.Repositories.IsEmpty)
        {
            Patterns("repositories", trigger.Repositories, facts.Source?.FullName, "no repository");
        }
    }

    public void Patterns(string name, PatternList patterns, string? actual, string absent)
    {
        if (!patterns.IsEmpty)
        {
            Add(name, patterns.ToString(), actual ?? absent, actual is not null && patterns.Matches(actual));
        }
    }

    public void Words(string name, IReadOnlyList<string> words, string? actual, string absent)
    {
        if (words.Count > 0)
        {
            Add(name, words.Count == 1 ? words[0] : string.Join(", ", words), actual ?? absent, actual is not null && words.Contains(actual));
        }
    }

    /// <summary>At least one path must match.</summary>
    public void Paths(PatternList patterns, IReadOnlyList<string>? paths)
    {
        if (patterns.IsEmpty)
        {
            return;
        }

        if (paths is null)
        {
            Add("paths", patterns.ToString(), "paths that are not known yet", ConditionOutcome.Unknown);
            return;
        }

        var first = paths.FirstOrDefault(patterns.Matches);
        Add("paths", patterns.ToString(), first ?? (paths.Count == 0 ? "no changed path" : Some(paths)), first is not null);
    }
}
