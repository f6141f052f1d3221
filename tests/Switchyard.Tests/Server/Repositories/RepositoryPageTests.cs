using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Xunit;
using static Switchyard.Tests.Server.Repositories.Hub;

namespace Switchyard.Tests.Server.Repositories;

/// <summary>The pages of repositories and Syncs, as a browser without scripts has them.</summary>
public sealed class RepositoryPageTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task The_table_shows_a_repository_and_its_menu_synchronizes_it(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("shop.avsc", "\"int\""));
        using var browser = await hub.Server.SignInAsync(Role.Operator);
        await hub.UntilAsync("/api/v1/syncs", list => Items(list).All(item => Text(item, "endedAt") is not null));
        var syncs = (await hub.GetAsync("/api/v1/syncs")).GetProperty("total").GetInt32();

        var row = (await browser.GetAsync("/repositories")).QuerySelector("tbody tr")!;
        Assert.Equal(["acme/models", "Synced", "Healthy"], row.QuerySelectorAll("td").Take(3).Select(cell => cell.TextContent.Trim()));

        var said = await browser.SubmitAsync(row.QuerySelector<IHtmlFormElement>("form[action$='/sync']")!, ("mode", "full"));
        Assert.Equal("Synchronizing.", said.QuerySelector(".said")!.TextContent.Trim());
        await hub.UntilAsync("/api/v1/syncs", list => list.GetProperty("total").GetInt32() == syncs + 1);
        Assert.Null((await browser.GetAsync("/repositories")).QuerySelector(".said"));

        var page = await browser.GetAsync(row.QuerySelector("a")!.GetAttribute("href") + "?tab=syncs");
        Assert.Equal("acme/models", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("full", page.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Sync " + page.QuerySelector("tbody a")!.TextContent, (await browser.GetAsync(page.QuerySelector("tbody a")!.GetAttribute("href")!)).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task A_suspended_repository_offers_to_resume_and_says_so()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        using var browser = await hub.Server.SignInAsync(Role.Operator);

        var list = await browser.GetAsync("/repositories");
        list = await browser.SubmitAsync(list.QuerySelector<IHtmlFormElement>("form[action$='/suspend']")!);

        Assert.Equal("Suspended", list.QuerySelectorAll("tbody td")[2].TextContent.Trim());
        Assert.Empty(list.QuerySelectorAll("form[action$='/sync']"));
        list = await browser.SubmitAsync(list.QuerySelector<IHtmlFormElement>("form[action$='/resume']")!);
        Assert.NotEmpty(list.QuerySelectorAll("form[action$='/sync']"));
    }

    [Fact]
    public async Task A_wrong_commit_an_unknown_repository_and_a_wrong_filter_are_told_as_pages()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        using var browser = await hub.Server.SignInAsync();
        var form = (await browser.GetAsync("/repositories")).QuerySelector<IHtmlFormElement>("form[action$='/sync']")!;

        Assert.Contains("at least 4 digits", (await browser.SubmitAsync(form, ("mode", "from-commit"), ("from", "xyz"))).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("acme/nothing", (await browser.GetAsync("/repositories/by-hand/acme/nothing", 404)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Synced, OutOfSync or Unknown", (await browser.GetAsync("/repositories?status=Fine", 422)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("No match", (await browser.GetAsync("/repositories?q=nowhere")).QuerySelector(".empty-title")!.TextContent);
    }

    [Fact]
    public async Task A_repository_shows_what_is_wrong_and_leads_to_what_is_its()
    {
        await using var world = await Rules.SwitchWorld.StartAsync("sqlite", Rules.QuietTests.Rule(""));
        await world.PushAsync("acme/the-app", "shop.hck.json", "{ this is no model");
        await world.UntilAsync("/api/v1/repositories?q=the-app", list => Items(list).Single().GetProperty("problems").GetInt32() == 1);
        using var viewer = await world.Server.SignInAsync(Role.Viewer);

        var page = await viewer.GetAsync("/repositories/switch/acme/the-app?tab=problems");
        Assert.Equal("shop.hck.json", page.QuerySelector("#tab tbody a")!.TextContent);
        await viewer.GetAsync(page.QuerySelector("#tab tbody a")!.GetAttribute("href")!);

        page = await viewer.GetAsync("/repositories/switch/acme/the-app");
        foreach (var link in page.QuerySelectorAll("nav[aria-label='Of this repository'] a"))
        {
            Assert.NotEmpty((await viewer.GetAsync(link.GetAttribute("href")!)).QuerySelectorAll("#list tbody tr, #list .row-link"));
        }

        Assert.Equal("1", Text(await world.GetAsync("/api/v1/rules?repository=acme/the-app"), "total"));
        Assert.Equal("1", Text(await world.GetAsync("/api/v1/rules?repository=acme/the-tests"), "total"));
        Assert.Equal("0", Text(await world.GetAsync("/api/v1/rules?repository=acme/.github"), "total"));
    }

    [Fact]
    public async Task Unlinking_takes_the_name_of_the_repository_and_an_administrator()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        using var person = await hub.Server.SignInAsync(Role.Operator);
        Assert.Empty((await person.GetAsync("/repositories")).QuerySelectorAll("form[action$='/unlink']"));
        using var browser = await hub.Server.SignInAsync();
        var form = (await browser.GetAsync("/repositories")).QuerySelector<IHtmlFormElement>("form[action$='/unlink']")!;

        Assert.Contains("\"acme/model\" is another one", (await browser.SubmitAsync(form, ("name", "acme/model"))).Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(Items(await hub.GetAsync("/api/v1/repositories")));
        await browser.SubmitAsync(form, ("name", "acme/models"));
        await hub.UntilAsync("/api/v1/repositories", list => !Items(list).Any());
    }

    [Fact]
    public async Task A_viewer_reads_and_is_told_which_role_acts()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        using var viewer = await hub.Server.SignInAsync(Role.Viewer);
        using var other = await hub.Server.SignInAsync(Role.Operator);
        var form = (await other.GetAsync("/repositories")).QuerySelector<IHtmlFormElement>("form[action$='/suspend']")!;

        Assert.Empty((await viewer.GetAsync("/repositories")).QuerySelectorAll("main form[method=post]"));

        // With the mark of another session nothing is taken, whatever the role.
        Assert.Contains("This form was not sent by a page of yours", (await viewer.SubmitAsync(form)).Body!.TextContent, StringComparison.Ordinal);
        var mark = (await viewer.GetAsync("/repositories")).QuerySelector<IHtmlInputElement>("input[name=_csrf]")!.Value;
        Assert.Contains("This needs the role operator", (await viewer.SubmitAsync(form, ("_csrf", mark))).Body!.TextContent, StringComparison.Ordinal);
    }
}
