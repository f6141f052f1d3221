using System.Net;
using System.Text.Json.Nodes;
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
