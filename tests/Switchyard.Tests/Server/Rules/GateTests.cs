using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Rules;

/// <summary>Gates: nothing starts before the checks of the source commit are as the rule asks.</summary>
public sealed class GateTests
{
    private const string Gate = "checks: { require: success, names: [build, lint], settle: 0s, timeout: 2h }";

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task It_waits_for_the_named_checks_and_goes_on_when_the_last_of_them_is_green(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule(Gate));
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await WaitsAsync(world, "build");

        await CheckAsync(world, sha, "build", "completed", "success");
        await WaitsAsync(world, "lint");
        Assert.Empty(await world.EffectsAsync());

        // A status is as good as a check run.
        await world.ControlAsync("POST", "repositories/acme/the-app/statuses", new JsonObject { ["sha"] = sha, ["context"] = "lint", ["state"] = "success" });
        Assert.Equal(sha, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
        var pending = Items(await world.GetAsync("/api/v1/pendings")).Single();
        Assert.Equal("Checks 2 of 2: build and lint passed", Text(pending, "detail"));
        Assert.Contains(pending.GetProperty("steps").EnumerateArray(), step => step.ToString().StartsWith("Checks were waited for from ", StringComparison.Ordinal) && step.ToString().EndsWith("Z. Checks 2 of 2: build and lint passed.", StringComparison.Ordinal));
        Assert.Equal((null, null), (Text(pending, "quietUntil"), Text(pending, "endedBy")));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_release_waits_for_the_checks_of_the_commit_that_its_tag_is_at(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { names: [build], settle: 0s }").Replace("push: {", "release: {", StringComparison.Ordinal).Replace(", branches: [main]", "", StringComparison.Ordinal));
        await world.UntilAsync("/api/v1/rules", list => Items(list).Any());
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.ControlAsync("POST", "repositories/acme/the-app/releases", new JsonObject { ["tag"] = "v1" });
        await WaitsAsync(world, "build");
        Assert.Empty(await world.EffectsAsync());

        await CheckAsync(world, sha, "build", "completed", "success");

        Assert.Equal(sha, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
        Assert.Equal(sha, Items(await world.GetAsync("/api/v1/signals?kind=release")).Select(item => Text(item, "sha")).First());
        await world.EndedCheckAsync("acme/the-app", sha, "Switchyard / integration-tests");
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_a_person_starts_waits_for_the_checks_of_the_default_branch(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { names: [build], settle: 0s }").Replace("push: {", "manual: {", StringComparison.Ordinal).Replace(", branches: [main]", "", StringComparison.Ordinal));
        var rule = Items(await world.UntilAsync("/api/v1/rules", list => Items(list).Any())).Single();
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{Text(rule, "id")}/start", new { repository = "acme/the-app" }, System.Net.HttpStatusCode.Accepted);
        await WaitsAsync(world, "build");
        Assert.Equal(sha, Text(Items(await world.GetAsync("/api/v1/pendings")).Single().GetProperty("sources")[0], "sha"));
        Assert.Empty(await world.EffectsAsync());

        await CheckAsync(world, sha, "build", "completed", "success");

        Assert.Equal(sha, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_draft_release_has_no_commit_and_so_never_passes_a_gate(string kind)
    {
        await using var world = await StartAsync(
            kind, QuietTests.Rule("checks: { names: [build], settle: 0s }").Replace("push: {", "release: { types: [created],", StringComparison.Ordinal).Replace(", branches: [main]", "", StringComparison.Ordinal));
        await world.UntilAsync("/api/v1/rules", list => Items(list).Any());
        await world.ControlAsync("POST", "repositories/acme/the-app/releases", new JsonObject { ["tag"] = "v2", ["draft"] = true });

        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "state") == "ChecksFailed" && Text(item, "detail")!.Contains("no commit", StringComparison.Ordinal)));
        await world.IdleAsync();
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_failed_check_holds_it_and_a_re_run_that_passes_lets_it_go(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { names: [build], settle: 0s }"));
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await CheckAsync(world, sha, "build", "completed", "failure");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "detail") is { } detail && detail.Contains("build", StringComparison.Ordinal) && detail.Contains("fail", StringComparison.Ordinal)));
        Assert.Empty(await world.EffectsAsync());

        await CheckAsync(world, sha, "build", "completed", "success");

        await world.DispatchedAsync(1);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_newer_commit_takes_the_place_of_the_one_that_waits_for_checks(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { names: [build], settle: 0s }"));
        var first = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await WaitsAsync(world, "build");
        var second = await world.PushAsync("acme/the-app", "src/app.cs", "3");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("sha").GetString() == second));

        await CheckAsync(world, first, "build", "completed", "success");
        await CheckAsync(world, second, "build", "completed", "success");

        Assert.Equal(second, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_commit_that_the_branch_no_longer_holds_starts_nothing(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { names: [build], settle: 0s }"));
        var before = Text(await world.GetAsync("/api/v1/repositories/by-name/acme/the-app"), "syncedHead");
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await WaitsAsync(world, "build");
        await world.ControlAsync("PUT", "repositories/acme/the-app/refs", new JsonObject { ["ref"] = "refs/heads/main", ["sha"] = before });
        await CheckAsync(world, sha, "build", "completed", "success");

        // Going back is a push as well, and what it goes back to is what waits now.
        await world.UntilAsync("/api/v1/pendings", list => Items(list).All(item => item.GetProperty("sources")[0].GetProperty("sha").GetString() != sha || Text(item, "state") == "Cancelled"));
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Checks_that_never_come_are_a_result(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { settle: 0s, timeout: 1s }"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");

        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "state") == "TimedOut"));
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Checks_that_may_not_be_read_end_with_the_time_and_the_reason(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { settle: 0s, timeout: 1s }"));
        await world.ControlAsync("PUT", "faults/api.error", new JsonObject { ["route"] = "/check-runs", ["status"] = 422 });
        await world.PushAsync("acme/the-app", "src/app.cs", "2");

        var ended = await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "state") == "TimedOut"));

        Assert.StartsWith("The checks of acme/the-app could not be read. ", Text(Items(ended).Single(), "detail"), StringComparison.Ordinal);
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_check_that_stays_failed_says_how_long_a_re_run_was_waited_for(string kind)
    {
        await using var world = await StartAsync(kind, QuietTests.Rule("checks: { settle: 0s, timeout: 2s }"));
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await CheckAsync(world, sha, "build", "completed", "failure");

        var ended = await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "state") == "ChecksFailed"));

        Assert.Equal("Checks 0 of 1: build is failure; no re-run turned that within 2s", Text(Items(ended).Single(), "detail"));
        Assert.Contains("no re-run turned that within 2s", (await world.EndedCheckAsync("acme/the-app", sha, "Switchyard / integration-tests"))["summary"]!.ToString(), StringComparison.Ordinal);
    }

    private static Task<JsonElement> WaitsAsync(SwitchWorld world, string check) =>
        world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => Text(item, "state") == "Checks" && Text(item, "detail") is { } detail && detail.Contains(check, StringComparison.Ordinal)));

    private static Task<JsonNode?> CheckAsync(SwitchWorld world, string sha, string name, string status, string conclusion) =>
        world.ControlAsync("POST", "repositories/acme/the-app/checks", new JsonObject { ["sha"] = sha, ["name"] = name, ["status"] = status, ["conclusion"] = conclusion });
}
