using Switchyard.Tests.Server.Repositories;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>A browser that runs no scripts: everything can be read, and every plain form works.</summary>
[Collection(nameof(ShopBrowser))]
public sealed class WithoutScriptsTests(Chromium chromium, ShopHub shop)
{
    [Fact]
    public async Task Pages_are_read_and_the_diagram_leads_to_its_table()
    {
        await using var tab = await OpenAsync();
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Home");
        await Expect(tab.Page.Locator("#home tbody tr").First).ToContainTextAsync("Order");
        await Expect(tab.Page.Locator("button.needs-script").First).ToBeHiddenAsync();

        await tab.Page.ClickAsync(".sidebar a[href='/repositories']");
        await tab.Page.ClickAsync("#list tbody a.row-link");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("acme/models");
        await tab.Page.ClickAsync("#tab a[href^='/models?repository=']");
        await tab.Page.ClickAsync($"#list a.row-link[href='{ShopHub.ShopPath}']");
        await tab.Page.ClickAsync(".page-tabs a:has-text('Diagram')");
        await Expect(tab.Page.Locator("#diagram")).ToBeHiddenAsync();
        await tab.Page.ClickAsync("noscript a:has-text('View as table'), .card-body a:has-text('View as table')");
        await Expect(tab.Page.Locator(".schema-list")).ToContainTextAsync("purchase");
        await tab.Page.ClickAsync(".schema-list a:has-text('purchase')");
        await Expect(tab.Page.Locator(".schema-table")).ToContainTextAsync("customerId");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task Searching_and_filtering_are_plain_forms()
    {
        await using var tab = await OpenAsync();
        await tab.Page.ClickAsync(".search-open");
        await tab.Page.FillAsync("main input[type=search]", "nickname");
        await tab.Page.ClickAsync("main button:text-is('Search')");
        await tab.Page.ClickAsync("#results a:has-text('nickname')");
        await Expect(tab.Page.Locator("tr.match .attribute-name")).ToHaveTextAsync("nickname");

        await tab.Page.GotoAsync("/models");
        await tab.Page.ClickAsync(".facet a[href*='format=hackolade']");
        await tab.Page.FillAsync("main input[type=search]", "nickname");
        await tab.Page.PressAsync("main input[type=search]", "Enter");
        await Expect(tab.Page.Locator("#list tbody a.row-link")).ToHaveTextAsync("Shop");
        await Expect(tab.Page.Locator(".chip").Filter(new() { HasText = "format: hackolade" })).ToHaveCountAsync(1);

        await tab.Page.GotoAsync("/deliveries");
        await tab.Page.SelectOptionAsync("select[name=event]", "push");
        await tab.Page.ClickAsync("main button:text-is('Filter')");
        await Expect(tab.Page.Locator("#list tbody tr")).ToHaveCountAsync(1);
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task Synchronizing_and_replaying_are_plain_forms()
    {
        await using var tab = await OpenAsync();
        await tab.Page.GotoAsync("/repositories");
        await tab.Page.ClickAsync("td.actions summary");
        await tab.Page.ClickAsync("button:has-text('Synchronize entire repository')");
        await Expect(tab.Said).ToBeVisibleAsync();
        await shop.Hub.UntilAsync("/api/v1/syncs", list => Hub.Items(list).First() is var newest && Hub.Text(newest, "mode") == "full" && Hub.Text(newest, "state") == "Succeeded");

        await tab.Page.GotoAsync("/deliveries?event=push");
        await tab.Page.ClickAsync("#list tbody a.row-link");
        await tab.Page.ClickAsync("button:has-text('Replay')");
        await Expect(tab.Said).ToHaveTextAsync("It is worked off again, from its stored body.");
        var path = new Uri(tab.Page.Url).AbsolutePath;
        await shop.Hub.UntilAsync("/api/v1" + path, one => one.GetProperty("attempts").GetArrayLength() == 3);
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("section[aria-labelledby=attempts] tbody tr")).ToHaveCountAsync(3);
        await Expect(tab.Said).ToHaveCountAsync(0);
        tab.MustBeQuiet();
    }

    private Task<Tab> OpenAsync() => chromium.OpenAsync(shop.Hub.Server, scripts: false);
}
