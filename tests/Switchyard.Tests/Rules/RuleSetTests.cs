using System.Text.Json.Nodes;
using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

/// <summary>Rules together: the index, loops, quiet periods, the starter, the schema.</summary>
public sealed class RuleSetTests
{
    [Fact]
    public void Candidates_are_those_whose_kind_and_repository_match_each_once_in_order()
    {
        string[] on =
        [
            "{ push: { repositories: [acme/the-app, ACME/THE-APP, acme/b] } }",
            "{ push: { repositories: 'acme/*' } }",
            "{ push: { repositories: ['*/the-app', 'acme/*'] } }",
            "{ push: { repositories: ['acme/*', '!acme/the-app'] } }",
            "{ push: { repositories: umbrella/* } }",
            "{ tag: { repositories: acme/the-app } }",
            "{ push: [ { repositories: acme/the-app, branches: a }, { repositories: acme/the-app, branches: b } ] }",
            "{ manual: {} }",
            "{ manual: { repositories: acme/the-app } }",
        ];
        var index = new RuleIndex<int>(on.Select((text, i) => KeyValuePair.Create(i, Facts.Rule(text))));

        Assert.Equal([0, 1, 2, 6], Keys(index, SignalKind.Push, "Acme/The-App"));
        Assert.Equal([1, 2, 3], Keys(index, SignalKind.Push, "acme/other"));
        Assert.Equal([2], Keys(index, SignalKind.Push, "x/the-app"));
        Assert.Equal([5], Keys(index, SignalKind.Tag, "acme/the-app"));
        Assert.Equal([7], Keys(index, SignalKind.Manual, null));
        Assert.Equal([7, 8], Keys(index, SignalKind.Manual, "acme/the-app"));
        Assert.Empty(Keys(index, SignalKind.Release, "acme/the-app"));
        Assert.Equal(9, index.Count);
    }

    /// <summary>Rules as "name: sources -> target", the kind of Signal, and what is found.</summary>
    [Theory]
    [InlineData("a checks acme/x -> acme/x", "a -> a!")]
    [InlineData("a checks acme/x -> acme/y; b checks acme/y -> acme/x", "a -> b -> a!")]
    [InlineData("a checks acme/* -> ${{ source.full_name }}", "a -> a!")]
    [InlineData("a checks acme/x -> acme/y", "")]
    [InlineData("a push acme/x -> acme/x", "a -> a")]
    [InlineData("a push acme/x -> acme/y; b push acme/y -> acme/z; c pull_request acme/z -> acme/x", "a -> b -> c -> a")]
    [InlineData("a push acme/x -> acme/y; b checks acme/y -> acme/x", "a -> b -> a")]
    [InlineData("a push acme/x -> acme/y; b push acme/z -> acme/x", "")]
    [InlineData("a push acme/* -> ${{ source.owner }}/tests", "a -> a")]
    [InlineData("a push umbrella/* -> acme/tests; b push acme/lib -> acme/tests", "")]
    [InlineData("a tag acme/x -> acme/y; b release acme/y -> acme/x; c push acme/q -> acme/y", "a -> b -> a")]
    [InlineData("a schedule acme/x -> acme/x; b manual acme/x -> acme/x", "")]
    public void Loops(string rules, string expected)
    {
        var graph = Graph(rules);

        Assert.Equal(expected, string.Join("; ", RuleGraph.Loops(graph).Select(loop => loop.Chain + (loop.Certain ? "!" : ""))));
    }

