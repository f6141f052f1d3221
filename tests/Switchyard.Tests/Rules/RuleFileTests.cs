using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class RuleFileTests
{
    [Fact]
    public void A_full_rule_is_read_as_it_is_written()
    {
        var rule = Facts.Rules("""
            version: 1
            rules:
              - name: integration-tests
                enabled: false
                on:
                  push: { repositories: [acme/the-app, "acme/the-lib-*"], branches: main, paths: ["src/**", "!**/*.md"], authors: octocat }
                  schedule: { cron: "30 5 * * 1-5", timezone: Europe/Berlin, repositories: acme/the-app }
                checks: { require: completed, names: [build, "test*"], settle: 1m30s, timeout: 1d }
                quiet: { for: 2m, max: 15m, keep: all, key: "${{ source.owner }}" }
                do:
                  - workflow: { repository: "${{ source.owner }}/the-tests", file: 12345, ref: v1.0, inputs: { sha: "${{ signal.sha }}", flag: true, number: 1.50 } }
                  - dispatch: { repository: acme/dashboard, event_type: changed, payload: { text: a, number: 7, real: 1.5, yes: true, none: null, id: 007, quoted: "7", list: [1, "${{ rule.name }}"], map: { a: {} } } }
                  - job: { registry: prod, file: jobs/train.yml, set: { tags.sha: "${{ signal.sha }}" } }
                report: none
            """).Single();

        Assert.Equal(("integration-tests", false, 3, Report.None), (rule.Name, rule.Enabled, rule.Line, rule.Report));
        Assert.Equal((GateRequirement.Completed, TimeSpan.FromSeconds(90), TimeSpan.FromDays(1)), (rule.Checks!.Require, rule.Checks.Settle, rule.Checks.Timeout));
        Assert.Equal(["build", "test*"], rule.Checks.Names);
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15), Keep.All, "${{ source.owner }}"), (rule.Quiet.For, rule.Quiet.Max, rule.Quiet.Keep, rule.Quiet.Key!.Text));
        var push = Assert.IsType<PushTrigger>(rule.On[0]);
        Assert.Equal(["src/**", "!**/*.md"], push.Paths.Patterns);
        Assert.Equal("Europe/Berlin", Assert.IsType<ScheduleTrigger>(rule.On[1]).Timezone.Id);
        var workflow = Assert.IsType<WorkflowAction>(rule.Do[0]);
        Assert.Equal(("12345", "v1.0", "true", "1.50"), (workflow.File.Text, workflow.Ref!.Text, workflow.Inputs["flag"].Text, workflow.Inputs["number"].Text));
        var dispatch = Assert.IsType<DispatchAction>(rule.Do[1]);
        Assert.Equal(
            """{"text":"a","number":7,"real":1.5,"yes":true,"none":null,"id":"007","quoted":"7","list":[1,"integration-tests"],"map":{"a":{}}}""",
            dispatch.Payload.Render(new Placeholders(Facts.Push(), rule.Name, "d-1")).ToJsonString());
        Assert.Equal("${{ signal.sha }}", Assert.IsType<JobAction>(rule.Do[2]).Set["tags.sha"].Text);
    }

    [Fact]
    public void What_is_left_out_has_the_defaults_of_the_documentation()
    {
        var rule = Facts.Rule("{ push: { repositories: acme/x }, pull_request: { repositories: acme/x }, release: { repositories: acme/x }, checks: { repositories: acme/x }, registry: { registry: r } }", "checks: success");

        Assert.True(rule.Enabled);
        Assert.Equal((Report.Check, Quiet.WhileChecksRun), (rule.Report, rule.Quiet));
        Assert.Equal(Quiet.None, Facts.Rule("{ push: { repositories: acme/x } }").Quiet);
        Assert.Equal((GateRequirement.Success, TimeSpan.FromSeconds(30), TimeSpan.FromHours(2)), (rule.Checks!.Require, rule.Checks.Settle, rule.Checks.Timeout));
        Assert.Equal(["opened", "synchronize", "reopened", "ready_for_review"], rule.On.OfType<PullRequestTrigger>().Single().Types);
        Assert.Equal(["published"], rule.On.OfType<ReleaseTrigger>().Single().Types);
        Assert.Equal(["success"], rule.On.OfType<ChecksTrigger>().Single().Conclusions);
        Assert.Equal(["version_created"], rule.On.OfType<RegistryTrigger>().Single().Events);
        Assert.Equal(TimeSpan.FromMinutes(20), Facts.Rule("{ push: { repositories: acme/x } }", "quiet: 2m").Quiet.Max);
        Assert.Null(Facts.Rule("{ push: { repositories: acme/x } }").Checks);
    }

    [Theory]
    [InlineData("push")]
    [InlineData("[push, pull_request]")]
    [InlineData("{ push: }")]
    [InlineData("{ push: {}, schedule: { cron: '0 5 * * *' } }")]
    public void A_repositorys_own_file_speaks_of_itself_where_it_names_none(string on)
    {
        var rule = Facts.Rule(on, scope: RuleFileScope.ForRepository("acme", "the-app"), action: "{ workflow: { file: a.yml } }");

        Assert.All(rule.On, trigger => Assert.Equal(["acme/the-app"], trigger.Repositories.Patterns));
        Assert.Equal("acme/the-app", rule.Do[0].Target!.Text);
    }

    [Fact]
    public void A_schedule_of_the_central_file_has_no_source()
    {
        Assert.True(Facts.Rule("{ schedule: { cron: '0 5 * * *' } }").On[0].Repositories.IsEmpty);
        Assert.False(RuleFile.Parse("version: 1\nrules: [ { name: a, on: { schedule: { cron: '0 5 * * *' } }, do: { workflow: { repository: acme/x, file: a.yml, inputs: { a: '${{ source.name }}' } } } } ]", RuleFileScope.Central("acme")).File is not null);
    }

    [Fact]
    public void An_alias_stands_for_the_value_it_names() =>
        Assert.Equal(
            ["acme/a", "acme/b"],
            Facts.Rule("{ push: { repositories: &sources [acme/a, acme/b] }, tag: { repositories: *sources } }").On[1].Repositories.Patterns);

    /// <summary>Scope, target, and whether it may be started; the last of all is what an administrator has allowed.</summary>
    [Theory]
    [InlineData("central", "acme/x", true)]
    [InlineData("central", "ACME/x", true)]
    [InlineData("central", "umbrella/x", false)]
    [InlineData("central", "umbrella/x", true, "umbrella/*")]
    [InlineData("central", "umbrella/y", false, "umbrella/x")]
    [InlineData("central", "umbrella/secret", false, "umbrella/*", "!umbrella/secret")]
    [InlineData("repository", "acme/the-tests", true)]
    [InlineData("repository", "acme/x", false, "acme/x")]
    [InlineData("local", "acme/x", false)]
    [InlineData("local", "acme/x", true, "acme/*")]
    [InlineData("local", "acme", false, "*/*")]
    [InlineData("local", "/x", false, "*/*")]
    public void Targets(string kind, string target, bool expected, params string[] allowed)
    {
        var scope = kind switch
        {
            "central" => RuleFileScope.Central("acme", allowed),
            "local" => RuleFileScope.Local(allowed),
            _ => RuleFileScope.ForRepository("acme", "the-tests"),
        };

        Assert.Equal(expected, Switchyard.Rules.Targets.IsAllowed(scope, target));
        Assert.Equal(expected, Switchyard.Rules.Targets.Refusal(scope, target) is null);
        Assert.True(expected || kind == "repository" || Switchyard.Rules.Targets.Refusal(scope, target)!.Contains($"switchyard admin target allow {target}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("acme/*", "${{ source.owner }}/the-tests", true)]
    [InlineData("*/the-app", "${{ source.owner }}/the-tests", true)]
    [InlineData("umbrella/the-app", "${{ source.owner }}/the-tests", false)]
    [InlineData("umbrella/the-app", "acme/${{ source.name }}", true)]
    [InlineData("umbrella/*", "${{ source.full_name }}", false)]
    [InlineData("acme/a, umbrella/b", "${{ source.full_name }}-tests", false)]
    public void A_target_with_placeholders_is_refused_at_load_only_where_it_can_never_be_allowed(string sources, string target, bool expected)
    {
        var result = RuleFile.Parse($"version: 1\nrules: [ {{ name: a, on: {{ push: {{ repositories: [\"{sources.Replace(", ", "\", \"", StringComparison.Ordinal)}\"] }} }}, do: {{ workflow: {{ repository: \"{target}\", file: a.yml }} }} }} ]", RuleFileScope.Central("acme"));

        Assert.Equal(expected, result.File is not null || result.Problems.All(problem => problem.Code != RuleProblemCode.TargetNotAllowed));
    }

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("30d", 2592000)]
    public void Durations(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Facts.Rule("{ push: { repositories: acme/x } }", $"quiet: {text}").Quiet.For);

    [Fact]
    public void What_github_would_refuse_is_said_before_it_is_sent()
    {
        var many = new System.Text.Json.Nodes.JsonObject(Enumerable.Range(0, 11).Select(i => KeyValuePair.Create($"k{i}", (System.Text.Json.Nodes.JsonNode?)i)));
        var large = new System.Text.Json.Nodes.JsonObject { ["a"] = new string('x', 65_528) };
        var fits = new System.Text.Json.Nodes.JsonObject { ["a"] = new string('x', 65_527) };

        Assert.Single(DispatchLimits.Problems("changed", many));
        Assert.Single(DispatchLimits.Problems("changed", large));
        Assert.Empty(DispatchLimits.Problems("changed", fits));
        Assert.Single(DispatchLimits.Problems("", []));
        Assert.Single(DispatchLimits.Problems(new string('x', 101), []));
        Assert.Empty(DispatchLimits.Problems(new string('x', 100), []));
        Assert.Single(DispatchLimits.Problems(Enumerable.Range(0, 26).ToDictionary(i => $"i{i}", _ => "")));
        Assert.Empty(DispatchLimits.Problems(Enumerable.Range(0, 25).ToDictionary(i => $"i{i}", _ => "")));
        Assert.Single(DispatchLimits.Problems(new Dictionary<string, string> { ["a"] = new('x', 65_535) }));
    }
}
