using Switchyard.Catalog;
using Switchyard.Rules;
using Switchyard.Rules.Language;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class EvaluatorTests
{
    [Fact]
    public void Every_condition_has_a_line_also_behind_the_first_that_does_not_hold()
    {
        var rule = Facts.Rule("{ push: { repositories: acme/*, branches: main, paths: [src/**], authors: ['!*[bot]'] } }");
        var evaluation = Evaluator.Evaluate(rule, Facts.Push(branch: "dev", actor: "renovate[bot]", paths: ["src/a", "b"]));

        Assert.Equal(ConditionOutcome.NotMatched, evaluation.Outcome);
        Assert.Equal("branches: expected main, found dev", evaluation.Sentence);
        Assert.Equal(
            [
                new("repositories", "acme/*", "acme/the-app", ConditionOutcome.Matched),
                new("branches", "main", "dev", ConditionOutcome.NotMatched),
                new("paths", "src/**", "src/a", ConditionOutcome.Matched),
                new("authors", "!*[bot]", "renovate[bot]", ConditionOutcome.NotMatched),
            ],
            evaluation.Conditions);
    }

    [Fact]
    public void Paths_that_nobody_has_looked_for_are_asked_for_only_where_they_decide()
    {
        var rule = Facts.Rule("{ push: { repositories: acme/*, branches: main, paths: [src/**] } }");

        var open = Evaluator.Evaluate(rule, Facts.Push());
        var decided = Evaluator.Evaluate(rule, Facts.Push(branch: "dev"));
        var known = Evaluator.Evaluate(rule, Facts.Push(paths: []));
        var unasked = Evaluator.Evaluate(Facts.Rule("{ push: { repositories: acme/* } }"), Facts.Push());

        Assert.Equal((ConditionOutcome.Unknown, true), (open.Outcome, open.NeedsPaths));
        Assert.Equal((ConditionOutcome.NotMatched, false), (decided.Outcome, decided.NeedsPaths));
        Assert.Equal((ConditionOutcome.NotMatched, false, "paths: expected src/**, found no changed path"), (known.Outcome, known.NeedsPaths, known.Sentence));
        Assert.Equal((ConditionOutcome.Matched, false), (unasked.Outcome, unasked.NeedsPaths));
    }

    [Fact]
    public void One_of_several_triggers_is_enough_and_else_the_closest_is_shown()
    {
        var rule = Facts.Rule("{ push: [ { repositories: acme/x, branches: a, paths: [p] }, { repositories: acme/*, branches: main } ], tag: { repositories: acme/* } }");

        Assert.Equal(ConditionOutcome.Matched, Evaluator.Evaluate(rule, Facts.Push()).Outcome);
        var closest = Evaluator.Evaluate(rule, Facts.Push(branch: "dev"));
        Assert.Equal(["repositories", "branches"], closest.Conditions.Select(line => line.Name));
        Assert.Equal("on: expected push, tag, found release", Evaluator.Evaluate(rule, Facts.Release("v1")).Sentence);
    }

    [Fact]
    public void A_trigger_that_matches_wins_over_one_that_needs_paths()
    {
        var rule = Facts.Rule("{ push: [ { repositories: acme/*, paths: [p] }, { repositories: acme/*, branches: main } ] }");

        var evaluation = Evaluator.Evaluate(rule, Facts.Push());

        Assert.Equal((ConditionOutcome.Matched, false), (evaluation.Outcome, evaluation.NeedsPaths));
        Assert.True(Evaluator.Evaluate(rule, Facts.Push(branch: "dev")).NeedsPaths);
    }

    public static TheoryData<string, Func<PullRequestFacts, PullRequestFacts>, string, string?> PullRequests() => new()
    {
        { "{}", pull => pull, "opened", null },
        { "{}", pull => pull, "ready_for_review", null },
        { "{ drafts: true }", pull => pull with { Draft = true }, "opened", null },
        { "{ drafts: true }", pull => pull, "ready_for_review", "types" },
        { "{}", pull => pull, "closed", "types" },
        { "{ types: closed }", pull => pull, "closed", null },
        { "{}", pull => pull with { Draft = true }, "opened", "drafts" },
        { "{}", pull => pull with { FromFork = true }, "opened", "forks" },
        { "{ forks: true }", pull => pull with { FromFork = true, HeadRepository = null }, "opened", null },
        { "{ branches: main }", pull => pull with { BaseRef = "release" }, "opened", "branches" },
        { "{ labels: [Ready] }", pull => pull with { Labels = ["ready"] }, "opened", null },
        { "{ labels: [ready] }", pull => pull, "opened", "labels" },
        { "{ labels: ['!wip'] }", pull => pull, "opened", null },
        { "{ labels: ['!wip'] }", pull => pull with { Labels = ["WIP"] }, "opened", "labels" },
        { "{ labels: ['!wip'] }", pull => pull with { Labels = ["wip", "ready"] }, "opened", "labels" },
        { "{ labels: [ready, '!wip'] }", pull => pull with { Labels = ["ready", "wip"] }, "opened", "labels" },
        { "{ labels: [ready, '!wip'] }", pull => pull with { Labels = ["ready", "big"] }, "opened", null },
        { "{ authors: octo* }", pull => pull with { Author = "Octocat" }, "opened", null },
        { "{ authors: octo* }", pull => pull with { Author = null }, "opened", "authors" },
    };

    [Theory]
    [MemberData(nameof(PullRequests), DisableDiscoveryEnumeration = true)]
    public void Pull_requests(string keys, Func<PullRequestFacts, PullRequestFacts> change, string action, string? missed)
    {
        var rule = Facts.Rule($"{{ pull_request: {keys} }}", scope: RuleFileScope.ForRepository("acme", "the-app"), action: "{ workflow: { file: a.yml } }");

        Assert.Equal(missed is null ? [] : [missed], Missed(rule, Facts.PullRequest(change, action)));
    }

    public static TheoryData<string, SignalFacts, string?> Others() => new()
    {
        { "{ checks: { repositories: acme/* } }", Facts.Checks("success"), null },
        { "{ checks: { repositories: acme/*, names: [build] } }", Facts.Checks("failure", ("build", "success"), ("lint", "failure")), null },
        { "{ checks: { repositories: acme/*, names: [build] } }", Facts.Checks("success", ("lint", "success")), "names,conclusions" },
        { "{ checks: { repositories: acme/*, names: [build], conclusions: failure } }", Facts.Checks("failure", ("build", "error"), ("lint", "success")), null },
        { "{ checks: { repositories: acme/*, branches: main } }", Facts.Checks("success") with { Branch = null }, "branches" },
        { "{ model: { repositories: acme/* } }", Facts.Model(change: "cosmetic"), "changes" },
        { "{ model: { repositories: acme/*, changes: cosmetic } }", Facts.Model(change: "cosmetic"), null },
        { "{ model: { repositories: acme/* } }", Facts.Model(change: null), null },
        { "{ model: { repositories: acme/*, changes: safe } }", Facts.Model(change: null, what: "added"), "changes" },
        { "{ model: { repositories: acme/*, paths: 'schemas/**' } }", Facts.Model(), "paths" },
        { "{ registry: { registry: MLflow-Prod } }", Facts.Registry(RegistryEvent.VersionCreated), null },
        { "{ registry: { registry: mlflow-prod } }", Facts.Registry(), "events" },
        { "{ registry: { registry: other, events: alias_set } }", Facts.Registry(), "registry" },
        { "{ registry: { registry: mlflow-prod, events: alias_set, stage: Production } }", Facts.Registry(), "stage" },
        { "{ registry: { registry: mlflow-prod, events: alias_set, tags: { validated: [no, maybe] } } }", Facts.Registry(), "tags.validated" },
        { "{ manual: { } }", Facts.Manual("acme/x"), null },
        { "{ manual: { repositories: acme/y } }", Facts.Manual("acme/x") with { Source = null }, "repositories" },
        { "{ release: { repositories: acme/*, prereleases: true } }", Facts.Release("v1"), "prereleases" },
        { "{ release: { repositories: acme/*, tags: 'v2*', types: released } }", Facts.Release("v1"), "types,tags" },
    };

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void Other_signals(string on, SignalFacts facts, string? missed) =>
        Assert.Equal(missed?.Split(',') ?? [], Missed(Facts.Rule(on), facts));

    [Fact]
    public void A_class_of_change_is_unknown_until_the_versions_are_compared()
    {
        var evaluation = Evaluator.Evaluate(Facts.Rule("{ model: { repositories: acme/*, changes: [breaking] } }"), Facts.Model(change: null));

        Assert.Equal((ConditionOutcome.Unknown, false), (evaluation.Outcome, evaluation.NeedsPaths));
        Assert.Contains("NotCompared", evaluation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_formats_of_the_language_are_those_of_the_catalogue() =>
        Assert.Equal(ModelFormat.All.Order(), TriggerLanguage.Formats.Order());

    private static IEnumerable<string> Missed(Rule rule, SignalFacts facts) =>
        Evaluator.Evaluate(rule, facts).Conditions.Where(line => line.Outcome == ConditionOutcome.NotMatched).Select(line => line.Name);
}