    /// <summary>What the trigger asks for, the ref of the action, and what must be so for the loop to close; empty: it is certain.</summary>
    [Theory]
    [InlineData("", "", "")]
    [InlineData("names: [build]", "ref: main", "its run makes the checks that start \"tests\" (build)")]
    [InlineData("conclusions: [failure]", "ref: main", "its checks come to what starts \"tests\" (failure)")]
    [InlineData("branches: [main]", "ref: main", "")]
    [InlineData("branches: [main]", "", "")]
    [InlineData("branches: [main]", "ref: \"${{ source.default_branch }}\"", "it runs on a branch whose checks start \"tests\" (main)")]
    [InlineData("branches: [release, \"v*\"]", "ref: main", "a workflow that is started pushes to a branch whose checks start \"tests\" (release and v*)")]
    [InlineData("branches: [release]", "", "a workflow that is started pushes to a branch whose checks start \"tests\" (release)")]
    public void A_loop_of_checks_is_certain_only_where_the_run_must_be_among_them(string keys, string reference, string condition)
    {
        var rule = Facts.Rule($"{{ checks: {{ repositories: acme/x, {keys} }} }}", action: $"{{ workflow: {{ repository: acme/x, file: a.yml, {reference} }} }}");

        var loop = Assert.Single(RuleGraph.Loops([new("acme/.github", rule)], new Dictionary<string, string> { ["Acme/X"] = "main" }));

        Assert.Equal((condition.Length == 0, condition), (loop.Certain, loop.If));
    }

    [Fact]
    public void Where_the_default_branch_is_not_known_a_loop_by_its_checks_is_possible_and_says_on_what_it_hangs()
    {
        var rule = Facts.Rule("{ checks: { repositories: acme/x, branches: [main] } }", action: "{ workflow: { repository: acme/x, file: a.yml } }");

        var problem = Assert.Single(RuleGraph.Problems("acme/.github", [new("acme/.github", rule)]));

        Assert.Equal(RuleProblemSeverity.Warning, problem.Severity);
        Assert.Equal("Rule \"tests\" may start itself again: tests -> tests, if it runs on a branch whose checks start \"tests\" (main). Switchyard ends such a chain at its hop limit, or holds it to its brake.", problem.Message);
        Assert.Equal(
            "a workflow that is started pushes, tags or opens a pull request there",
            Assert.Single(RuleGraph.Loops(Graph("a push acme/x -> acme/y; b checks acme/y -> acme/x"))).If);
    }

    [Fact]
    public void A_loop_is_a_problem_at_the_rule_of_the_file_being_loaded()
    {
        var graph = Graph("a checks acme/x -> acme/y; b checks acme/y -> acme/x");
        var own = graph[1] with { Source = "acme/y" };

        var problem = Assert.Single(RuleGraph.Problems("acme/y", [graph[0], own]));

        Assert.Equal((RuleProblemSeverity.Error, RuleProblemCode.Loop, "rules[0]", own.Rule.Line), (problem.Severity, problem.Code, problem.Path, problem.Line));
        Assert.Equal("Rule \"b\" would start itself for ever: a -> b -> a. What it starts makes checks in a repository whose checks start it. The others are in acme/.github.", problem.Message);
        Assert.Empty(RuleGraph.Problems("acme/z", graph));
        Assert.Empty(RuleGraph.Loops([graph[0], graph[1] with { Rule = graph[1].Rule with { Enabled = false } }]));
        Assert.Equal(RuleProblemSeverity.Warning, Assert.Single(RuleGraph.Problems("acme/.github", Graph("a push acme/x -> acme/x"))).Severity);
    }

    [Theory]
    [InlineData(0, 120)]
    [InlineData(60, 180)]
    [InlineData(779, 899)]
    [InlineData(800, 900)]
    [InlineData(5000, 900)]
    public void Quiet_is_over_after_a_pause_or_at_the_latest(int last, int due)
    {
        var quiet = new Quiet { For = TimeSpan.FromMinutes(2), Max = TimeSpan.FromMinutes(15) };

        Assert.Equal(Facts.Noon.AddSeconds(due), QuietPeriod.Due(quiet, Facts.Noon, Facts.Noon.AddSeconds(last)));
        Assert.Equal(Facts.Noon, QuietPeriod.Due(Quiet.None, Facts.Noon, Facts.Noon));
    }

