using AngleSharp.Dom;
using Switchyard.Server.Access;
using Switchyard.Tests.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Server.Activity;

/// <summary>The way from a Delivery to a Run, from wherever one stands on it.</summary>
public sealed class TracePageTests
{
    private const string TwoStarts =
        """
        version: 1
        rules:
          - name: integration-tests
            on:
              push: { repositories: [acme/the-app], branches: [main] }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
              - dispatch: { repository: acme/the-tests, event_type: upstream-changed }
          - name: never
            on:
              push: { repositories: [acme/the-app], branches: [release] }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml }
        """;

    private static readonly string[] Chain = ["Delivery", "Signal", "Evaluation", "Waiting", "Dispatch", "Attempt", "Run"];

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Each_page_of_the_way_shows_all_of_it_and_each_step_leads_to_the_next(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, TwoStarts);
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(2);
        await world.UntilAsync("/api/v1/dispatches", list => SwitchWorld.Items(list).All(item => item.GetProperty("run").ValueKind == System.Text.Json.JsonValueKind.Object));
        using var browser = await world.Server.SignInAsync(Role.Viewer);
        var dispatch = SwitchWorld.Text(SwitchWorld.Items(await world.GetAsync("/api/v1/dispatches")).First(), "id");

        var page = await browser.GetAsync($"/dispatches/{dispatch}");

        Assert.Equal("Dispatch", Kind(page.QuerySelector(".trace-here")!));
        var steps = Steps(page);
        Assert.Equal(Chain, steps.Select(step => step.Kind).Distinct());
        Assert.Equal(2, steps.Count(step => step.Kind == "Dispatch"));
        foreach (var (step, path) in steps.Where(step => step.Kind is "Delivery" or "Signal" or "Evaluation" or "Waiting" && step.Path.Length > 0).ToList())
        {
            var other = await browser.GetAsync(path);
            Assert.Equal(step, Kind(other.QuerySelector(".trace-here")!));
            Assert.Equal(Chain, Steps(other).Select(one => one.Kind).Distinct());
        }

        // The Delivery's trace has the rule that did not match as well, as a branch that ends there.
        var all = Steps(await browser.GetAsync(steps.Single(step => step.Kind == "Delivery").Path));
        Assert.Equal(2, all.Count(step => step.Kind == "Evaluation"));
    }

    [Fact]
    public async Task Several_signals_that_were_quiet_together_meet_in_what_waits()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("quiet: { for: 1h, max: 10h }"));
        for (var i = 0; i < 8; i++)
        {
            await world.PushAsync("acme/the-app", "src/app.cs", $"change {i}");
        }

        var pendings = await world.UntilAsync("/api/v1/pendings", list => SwitchWorld.Items(list).Any(item => item.GetProperty("sources")[0].GetProperty("signals").GetInt64() == 8));
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var trace = (await browser.GetAsync("/pending/" + SwitchWorld.Text(SwitchWorld.Items(pendings).Single(), "id"))).QuerySelector(".trace")!;

        Assert.Equal(6, trace.QuerySelectorAll(".trace-into .trace-way").Length);
        Assert.Equal("and 2 earlier signals", trace.QuerySelector(".trace-into .trace-more")!.TextContent);
        Assert.NotNull(trace.QuerySelector(".trace-here time[data-countdown]"));
    }

    [Fact]
    public async Task The_api_tells_the_same_trace_and_refuses_what_names_nothing_or_two_things()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", TwoStarts);
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(2);
        var signal = SwitchWorld.Text(SwitchWorld.Items(await world.GetAsync("/api/v1/dispatches")).First(), "signalId");

        var step = (await world.GetAsync($"/api/v1/traces?signal={signal}")).GetProperty("steps")[0];

        foreach (var kind in Chain.Take(6))
        {
            Assert.Equal(kind, SwitchWorld.Text(step, "kind"));
            step = step.GetProperty("next")[0];
        }

        await world.SendAsync(HttpMethod.Get, "/api/v1/traces", null, System.Net.HttpStatusCode.UnprocessableEntity);
        await world.SendAsync(HttpMethod.Get, $"/api/v1/traces?signal={signal}&delivery=1", null, System.Net.HttpStatusCode.UnprocessableEntity);
        await world.SendAsync(HttpMethod.Get, "/api/v1/traces?pending=999", null, System.Net.HttpStatusCode.NotFound);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Activity_has_what_happened_in_one_table_newest_first(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, TwoStarts);
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(2);
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var kinds = (await browser.GetAsync("/activity?repository=acme/the-app")).QuerySelectorAll(".activity-kind").Select(cell => cell.TextContent).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(["Delivery", "Dispatch", "Signal", "Sync", "Waiting"], kinds);
        Assert.All((await browser.GetAsync("/activity?kind=sync")).QuerySelectorAll(".activity-kind"), cell => Assert.Equal("Sync", cell.TextContent));
        var times = SwitchTimes(await browser.GetAsync("/activity"));
        Assert.Equal(times.OrderDescending(), times);
    }

    private static List<string> SwitchTimes(IDocument page) => [.. page.QuerySelectorAll("tbody td:first-child time").Select(time => time.GetAttribute("datetime")!)];

    private static string Kind(IElement step) => step.QuerySelector(".trace-kind")!.TextContent.Trim();

    private static List<(string Kind, string Path)> Steps(IDocument page) =>
        [.. page.QuerySelectorAll(".trace-step").Select(step => (Kind(step), step.QuerySelector("a")?.GetAttribute("href") ?? ""))];
}
