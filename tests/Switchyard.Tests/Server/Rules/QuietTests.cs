using System.Net;
using System.Text.Json.Nodes;
using Switchyard.Server.Signals;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Rules;

/// <summary>Quiet periods: what is folded into one start, what is not, and what a person can do about them.</summary>
public sealed class QuietTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Many_pushes_within_the_quiet_period_make_one_dispatch_for_the_last_commit(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }", "{ sha: \"${{ signal.sha }}\", sources: \"${{ batch.count }}\" }"));
        var last = "";
        for (var i = 0; i < 20; i++)
        {
            last = await world.PushAsync("acme/the-app", "src/app.cs", $"change {i}");
        }

        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("signals").GetInt64() == 20));
        var pending = Items(await world.GetAsync("/api/v1/pendings?state=Quiet")).Single();
        Assert.Equal(last, pending.GetProperty("sources")[0].GetProperty("sha").GetString());
        Assert.Empty(await world.EffectsAsync());

        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/now", null, HttpStatusCode.Accepted);

        var inputs = (await world.DispatchedAsync(1))[0]["inputs"]!;
        Assert.Equal((last, "20"), (inputs["sha"]!.ToString(), inputs["sources"]!.ToString()));
        Assert.StartsWith("20 signals went in", (await world.GetAsync($"/api/v1/pendings/{Text(pending, "id")}")).GetProperty("steps")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_push_that_is_told_late_does_not_take_the_place_of_a_newer_one(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }"));

        // The first poll may be late, and would find what is told late here.
        await world.ControlAsync("PUT", "faults/api.error", new JsonObject { ["route"] = "git/matching-refs" });
        var first = await world.PushAsync("acme/the-app", "src/app.cs", "first");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any());
        var (late, guid) = await world.PushUntoldAsync("acme/the-app", "src/app.cs", "late");
        var newer = await world.PushAsync("acme/the-app", "src/app.cs", "newer");
        await world.UntilAsync("/api/v1/pendings", list => Text(Items(list).Single().GetProperty("sources")[0], "sha") == newer);

        await world.ControlAsync("POST", $"deliveries/{guid}/redeliver");
        await world.UntilAsync("/api/v1/evaluations?result=Suppressed", list => Items(list).Any(item => Text(item, "reason")!.StartsWith("Superseded: " + newer[..7], StringComparison.Ordinal)));

        var source = Items(await world.GetAsync("/api/v1/pendings")).Single().GetProperty("sources")[0];
        Assert.Equal((newer, 3L), (Text(source, "sha"), source.GetProperty("signals").GetInt64()));
        foreach (var sha in (string[])[first, late])
        {
            var check = await world.EndedCheckAsync("acme/the-app", sha, "Switchyard / integration-tests");
            Assert.Equal(("neutral", "Superseded by a newer commit"), (check["conclusion"]!.ToString(), check["title"]!.ToString()));
        }

        // Nor does it start anything once the newer one was sent.
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(Items(await world.GetAsync("/api/v1/pendings")).Single(), "id")}/now", null, HttpStatusCode.Accepted);
        Assert.Equal(newer, (await world.DispatchedAsync(1))[0]["inputs"]!["sha"]!.ToString());
        (_, guid) = await world.PushUntoldAsync("acme/the-app", "src/app.cs", "late again");
        newer = await world.PushAsync("acme/the-app", "src/app.cs", "newest");
        await world.UntilAsync("/api/v1/pendings?state=Quiet", list => Items(list).Any());
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(Items(await world.GetAsync("/api/v1/pendings?state=Quiet")).Single(), "id")}/now", null, HttpStatusCode.Accepted);
        await world.DispatchedAsync(2);
        await world.ControlAsync("POST", $"deliveries/{guid}/redeliver");
        await world.UntilAsync("/api/v1/evaluations?result=Suppressed", list => Items(list).Any(item => Text(item, "reason")!.StartsWith("Superseded: " + newer[..7], StringComparison.Ordinal)));
        await world.DispatchedAsync(2);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_push_that_a_poll_finds_right_after_another_takes_its_place(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }"));
        var poll = world.Server.Get<PollRefs>();
        await poll.RunAsync(CancellationToken.None);
        var first = await world.PushAsync("acme/the-app", "src/app.cs", "first");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any());
        var (unheard, guid) = await world.PushUntoldAsync("acme/the-app", "src/app.cs", "unheard");

        await poll.RunAsync(CancellationToken.None);

        var pending = await world.UntilAsync("/api/v1/pendings", list => Items(list).Single().GetProperty("sources")[0].GetProperty("signals").GetInt64() == 2);
        Assert.Equal(unheard, Text(Items(pending).Single().GetProperty("sources")[0], "sha"));
        var check = await world.EndedCheckAsync("acme/the-app", first, "Switchyard / integration-tests");
        Assert.Equal("Superseded by a newer commit", check["title"]!.ToString());

        await world.ControlAsync("POST", $"deliveries/{guid}/redeliver");
        await world.IdleAsync();
        Assert.Equal(unheard, Text(Items(await world.GetAsync("/api/v1/pendings")).Single().GetProperty("sources")[0], "sha"));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Without_quiet_each_push_starts_it_however_many_come_at_once(string kind)
    {
        // Nothing is released, as on a server that is behind: what is folded would be folded here.
        await using var world = await StartAsync(kind, Rule(""), new Dictionary<string, string?> { ["Dispatches:Lanes"] = "0" });
        string[] pushed = [await world.PushAsync("acme/the-app", "src/app.cs", "2"), await world.PushAsync("acme/the-app", "src/app.cs", "3"), await world.PushAsync("acme/the-app", "src/app.cs", "4")];

        var waiting = await world.UntilAsync("/api/v1/pendings", list => Items(list).Count() == 3);

        Assert.Equal(pushed.Order(), Items(waiting).Select(item => Text(item.GetProperty("sources")[0], "sha")).Order());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task With_keep_all_each_push_is_dispatched_once_it_is_quiet(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h, keep: all }"));
        var pushed = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            pushed.Add(await world.PushAsync("acme/the-app", "src/app.cs", $"change {i}"));
        }

        var waiting = Items(await world.UntilAsync("/api/v1/pendings?state=Quiet", list => Items(list).Count() == 5)).ToList();
        Assert.Single(waiting.Select(item => Text(item, "dueAt")).Distinct());
        foreach (var pending in waiting)
        {
            await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/now", null, HttpStatusCode.Accepted);
        }

        Assert.Equal(pushed.Order(), (await world.DispatchedAsync(5)).Select(effect => effect["inputs"]!["sha"]!.ToString()).Order());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Max_bounds_the_wait_since_the_first(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 90m }"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.PushAsync("acme/the-app", "src/app.cs", "3");

        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("signals").GetInt64() == 2));
        var pending = Items(await world.GetAsync("/api/v1/pendings")).Single();

        // An hour after the last is sooner than 90 minutes after the first; were the first half an hour older, it would not be.
        Assert.Equal(pending.GetProperty("lastAt").GetDateTimeOffset().AddHours(1), pending.GetProperty("dueAt").GetDateTimeOffset());
        await world.Server.Database.WriteAsync(session => session.ExecuteAsync("update pendings set first_at = first_at - 2700000"), CancellationToken.None);
        await world.PushAsync("acme/the-app", "src/app.cs", "4");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("signals").GetInt64() == 3));
        pending = Items(await world.GetAsync("/api/v1/pendings")).Single();
        Assert.Equal(pending.GetProperty("firstAt").GetDateTimeOffset().AddMinutes(90), pending.GetProperty("dueAt").GetDateTimeOffset());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Several_sources_of_one_key_are_one_start_that_lists_them(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h, key: together }", "{ sources: \"${{ batch.sources }}\" }"));
        var app = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        var lib = await world.PushAsync("acme/the-lib", "src/lib.cs", "2");

        var pending = Items(await world.UntilAsync("/api/v1/pendings", list => Items(list).Any(item => item.GetProperty("sources").GetArrayLength() == 2))).Single();
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/now", null, HttpStatusCode.Accepted);

        var sources = (await world.DispatchedAsync(1))[0]["inputs"]!["sources"]!.ToString();
        Assert.Contains(app, sources, StringComparison.Ordinal);
        Assert.Contains(lib, sources, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_a_person_cancels_starts_nothing_and_cannot_be_cancelled_twice(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        var pending = Items(await world.UntilAsync("/api/v1/pendings", list => Items(list).Any())).Single();

        var cancelled = await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/cancel", null, HttpStatusCode.Accepted);
        Assert.Equal("Cancelled", Text(cancelled, "state"));
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/cancel", null, HttpStatusCode.Conflict);
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/now", null, HttpStatusCode.Conflict);
        await world.SendAsync(HttpMethod.Post, "/api/v1/pendings/4711/cancel", null, HttpStatusCode.NotFound);

        await world.IdleAsync();
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_waits_of_a_rule_that_is_switched_off_is_cancelled_at_once_and_stays_so(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }"));
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        var pending = Items(await world.UntilAsync("/api/v1/pendings", list => Items(list).Any())).Single();
        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{Text(pending, "ruleId")}/disable", null, HttpStatusCode.OK);

        var cancelled = await world.GetAsync($"/api/v1/pendings/{Text(pending, "id")}");
        Assert.Equal(("Cancelled", "The rule was switched off while this waited."), (Text(cancelled, "state"), Text(cancelled, "detail")));
        Assert.Equal("cancelled", (await world.EndedCheckAsync("acme/the-app", sha, "Switchyard / integration-tests"))["conclusion"]!.ToString());

        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{Text(pending, "ruleId")}/enable", null, HttpStatusCode.OK);
        await world.SendAsync(HttpMethod.Post, $"/api/v1/pendings/{Text(pending, "id")}/now", null, HttpStatusCode.Conflict);
        await world.SendAsync(HttpMethod.Post, $"/api/v1/rules/{Text(pending, "ruleId")}/disable", null, HttpStatusCode.OK);
        await world.PushAsync("acme/the-app", "src/app.cs", "3");
        await world.UntilAsync("/api/v1/evaluations?result=Suppressed", list => Items(list).Any(item => Text(item, "reason")!.StartsWith("Disabled", StringComparison.Ordinal)));
        Assert.Empty(await world.EffectsAsync());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_waits_of_a_rule_that_its_file_takes_out_is_cancelled_and_the_commit_is_told(string kind)
    {
        await using var world = await StartAsync(kind, Rule("quiet: { for: 1h, max: 10h }"));
        var removed = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.UntilAsync("/api/v1/pendings", list => Items(list).Any());
        await world.RulesAsync(Rule("quiet: { for: 1h, max: 10h }").Replace("integration-tests", "other-tests", StringComparison.Ordinal));
        Assert.Equal("The rule was removed while this waited.", Text(Items(await world.GetAsync("/api/v1/pendings")).Single(), "detail"));
        Assert.Equal("cancelled", (await world.EndedCheckAsync("acme/the-app", removed, "Switchyard / integration-tests"))["conclusion"]!.ToString());

        var off = await world.PushAsync("acme/the-app", "src/app.cs", "3");
        await world.UntilAsync("/api/v1/pendings?state=Quiet", list => Items(list).Any());
        await world.RulesAsync(Rule("enabled: false").Replace("integration-tests", "other-tests", StringComparison.Ordinal));
        Assert.Equal(["Cancelled", "Cancelled"], Items(await world.GetAsync("/api/v1/pendings")).Select(item => Text(item, "state")));
        Assert.Equal("cancelled", (await world.EndedCheckAsync("acme/the-app", off, "Switchyard / other-tests"))["conclusion"]!.ToString());
        Assert.Empty(await world.EffectsAsync());
    }

    internal static string Rule(string more, string inputs = "{ sha: \"${{ signal.sha }}\" }") =>
        $"""
        version: 1
        rules:
          - name: integration-tests
            on:
              push: {OpenBrace} repositories: [acme/the-app, acme/the-lib], branches: [main] {CloseBrace}
            {more}
            do:
              - workflow: {OpenBrace} repository: acme/the-tests, file: integration.yml, inputs: {inputs} {CloseBrace}
        """;

    private const string OpenBrace = "{";
    private const string CloseBrace = "}";
}
