using System.Net;
using System.Text.Json.Nodes;
using Switchyard.Server.Rules.Sources;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Rules;

/// <summary>Files of rules: where they are read from, what becomes of a broken one, what they may start things in.</summary>
public sealed class RuleFileTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_broken_file_keeps_the_last_good_one_in_force_and_its_commit_is_told_where(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("quiet: { for: 0s }"));
        await world.RulesAsync("version: 1\nrules:\n  - name: broken\n    on: { pusch: { repositories: [acme/the-app] } }\n    do: []\n", "Broken");

        var source = Items(await world.GetAsync("/api/v1/rule-sources")).Single();
        var problems = source.GetProperty("problems").EnumerateArray().ToList();
        Assert.Contains(problems, problem => Text(problem, "message")!.Contains("pusch", StringComparison.Ordinal) && problem.GetProperty("line").GetInt32() == 4);
        Assert.Contains(problems, problem => Text(problem, "suggestion")?.Contains("push", StringComparison.Ordinal) == true);
        Assert.Equal("1", Text(source, "revision"));
        await world.IdleAsync();
        var check = (await world.ControlAsync("GET", "repositories/acme/.github/checks"))!.AsArray().Single(run => run!["name"]!.ToString() == "Switchyard / rules")!;
        Assert.Equal("failure", check["conclusion"]!.ToString());
        Assert.NotEmpty(check["annotations"]!.AsArray());

        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        Assert.Equal(sha, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_first_file_that_is_broken_says_that_nothing_is_in_force(string kind)
    {
        await using var world = await StartAsync(kind);
        await world.RulesAsync(QuietTests.Rule("quiett: { for: 0s }"), "Broken");
        await world.IdleAsync();

        var check = (await world.ControlAsync("GET", "repositories/acme/.github/checks"))!.AsArray().Single(run => run!["name"]!.ToString() == "Switchyard / rules")!;
        Assert.Equal("1 error: no rules of this file are in force", check["title"]!.ToString());
        Assert.Contains("there was no good one before", check["summary"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("What the rules start is looked at once there are no errors.", check["summary"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Every_warning_is_an_annotation_those_of_the_text_and_those_of_the_targets(string kind)
    {
        await using var world = await StartAsync(kind);
        var loaded = await world.RulesAsync(QuietTests.Rule("quiet: { for: 0s }").Replace("push: {", "push: { repositories: [acme/the-lib] }\n      model: { changes: breaking,", StringComparison.Ordinal)
            .Replace(", branches: [main]", "", StringComparison.Ordinal).Replace("integration.yml", "nf.yml", StringComparison.Ordinal));

        var check = await world.EndedCheckAsync("acme/.github", Text(Items(loaded).Single(), "commit")!, "Switchyard / rules");
        Assert.Equal("In force, with 2 warnings", check["title"]!.ToString());
        Assert.Equal(["NotYet", "TargetNotReady"], check["annotations"]!.AsArray().Select(annotation => annotation!["title"]!.ToString()));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_file_that_is_said_to_be_where_nothing_is_known_is_told_so(string kind)
    {
        await using var world = await StartAsync(kind);
        var rule = QuietTests.Rule("quiet: { for: 0s }");

        var central = await world.SendAsync(HttpMethod.Post, "/api/v1/rule-sources/check", new { text = rule, kind = "Central", source = "acne/.github" }, HttpStatusCode.OK);
        Assert.Contains(central.GetProperty("problems").EnumerateArray(), problem => Text(problem, "code") == "UnknownSource" && Text(problem, "suggestion") == "Did you mean acme?");
        var own = await world.SendAsync(HttpMethod.Post, "/api/v1/rule-sources/test", new { text = rule.Replace("acme/the-tests", "acme/nope", StringComparison.Ordinal), kind = "Repository", source = "acme/nope" }, HttpStatusCode.OK);
        Assert.Contains(own.GetProperty("problems").EnumerateArray(), problem => Text(problem, "message")!.StartsWith("No installation of the App covers a repository called acme/nope", StringComparison.Ordinal));
        Assert.DoesNotContain((await CheckAsync(world, rule)).GetProperty("problems").EnumerateArray(), problem => Text(problem, "code") == "UnknownSource");
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_file_that_is_removed_takes_its_rules_with_it_and_one_that_comes_back_keeps_their_history(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("quiet: { for: 0s }"));
        var id = Text(Items(await world.GetAsync("/api/v1/rules")).Single(), "id");

        await world.ControlAsync("POST", "repositories/acme/.github/commits", new JsonObject { ["branch"] = "main", ["message"] = "No rules", ["files"] = new JsonObject { ["switchyard.yml"] = null } });
        await world.UntilAsync("/api/v1/rules", list => !Items(list).Any());
        Assert.Equal("Absent", Text(Items(await world.GetAsync("/api/v1/rule-sources")).Single(), "state"));

        await world.RulesAsync(QuietTests.Rule("quiet: { for: 0s }"));
        Assert.Equal(id, Text(Items(await world.GetAsync("/api/v1/rules")).Single(), "id"));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_repository_subscribes_itself_and_may_start_nothing_elsewhere(string kind)
    {
        await using var world = await StartAsync(kind);
        await world.PushAsync("acme/the-tests", ".github/switchyard.yml", QuietTests.Rule("quiet: { for: 0s }"));
        await world.UntilAsync("/api/v1/rules", list => Items(list).Any(rule => Text(rule, "kind") == "Repository"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);

        await world.PushAsync("acme/the-lib", ".github/switchyard.yml", QuietTests.Rule("quiet: { for: 0s }"));
        var broken = Items(await world.UntilAsync("/api/v1/rule-sources?state=Broken", list => Items(list).Any())).Single();
        Assert.Equal("acme/the-lib", Text(broken, "name"));
        Assert.Contains(broken.GetProperty("problems").EnumerateArray(), problem => Text(problem, "message")!.Contains("acme/the-tests", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_target_that_is_missing_or_not_allowed_is_found_at_load_and_an_administrator_can_allow_it(string kind)
    {
        await using var world = await StartAsync(kind);
        await world.RulesAsync(QuietTests.Rule("quiet: { for: 0s }").Replace("acme/the-tests", "acme/the-test", StringComparison.Ordinal), "Broken");
        var problem = Items(await world.GetAsync("/api/v1/rule-sources")).Single().GetProperty("problems")[0];
        Assert.Contains("acme/the-test", Text(problem, "message"), StringComparison.Ordinal);
        Assert.Contains("acme/the-tests", Text(problem, "suggestion"), StringComparison.Ordinal);
        Assert.Equal((8, 33, "rules[0].do[0].workflow.repository"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32(), Text(problem, "path")));

        // Every error at once: this one is found in a file that has others.
        var broken = await CheckAsync(world, QuietTests.Rule("quiett: { for: 0s }").Replace("acme/the-tests", "acme/the-test", StringComparison.Ordinal));
        Assert.Equal(["UnknownKey", "MissingTarget"], broken.GetProperty("problems").EnumerateArray().Select(found => Text(found, "code")));

        await world.AddRepositoryAsync("other/builds", (".github/workflows/integration.yml", Workflow));
        await world.ControlAsync("POST", $"apps/{world.AppId}/installations", new JsonObject { ["account"] = "other" });
        await world.UntilAsync("/api/v1/repositories", list => Items(list).Any(item => Text(item, "fullName") == "other/builds"));
        await world.RulesAsync(QuietTests.Rule("quiet: { for: 0s }").Replace("acme/the-tests", "other/builds", StringComparison.Ordinal), "Broken");
        Assert.Contains("admin target allow", Items(await world.GetAsync("/api/v1/rule-sources")).Single().GetProperty("problems")[0].ToString(), StringComparison.Ordinal);

        await world.SendAsync(HttpMethod.Post, "/api/v1/targets", new { pattern = "other/*" }, HttpStatusCode.Created);
        Assert.Equal("Loaded", Text(Items(await world.GetAsync("/api/v1/rule-sources")).Single(), "state"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);

        var target = Items(await world.GetAsync("/api/v1/targets")).Single();
        await world.SendAsync(HttpMethod.Delete, $"/api/v1/targets/{Text(target, "id")}", null, HttpStatusCode.NoContent);
        Assert.Equal("Broken", Text(Items(await world.GetAsync("/api/v1/rule-sources")).Single(), "state"));
        await world.PushAsync("acme/the-app", "src/app.cs", "3");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Count(item => Text(item, "state") == "Released") == 2);
        await world.DispatchedAsync(1);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_workflow_that_is_not_there_is_a_warning_at_load_which_goes_once_it_is_merged(string kind)
    {
        await using var world = await StartAsync(kind);
        await world.RulesAsync(QuietTests.Rule("quiet: { for: 0s }").Replace("integration.yml", "nf.yml", StringComparison.Ordinal));

        var warning = Items(await world.UntilAsync("/api/v1/rule-sources", list => Items(list).Single().GetProperty("problems").GetArrayLength() > 0)).Single().GetProperty("problems").EnumerateArray().Single();
        Assert.Equal(("Warning", "TargetNotReady", "rules[0].do[0].workflow.file"), (Text(warning, "severity"), Text(warning, "code"), Text(warning, "path")));
        Assert.Equal((8, 55), (warning.GetProperty("line").GetInt32(), warning.GetProperty("column").GetInt32()));
        Assert.Equal("acme/the-tests nf.yml: There is no .github/workflows/nf.yml on main of acme/the-tests. There are integration.yml.", Text(warning, "message"));
        await world.IdleAsync();
        var check = RulesCheck(await world.ControlAsync("GET", "repositories/acme/.github/checks"));
        Assert.Equal(("neutral", "In force, with 1 warning", 1), (check["conclusion"]!.ToString(), check["title"]!.ToString(), check["annotations"]!.AsArray().Count));

        await world.PushAsync("acme/the-tests", ".github/workflows/nf.yml", Workflow);
        await world.Server.Get<JudgeRulesAgain>().RunAsync(CancellationToken.None);

        Assert.Empty(Items(await world.GetAsync("/api/v1/rule-sources")).Single().GetProperty("problems").EnumerateArray());
        await world.IdleAsync();
        Assert.Equal("success", RulesCheck(await world.ControlAsync("GET", "repositories/acme/.github/checks"))["conclusion"]!.ToString());

        static JsonNode RulesCheck(JsonNode? checks) => checks!.AsArray().Single(run => run!["name"]!.ToString() == "Switchyard / rules")!;
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_a_workflow_does_not_take_is_a_warning_and_a_GitHub_that_does_not_answer_is_no_error(string kind)
    {
        await using var world = await StartAsync(kind);
        await world.AddRepositoryAsync("acme/more", (".github/workflows/needs.yml", "on: { workflow_dispatch: { inputs: { stage: { required: true } } } }"), (".github/workflows/quiet.yml", "on: push"));

        Assert.Equal(
            ["acme/the-tests integration.yml: It has no input shaa on main, so GitHub refuses the start. Did you mean sha?"],
            Warnings(await CheckAsync(world, QuietTests.Rule("quiet: { for: 0s }", "{ shaa: \"${{ signal.sha }}\" }"))));
        await world.UntilAsync("/api/v1/repositories", list => Items(list).Any(item => Text(item, "fullName") == "acme/more"));
        Assert.Equal(
            ["acme/more needs.yml: It requires the input stage, which the rule does not give, so GitHub refuses the start."],
            Warnings(await CheckAsync(world, QuietTests.Rule("quiet: { for: 0s }", "{}").Replace("acme/the-tests, file: integration.yml", "acme/more, file: needs.yml", StringComparison.Ordinal))));
        Assert.Equal(
            ["acme/more quiet.yml: It has no `workflow_dispatch` trigger on main, so nobody can start it."],
            Warnings(await CheckAsync(world, QuietTests.Rule("quiet: { for: 0s }", "{}").Replace("acme/the-tests, file: integration.yml", "acme/more, file: quiet.yml", StringComparison.Ordinal))));
        Assert.Empty(Warnings(await CheckAsync(world, QuietTests.Rule("quiet: { for: 0s }"))));

        await world.ControlAsync("PUT", "faults/api.error", new JsonObject { ["route"] = "/contents/", ["status"] = 500 });
        Assert.StartsWith("acme/the-tests was not looked at: ", Assert.Single(Warnings(await CheckAsync(world, QuietTests.Rule("quiet: { for: 0s }")))), StringComparison.Ordinal);

        static List<string?> Warnings(System.Text.Json.JsonElement answer)
        {
            Assert.True(answer.GetProperty("good").GetBoolean());
            Assert.All(answer.GetProperty("problems").EnumerateArray(), problem => Assert.Equal("Warning", Text(problem, "severity")));
            return [.. answer.GetProperty("problems").EnumerateArray().Select(problem => Text(problem, "message"))];
        }
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_loop_by_the_checks_of_the_default_branch_is_refused(string kind)
    {
        await using var world = await StartAsync(kind);
        const string Rules = "version: 1\nrules:\n  - name: a\n    on: { checks: { repositories: [acme/the-tests], branches: [main] } }\n    do: { workflow: { repository: acme/the-tests, file: integration.yml } }\n";

        var problem = (await CheckAsync(world, Rules)).GetProperty("problems").EnumerateArray().Single();
        Assert.Equal(("Error", "Loop"), (Text(problem, "severity"), Text(problem, "code")));

        problem = (await CheckAsync(world, Rules.Replace("[main]", "[release]", StringComparison.Ordinal))).GetProperty("problems").EnumerateArray().Single();
        Assert.Equal(("Warning", "Loop"), (Text(problem, "severity"), Text(problem, "code")));
        Assert.Contains("if a workflow that is started pushes to a branch whose checks start \"a\" (release).", Text(problem, "message"), StringComparison.Ordinal);
    }

    private static Task<System.Text.Json.JsonElement> CheckAsync(SwitchWorld world, string text) =>
        world.SendAsync(HttpMethod.Post, "/api/v1/rule-sources/check", new { text, kind = "Central", source = "acme/.github" }, HttpStatusCode.OK);

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Local_rules_are_put_in_force_whole_or_refused_with_every_error(string kind)
    {
        await using var world = await StartAsync(kind);
        var refused = await world.SendAsync(HttpMethod.Put, "/api/v1/rule-sources/local/mine", new { text = "version: 1\nrules:\n  - name: x\n    onn: {}\n    do: []\n" }, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("onn", Text(refused, "detail"), StringComparison.Ordinal);
        Assert.Empty(Items(await world.GetAsync("/api/v1/rule-sources")));

        await world.SendAsync(HttpMethod.Post, "/api/v1/targets", new { pattern = "acme/*" }, HttpStatusCode.Created);
        await world.SendAsync(HttpMethod.Put, "/api/v1/rule-sources/local/mine", new { text = QuietTests.Rule("quiet: { for: 0s }") }, HttpStatusCode.OK);
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);

        await world.SendAsync(HttpMethod.Delete, "/api/v1/rule-sources/local/mine", null, HttpStatusCode.NoContent);
        await world.SendAsync(HttpMethod.Delete, "/api/v1/rule-sources/local/mine", null, HttpStatusCode.NotFound);
        await world.PushAsync("acme/the-app", "src/app.cs", "3");
        await world.DispatchedAsync(1);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_changed_file_is_tried_on_what_happened_and_a_pull_request_is_told(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("quiet: { for: 0s }"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.PushAsync("acme/the-lib", "src/lib.cs", "2");
        await world.DispatchedAsync(2);
        var changed = QuietTests.Rule("quiet: { for: 0s }").Replace("[acme/the-app, acme/the-lib]", "[acme/the-lib, acme/.github]", StringComparison.Ordinal);

        var tested = await world.SendAsync(HttpMethod.Post, "/api/v1/rule-sources/test", new { text = changed, kind = "Central", source = "acme/.github" }, HttpStatusCode.OK);

        Assert.True(tested.GetProperty("good").GetBoolean());
        Assert.Equal(1, tested.GetProperty("unchanged").GetInt32());
        Assert.Equal("acme/the-app", Text(tested.GetProperty("removed").EnumerateArray().Single(), "repository"));
        Assert.Empty(tested.GetProperty("added").EnumerateArray());

        var pull = await world.ControlAsync(
            "POST", "repositories/acme/.github/pulls", new JsonObject { ["head"] = "fewer", ["title"] = "Fewer", ["message"] = "Fewer", ["files"] = new JsonObject { ["switchyard.yml"] = changed } });
        await world.UntilAsync("/api/v1/signals", list => Items(list).Any(item => Text(item, "kind") == "pull_request"));
        var sha = pull!["sha"]!.ToString();
        var check = await world.EndedCheckAsync("acme/.github", sha, "Switchyard / rules preview");
        Assert.Equal("success", check["conclusion"]!.ToString());
        Assert.Contains("1 fewer", check["title"]!.ToString(), StringComparison.Ordinal);
    }
}
