using System.Text.Json.Nodes;
using Switchyard.Rules;
using Switchyard.Rules.Language;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Rules;

/// <summary>docs/rules.md: its examples are run, its tables are those of the language.</summary>
public sealed class DocumentationTests
{
    private static readonly string File = Path.Combine(SharedFolder.RepositoryRoot, "docs", "rules.md");

    private static readonly Dictionary<string, RuleFileScope> Scopes = new(StringComparer.Ordinal)
    {
        ["A repository that subscribes itself"] = RuleFileScope.ForRepository("acme", "the-tests"),
    };

    /// <summary>Heading, rule, a Signal that starts it, one that does not, and the condition that says so.</summary>
    public static TheoryData<string, string, SignalFacts, SignalFacts, string> Signals() => new()
    {
        { "Run the tests of another repository", "integration-tests", Facts.Push(), Facts.Push(branch: "develop"), "branches" },
        { "Tell it what has changed", "integration-tests", Facts.Push("Acme/The-Lib-Core", "release/1/2"), Facts.Push("acme/the-other"), "repositories" },
        { "Only some branches, paths and people", "docs", Facts.Push("acme/any", paths: ["src/a.cs", "src/notes.md"]), Facts.Push("acme/any", paths: ["docs/internal/x.md"]), "paths" },
        { "Only some branches, paths and people", "docs", Facts.Push("acme/any", paths: ["docs/a"]), Facts.Push("acme/secret", paths: ["docs/a"]), "repositories" },
        { "Only some branches, paths and people", "docs", Facts.Push("acme/any", paths: ["docs/a"]), Facts.Push("acme/any", actor: "renovate[bot]", paths: ["docs/a"]), "authors" },
        { "Pull requests", "integration-tests", Facts.PullRequest(pull => pull with { Labels = ["Needs-Integration", "x"] }, paths: ["src/a"]), Facts.PullRequest(paths: ["src/a"]), "labels" },
        { "Only when the checks are green", "integration-tests", Facts.Push(), Facts.Push("acme/the-lib"), "repositories" },
        { "Only once things are quiet", "integration-tests", Facts.Push(), Facts.Push(branch: "next"), "branches" },
        { "Several repositories, one run", "nightly-integration", Facts.Push("acme/the-lib-a"), Facts.Push("acme/the-lib"), "repositories" },
        { "Several targets", "fan-out", OfLib(Facts.Tag("v1.20.3")), OfLib(Facts.Tag("v1.2")), "tags" },
        { "Several targets", "fan-out", Facts.Release("v2"), Facts.Release("v2-rc", prerelease: true), "prereleases" },
        { "A repository that subscribes itself", "integration", Facts.Push("acme/the-lib"), Facts.Push("acme/the-tests"), "repositories" },
        { "When checks are done", "notify-about-failures", Facts.Checks("failure", ("lint", "failure")), Facts.Checks("success", ("lint", "success")), "conclusions" },
        { "Models", "contract-tests", Facts.Model(), Facts.Model(change: "safe"), "changes" },
        { "Models", "retrain", Facts.Model(format: "mlflow", change: null, what: "added"), Facts.Model(format: "mlflow", what: "removed"), "events" },
        { "Registries", "deploy-champion", Facts.Registry(), Facts.Registry(alias: "challenger"), "alias" },
        { "Schedules", "weekly", Facts.Schedule("30 5 * * MON-FRI"), Facts.Schedule("0 0 * * *"), "cron" },
        { "Schedules", "each-library", Facts.Schedule("0 2 1 * *", "acme/the-lib-x"), Facts.Schedule("0 2 1 * *", "acme/the-app"), "repositories" },
        { "By hand", "smoke", Facts.Manual("acme/the-app"), Facts.Manual("acme/the-lib"), "repositories" },
    };

    [Fact]
    public void Every_example_is_a_rule_file_that_the_schema_accepts_and_that_a_signal_starts()
    {
        var examples = Examples();
        var run = Signals().Select(row => row.Data.Item1).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(examples.Keys.Order(), run.Order());
        foreach (var (heading, yaml) in examples)
        {
            var result = RuleFile.Parse(yaml, Scope(heading));
            Assert.True(result.File is not null, $"{heading}: {string.Join('\n', result.Problems)}");
            Assert.Equal(heading switch { "Models" => 2, "By hand" or "Registries" => 1, _ => 0 }, result.Problems.Count);
            Assert.Empty(MiniSchema.Problems(YamlJson.Of(yaml), JsonNode.Parse(RuleSchema.Json)!));
        }
    }

    [Theory]
    [MemberData(nameof(Signals), DisableDiscoveryEnumeration = true)]
    public void An_example_does_what_the_text_says(string heading, string name, SignalFacts matching, SignalFacts other, string condition)
    {
        var rule = Facts.Rules(Examples()[heading], Scope(heading)).Single(rule => rule.Name == name);

        var matched = Evaluator.Evaluate(rule, matching);
        var missed = Evaluator.Evaluate(rule, other);

        Assert.Equal((ConditionOutcome.Matched, ""), (matched.Outcome, matched.Outcome == ConditionOutcome.Matched ? "" : matched.Sentence));
        Assert.Equal(ConditionOutcome.NotMatched, missed.Outcome);
        Assert.Equal([condition], missed.Conditions.Where(line => line.Outcome == ConditionOutcome.NotMatched).Select(line => line.Name));
    }

    [Fact]
    public void The_tables_are_those_of_the_language()
    {
        var text = System.IO.File.ReadAllText(File);
        var made = Put(Put(text, "placeholders", LanguageReference.Placeholders()), "keys", LanguageReference.Markdown());
        if (TestEnvironment.RewriteSnapshots)
        {
            System.IO.File.WriteAllText(File, made);
            return;
        }

        Assert.Equal(made, text);
    }

    private static SignalFacts OfLib(SignalFacts facts) => facts with { Source = Facts.Push("acme/the-lib-core").Source };

    private static string Put(string text, string name, string table)
    {
        var begin = $"<!-- made from the table: {name} -->\n";
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var end = text.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        return $"{text[..start]}{table.TrimEnd('\n')}\n{text[end..]}";
    }

    private static RuleFileScope Scope(string heading) => Scopes.GetValueOrDefault(heading, RuleFileScope.Central("acme"));

    /// <summary>The fenced YAML below each heading; a heading has one at most.</summary>
    private static Dictionary<string, string> Examples()
    {
        var examples = new Dictionary<string, string>(StringComparer.Ordinal);
        var heading = "";
        List<string>? lines = null;
        foreach (var line in System.IO.File.ReadLines(File))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                heading = line[3..];
            }
            else if (line == "```yaml")
            {
                lines = [];
            }
            else if (line == "```" && lines is not null)
            {
                examples.Add(heading, string.Join('\n', lines) + "\n");
                lines = null;
            }
            else
            {
                lines?.Add(line);
            }
        }

        return examples;
    }
}
