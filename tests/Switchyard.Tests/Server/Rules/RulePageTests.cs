using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Rules;

/// <summary>The pages of rules, their files, and what waits, as a browser without scripts has them.</summary>
public sealed class RulePageTests
{
    private const string ByHand =
        """
        version: 1
        rules:
          - name: by-hand
            on:
              manual: { inputs: [reason] }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml }
        """;

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_rule_is_shown_as_a_sentence_with_its_last_start_and_is_switched_off_and_on(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, QuietTests.Rule("report: check"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);
        using var browser = await world.Server.SignInAsync(Role.Operator);

        var row = (await browser.GetAsync("/rules?q=integr&signal=push&state=enabled")).QuerySelector("#list tbody tr")!;
        var cells = row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToList();
        Assert.Equal(["Enabled", "integration-tests"], cells.Take(2));
        Assert.Contains("workflow integration.yml in acme/the-tests", cells[3], StringComparison.Ordinal);
        Assert.StartsWith("/dispatches/", row.QuerySelectorAll("td")[4].QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("/acme/.github/blob/", row.QuerySelectorAll("td")[6].QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("No match", (await browser.GetAsync("/rules?signal=release")).QuerySelector("#list .empty-title")!.TextContent);

        var list = await browser.SubmitAsync(row.QuerySelector<IHtmlFormElement>("form[action$='/disable']")!);
        Assert.Equal("Disabled", list.QuerySelector("#list tbody td")!.TextContent.Trim());

        var path = list.QuerySelector("#list tbody a")!.GetAttribute("href")!;
        var page = await browser.GetAsync(path);
        Assert.Contains("push in acme/the-app, acme/the-lib", page.QuerySelector(".rule-sentence")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("- name: integration-tests", page.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[action$='/enable']")!);
        Assert.Equal("The rule is on.", page.QuerySelector(".said")!.TextContent.Trim());

        var history = (await browser.GetAsync(path + "?tab=history")).QuerySelector("tbody tr")!;
        Assert.Contains("Matched", history.TextContent, StringComparison.Ordinal);
        var evaluation = await browser.GetAsync(history.QuerySelector("a")!.GetAttribute("href")!);
        Assert.Contains(evaluation.QuerySelectorAll("#conditions ~ *, tbody tr td:first-child"), cell => cell.TextContent == "branches");
    }

    [Fact]
    public async Task A_broken_file_lists_every_error_at_its_place()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("report: check"));
        await world.RulesAsync(QuietTests.Rule("report: check").Replace("branches:", "branch:", StringComparison.Ordinal) + "\n      - shout: { <b>: 1 }", "Broken");
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var page = await browser.GetAsync("/rules");

        var file = page.QuerySelector("#files tbody tr")!;
        Assert.Equal("Broken", file.QuerySelector("td")!.TextContent.Trim());
        Assert.Contains("the last good one", file.TextContent, StringComparison.Ordinal);
        var problems = file.QuerySelectorAll(".rule-problems li").Where(line => line.TextContent.Contains("Error", StringComparison.Ordinal)).ToList();
        Assert.True(problems.Count >= 2, file.TextContent);
        Assert.All(problems, problem => Assert.Matches("line [0-9]+, column [0-9]+", problem.TextContent));
        Assert.Contains("#L", problems[0].QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Empty(file.QuerySelectorAll("b"));
    }

    [Fact]
    public async Task A_changed_file_is_held_against_what_happened_and_the_errors_of_a_broken_one_are_shown()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("report: check"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);
        using var browser = await world.Server.SignInAsync(Role.Operator);
        var path = (await browser.GetAsync("/rules")).QuerySelector("#list tbody a")!.GetAttribute("href") + "?tab=test";
        var form = (await browser.GetAsync(path)).QuerySelector<IHtmlFormElement>("form[action$='/test']")!;
        var text = form.QuerySelector("textarea")!.TextContent;
        Assert.Contains("name: integration-tests", text, StringComparison.Ordinal);

        var tested = await browser.SubmitAsync(form, ("text", text.Replace("integration.yml", "other.yml", StringComparison.Ordinal)), ("since", "24h"));

        Assert.Contains("1 more would be dispatched, 1 no longer, 0 as now", tested.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("other.yml", tested.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        var broken = await browser.SubmitAsync(form, ("text", "version: 1\nrules: [{ name: 1 }]"), ("since", "24h"));
        Assert.Contains("nothing was tried", broken.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(broken.QuerySelectorAll(".rule-problems li"));
    }

    [Fact]
    public async Task A_rule_with_a_manual_trigger_is_started_with_a_form_and_leads_to_its_signal()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", ByHand);
        await world.UntilAsync("/api/v1/rules", list => SwitchWorld.Items(list).Any());
        using var browser = await world.Server.SignInAsync(Role.Operator);
        var page = await browser.GetAsync((await browser.GetAsync("/rules")).QuerySelector("#list tbody a")!.GetAttribute("href")!);

        var signal = await browser.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[action$='/start']")!, ("input.reason", "<i>why</i>"));

        Assert.Equal("manual", signal.QuerySelector("h1")!.TextContent);
        Assert.Contains("<i>why</i>", signal.QuerySelector(".json")!.TextContent, StringComparison.Ordinal);
        await world.DispatchedAsync(1);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_waits_counts_down_and_goes_on_now_or_never(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, QuietTests.Rule("quiet: { for: 1h, max: 10h }"));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.PushAsync("acme/the-lib", "src/lib.cs", "2");
        await world.UntilAsync("/api/v1/pendings", list => SwitchWorld.Items(list).Count() == 2);
        using var browser = await world.Server.SignInAsync(Role.Operator);

        var row = (await browser.GetAsync("/pending?state=quiet&repository=acme/the-app")).QuerySelectorAll("main tbody tr").Single();
        Assert.Equal("in 59 min", row.QuerySelector("time[data-countdown]")!.TextContent);
        var page = await browser.SubmitAsync(row.QuerySelector<IHtmlFormElement>("form[action$='/now']")!);
        Assert.Contains("not waited for quiet", page.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        await world.DispatchedAsync(1);

        row = (await browser.GetAsync("/pending?state=quiet")).QuerySelectorAll("main tbody tr").Single();
        page = await browser.SubmitAsync(row.QuerySelector<IHtmlFormElement>("form[action$='/cancel']")!);
        Assert.Contains("Cancelled by Operator", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form[action$='/cancel']"));
        Assert.Contains("no longer waits", (await browser.SubmitAsync(row.QuerySelector<IHtmlFormElement>("form[action$='/cancel']")!)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(await world.EffectsAsync());
    }

    [Fact]
    public async Task Signals_are_listed_and_one_shows_what_each_rule_made_of_it()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("report: check"));
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var row = (await browser.GetAsync($"/signals?kind=push&sha={sha[..7]}")).QuerySelectorAll("main tbody tr").Single();
        Assert.Equal(["push", "acme/the-app", "main", sha[..7]], row.QuerySelectorAll("td").Take(4).Select(cell => cell.TextContent.Trim()));

        var page = await browser.GetAsync(row.QuerySelector("a")!.GetAttribute("href")!);
        Assert.Contains("integration-tests", page.QuerySelector("#evaluations tbody tr")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(sha, page.QuerySelector(".json")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty((await browser.GetAsync("/evaluations?result=matched&repository=acme/the-app")).QuerySelectorAll("main tbody tr"));
    }
}
