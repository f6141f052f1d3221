using System.Text;
using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class HostileFileTests
{
    public static TheoryData<string, string, string> Files() => new()
    {
        { "five megabytes", new string('#', 5_000_000), RuleProblemCode.TooLarge },
        { "deep flow lists", "a: " + new string('[', 10_000), RuleProblemCode.TooLarge },
        { "deep flow maps", string.Concat(Enumerable.Repeat("{a: ", 10_000)), RuleProblemCode.TooLarge },
        { "deep block", string.Concat(Enumerable.Range(0, 1_000).Select(i => new string(' ', i) + "a:\n")), RuleProblemCode.TooLarge },
        { "aliases of aliases", Bomb(), RuleProblemCode.TooLarge },
        { "aliases of a long text", $"a: &a \"{new string('x', 400_000)}\"\nb: [{string.Join(',', Enumerable.Repeat("*a", 10_000))}]\n", RuleProblemCode.TooLarge },
        { "an alias of itself", "a: &a [*a]\n", RuleProblemCode.Syntax },
        { "many entries", "a: [" + string.Concat(Enumerable.Repeat("1,", 200_000)) + "]", RuleProblemCode.TooLarge },
        { "a tag", "version: !!python/object:os.system 1\nrules: []\n", RuleProblemCode.Syntax },
        { "a list as a key", "? [a, b]\n: c\n", RuleProblemCode.Syntax },
        { "merge", "<<: { version: 1 }\n", RuleProblemCode.Syntax },
        { "documents", "version: 1\n---\nrules: []\n", RuleProblemCode.Syntax },
        { "nothing", "", RuleProblemCode.Empty },
        { "no text", "\0\0\0", RuleProblemCode.Syntax },
        { "a lone surrogate", "version: \"\ud800\"\n", RuleProblemCode.UnknownWord },
        { "an escaped surrogate", "version: \"\\ud800\"\n", RuleProblemCode.Syntax },
        { "a directive", "%YAML 9.9\n---\nversion: 1\n", RuleProblemCode.Syntax },
        { "many wrong placeholders", File("acme/x", "a: \"" + string.Concat(Enumerable.Repeat("${{ signal.shaa }}", 50_000)) + "\""), RuleProblemCode.Placeholder },
        { "many patterns", File(string.Join(',', Enumerable.Repeat("acme/*", 201)), "a: b"), RuleProblemCode.TooLarge },
        { "a long pattern", File("acme/x, branches: \"" + string.Concat(Enumerable.Repeat("*a", 200)) + "\"", "a: b").Replace("repositories: [acme/x, ", "repositories: [acme/x], ", StringComparison.Ordinal).Replace("\"] }", "\" }", StringComparison.Ordinal), RuleProblemCode.Malformed },
        { "what stands behind a NUL", "version: 1\nrules: []\0\n", RuleProblemCode.Syntax },
        { "tabs", "version: 1\nrules:\n\t- name: a\n", RuleProblemCode.Syntax },
        { "a byte order mark", "\ufeffversion: 2\nrules: []", RuleProblemCode.UnknownWord },
    };

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void Hostile_files_are_refused_in_little_time(string what, string yaml, string code)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = RuleFile.Parse(yaml, RuleFileScope.Central("acme"));

        Assert.Null(result.File);
        Assert.True(result.Problems.Any(problem => problem.Code == code), $"{what}: {string.Join('\n', result.Problems)}");
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), what);
    }

    /// <summary>Any piece of a good file, and any good file with something else in one place, gives an answer.</summary>
    [Fact]
    public void Damaged_files_are_told_what_is_wrong_and_nothing_is_thrown()
    {
        const string Good = """
            version: 1
            rules:
              - name: tests
                on: { push: { repositories: [acme/the-app], paths: ["src/**"] }, schedule: { cron: "0 5 * * *" } }
                checks: { settle: 30s }
                quiet: { for: 2m, key: "${{ rule.name }}" }
                do: [ { dispatch: { repository: acme/x, event_type: a, payload: { a: [1, "${{ signal.kind }}"] } } } ]
            """;
        Assert.NotNull(RuleFile.Parse(Good, RuleFileScope.Central("acme")).File);

        string[] pieces = ["", ":", "[", "]", "{", "}", "\"", "'", "*", "&a ", "!", "- ", "\n", "\t", "${{", "}}", "null", "9", "~", "|", ">", "%", "@", "#", ",", "?"];
        for (var at = 0; at <= Good.Length; at += 2)
        {
            Read(Good[..at]);
            foreach (var piece in pieces)
            {
                Read(Good[..at] + piece + Good[Math.Min(Good.Length, at + 1)..]);
            }
        }
    }

    private static void Read(string yaml)
    {
        var result = RuleFile.Parse(yaml, RuleFileScope.Central("acme"));
        Assert.True(result.File is not null || result.Problems.Any(problem => problem.Severity == RuleProblemSeverity.Error), yaml);
    }

    private static string File(string repositories, string inputs) =>
        $"version: 1\nrules: [ {{ name: a, on: {{ push: {{ repositories: [{repositories}] }} }}, do: {{ workflow: {{ repository: acme/x, file: a.yml, inputs: {{ {inputs} }} }} }} }} ]\n";

    private static string Bomb()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        return text.ToString();
    }
}
