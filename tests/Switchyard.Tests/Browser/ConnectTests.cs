using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>From the link that a fresh server prints to the first model, by the pages alone.</summary>
public sealed class ConnectTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_fresh_server_is_connected_and_its_first_model_is_read_without_a_reload()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        var page = connecting.Panel.Page;
        await Expect(page.Locator(".empty-title")).ToHaveTextAsync("Nothing is connected yet");

        await page.ClickAsync("main a:has-text('Connect GitHub')");
        await connecting.FillInAsync(connecting.Panel);
        await Expect(page.Locator("main table")).ToContainTextAsync("contents");
        var provider = await Connecting.RegisterAsync(connecting.Panel);
        await Expect(provider.Said).ToContainTextAsync("Install it next");
        await Expect(provider.Page.Locator("#notes .empty-title")).ToHaveTextAsync("Waiting: the App is not installed anywhere");
        await connecting.Panel.GoAsync("/repositories");
        await Expect(page.Locator(".empty-title")).ToHaveTextAsync("No repository yet");

        var github = await Connecting.InstallAsync(provider);

        // The two tabs that were open before see it by themselves.
        await provider.Page.BringToFrontAsync();
        await Expect(provider.Page.Locator("#notes .empty-title")).ToHaveCountAsync(0);
        var installation = provider.Page.Locator("#overview tr[id^=installation-]");
        await Expect(installation.Locator("td").Nth(0)).ToHaveTextAsync("acme");
        await Expect(installation.Locator("td").Nth(1)).ToHaveTextAsync("Active");
        await Expect(installation.Locator("td").Nth(2)).ToHaveTextAsync("selected");
        await page.BringToFrontAsync();
        var row = page.Locator("#list tbody tr");
        await Expect(row.Locator("td").Nth(0)).ToHaveTextAsync("acme/shop");
        await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync("Synced");
        await Expect(row.Locator("td").Nth(5)).ToHaveTextAsync("1");
        await Expect(row).ToHaveCountAsync(1);

        await row.Locator("a.row-link").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("acme/shop");
        await page.ClickAsync("#tab a[href^='/models?repository=']");
        await page.ClickAsync("#list tbody a.row-link");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Order");
        await page.ClickAsync(".page-tabs a:has-text('Versions')");
        await page.ClickAsync("#versions a.row-link:text-is('v1')");
        await Expect(page.Locator("pre.source")).ToHaveTextAsync(Connecting.Order);
        await page.ClickAsync(".brand");
        await Expect(page.Locator("#home tbody tr")).ToContainTextAsync("Order");

        Assert.All(new[] { connecting.Panel, provider, github }, tab => tab.MustBeQuiet());
    }

    [Fact]
    public async Task The_link_of_a_fresh_server_lets_in_once_and_says_how_to_get_another()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        await using var later = await chromium.OpenAsync(connecting.Address);

        await later.GoAsync(connecting.Link);
        await later.Page.ClickAsync("button[type=submit]");

        await Expect(later.Page.Locator("h1")).ToHaveTextAsync("This link does not work any more");
        await Expect(later.Page.Locator(".command code")).ToHaveTextAsync("switchyard admin sign-in");
        await later.GoAsync("/repositories");
        await Expect(later.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        later.MustBeQuiet();
    }
}
