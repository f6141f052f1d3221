using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Switchyard.Tests.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>The pages of dispatches, as a browser without scripts has them.</summary>
public sealed class DispatchPageTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_dispatch_is_listed_with_github_s_words_for_its_run_which_is_run_again(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, QuietTests.Rule("report: check"));
        await world.ControlAsync("PUT", "plan", new JsonObject { ["secondsQueued"] = 0, ["secondsRunning"] = 0, ["conclusion"] = "failure" });
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(1);
        await world.UntilAsync("/api/v1/dispatches?run=failure", list => SwitchWorld.Items(list).Any());
        using var browser = await world.Server.SignInAsync(Role.Operator);

        var row = (await browser.GetAsync("/dispatches?rule=integration-tests&state=sent&run=failure&target=acme/the-tests&repository=acme/the-app")).QuerySelectorAll("main tbody tr").Single();
        Assert.Equal(["failure", "completed"], row.QuerySelectorAll(".run-words > span").Take(2).Select(word => word.TextContent.Trim()));
        Assert.Equal("No match", (await browser.GetAsync("/dispatches?run=success")).QuerySelector(".empty-title")!.TextContent);

        var page = await browser.GetAsync(row.QuerySelector("a")!.GetAttribute("href")!);
        Assert.Equal("acme/the-tests integration.yml", page.QuerySelector("h1")!.TextContent);
        Assert.Single(page.QuerySelector("#attempts")!.ParentElement!.ParentElement!.QuerySelectorAll("tbody tr"));
        Assert.Contains("switchyard_id", page.QuerySelector(".json")!.TextContent, StringComparison.Ordinal);
        var said = await browser.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[action$='/run/rerun']")!, ("failedOnly", "true"));
        Assert.Contains("jobs that failed again", said.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await world.EffectsAsync());
    }

    [Fact]
    public async Task What_failed_says_why_and_what_to_do_and_is_sent_again()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("report: check").Replace("integration.yml", "missing.yml", StringComparison.Ordinal));
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.UntilAsync("/api/v1/dispatches?state=Failed", list => SwitchWorld.Items(list).Any());
        using var browser = await world.Server.SignInAsync(Role.Operator);
        using var viewer = await world.Server.SignInAsync(Role.Viewer);
        var path = (await browser.GetAsync("/dispatches?state=failed")).QuerySelector("tbody a")!.GetAttribute("href")!;

        var page = await browser.GetAsync(path);

        Assert.Contains("missing.yml", page.QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await viewer.GetAsync(path)).QuerySelectorAll("main form[method=post]"));
        var retry = page.QuerySelector<IHtmlFormElement>("form[action$='/retry']")!;
        Assert.Equal("It is sent again, as it was.", (await browser.SubmitAsync(retry)).QuerySelector(".said")!.TextContent.Trim());
        Assert.Contains("There is no dispatch 999", (await browser.GetAsync("/dispatches/999", 404)).Body!.TextContent, StringComparison.Ordinal);
    }
}