    [Fact]
    public void What_is_quiet_together()
    {
        var plain = Facts.Rule("{ push: { repositories: acme/* } }");
        var batch = Facts.Rule("{ push: { repositories: acme/* } }", "quiet: { for: 1m, key: \"${{ source.owner }}\" }");

        Assert.Equal("1296269:branch/main", QuietPeriod.Key(plain, Facts.Push()));
        Assert.Equal("1296269:pull/7", QuietPeriod.Key(plain, Facts.PullRequest()));
        Assert.Equal("1296269:tag/v1", QuietPeriod.Key(plain, Facts.Tag("v1")));
        Assert.Equal(":registry/mlflow-prod/fraud-eu", QuietPeriod.Key(plain, Facts.Registry()));
        Assert.Equal("acme", QuietPeriod.Key(batch, Facts.Push("acme/any")));
    }

    [Theory]
    [InlineData(true, true, "src/**", 120)]
    [InlineData(false, false, "", 0)]
    public void What_init_writes_has_no_problems(bool pullRequests, bool gate, string path, int quiet)
    {
        foreach (var workflow in new[] { "integration.yml", null })
        {
            var text = RuleStarter.Write(new()
            {
                Sources = ["acme/the-app", "acme/the-lib-*"],
                Target = "acme/the-tests",
                Workflow = workflow,
                EventType = workflow is null ? "sources: changed" : null,
                Branches = path.Length == 0 ? [] : ["main", "release/**"],
                Paths = path.Length == 0 ? [] : [path, "!**/*.md"],
                PullRequests = pullRequests,
                Gate = gate,
                Quiet = TimeSpan.FromSeconds(quiet),
            });

            var result = RuleFile.Parse(text, RuleFileScope.Central("acme"));

            Assert.Empty(result.Problems);
            var rule = Assert.Single(result.File!.Rules);
            Assert.Equal((pullRequests ? 2 : 1, gate, quiet), (rule.On.Count, rule.Checks is not null, (int)rule.Quiet.For.TotalSeconds));
            Assert.Empty(MiniSchema.Problems(YamlJson.Of(text), JsonNode.Parse(RuleSchema.Json)!));
        }
    }

    [Theory]
    [InlineData("{ version: 1 }")]
    [InlineData("{ version: 2, rules: [] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: { push: { repositories: a/b } } } ] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: {}, do: { job: { registry: a, file: b } } } ] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: pushes, do: { job: { registry: a, file: b } } } ] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: push, quiet: 30, do: { job: { registry: a, file: b } } } ] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: push, checks: { requires: success }, do: { job: { registry: a, file: b } } } ] }")]
    [InlineData("{ version: 1, rules: [ { name: a, on: push, do: { job: { registry: a, file: b }, workflow: { file: a.yml } } } ] }")]
    public void The_schema_refuses_what_the_parser_refuses(string yaml)
    {
        Assert.NotEmpty(MiniSchema.Problems(YamlJson.Of(yaml), JsonNode.Parse(RuleSchema.Json)!));
        Assert.Null(RuleFile.Parse(yaml, RuleFileScope.ForRepository("acme", "x")).File);
    }

    private static IEnumerable<int> Keys(RuleIndex<int> index, string kind, string? source) => index.Candidates(kind, source).Select(candidate => candidate.Key);

    private static GraphRule[] Graph(string rules) =>
    [
        .. rules.Split("; ").Select(text => text.Split(' ', 5)).Select(part => new GraphRule(
            "acme/.github",
            Facts.Rule(
                $"{{ {part[1]}: {{ repositories: '{part[2]}'{(part[1] == "schedule" ? ", cron: '* * * * *'" : "")} }} }}",
                action: $"{{ workflow: {{ repository: \"{part[4]}\", file: a.yml }} }}") with { Name = part[0] })),
    ];
}
