using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Home;

/// <summary>The demo that the panel starts beside the server.</summary>
public sealed class DemoPageTests
{
    [Fact]
    public async Task The_demo_is_started_opened_and_ended_from_the_first_page()
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Demo:Program"] = Path.Combine(AppContext.BaseDirectory, "switchyard") });
        using var browser = await server.SignInAsync();
        var page = await browser.GetAsync((await browser.GetAsync("/")).QuerySelector("a[href='/demo']")!.GetAttribute("href")!);

        page = await browser.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[action='/demo']")!);
        var link = new Uri(page.QuerySelector(".btn-primary")!.GetAttribute("href")!);
        using (var visitor = PanelClient.Anonymous(new Uri(link.GetLeftPart(UriPartial.Authority))))
        {
            var welcome = await visitor.GetAsync(link.PathAndQuery);
            var home = await visitor.SubmitAsync(welcome.QuerySelector<IHtmlFormElement>("form")!);
            Assert.Contains("What has changed lately", home.Body!.TextContent, StringComparison.Ordinal);
        }

        // Cookies do not know ports: being in there, too, must not end being in here.
        Assert.Contains("switchyard_demo_session", await CookieOfAsync(browser, link), StringComparison.Ordinal);

        // A second look needs another link, and no second demo.
        var again = new Uri((await browser.SubmitAsync((await browser.GetAsync("/demo")).QuerySelector<IHtmlFormElement>("form[action='/demo']")!)).QuerySelector(".btn-primary")!.GetAttribute("href")!);
        Assert.Equal(link.Authority, again.Authority);
        Assert.NotEqual(link, again);

        page = await browser.SubmitAsync((await browser.GetAsync("/demo")).QuerySelector<IHtmlFormElement>("form[action='/demo/end']")!);
        Assert.Null(page.QuerySelector("form[action='/demo/end']"));
        using var gone = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => gone.GetAsync(link));
    }

    private static async Task<string> CookieOfAsync(PanelClient browser, Uri used)
    {
        var again = new Uri((await browser.SubmitAsync((await browser.GetAsync("/demo")).QuerySelector<IHtmlFormElement>("form[action='/demo']")!)).QuerySelector(".btn-primary")!.GetAttribute("href")!);
        Assert.NotEqual(used, again);
        using var visitor = PanelClient.Anonymous(new Uri(again.GetLeftPart(UriPartial.Authority)));
        await visitor.SubmitAsync((await visitor.GetAsync(again.PathAndQuery)).QuerySelector<IHtmlFormElement>("form")!);
        return visitor.Cookie("switchyard_demo_session") is null ? "" : "switchyard_demo_session";
    }

    [Fact]
    public async Task Where_this_server_starts_none_the_page_gives_the_command()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var browser = await server.SignInAsync();
        Assert.Contains("switchyard demo", (await browser.GetAsync("/demo")).Body!.TextContent, StringComparison.Ordinal);
        using var person = await server.SignInAsync(Role.Operator);
        await person.GetAsync("/demo", 403);
    }

    [Fact]
    public async Task A_program_that_does_not_start_is_told_with_the_command()
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Demo:Program"] = "/nothing/here" });
        using var browser = await server.SignInAsync();
        var told = await browser.SubmitAsync((await browser.GetAsync("/demo")).QuerySelector<IHtmlFormElement>("form[action='/demo']")!);
        Assert.Contains("/nothing/here could not be started", told.Body!.TextContent, StringComparison.Ordinal);
    }
}
