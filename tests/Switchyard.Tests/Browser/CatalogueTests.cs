using System.Text;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>How a modeller finds a model, and what they do with its Versions.</summary>
[Collection(nameof(ShopBrowser))]
public sealed class CatalogueTests(Chromium chromium, ShopHub shop)
{
    [Fact]
    public async Task The_address_keeps_what_was_chosen_and_the_way_back_leads_through_it()
    {
        await using var tab = await chromium.OpenAsync(shop.Hub.Server);
        var rows = tab.Page.Locator("#list tbody a.row-link");
        await tab.GoAsync("/models");
        await Expect(rows).ToHaveCountAsync(4);

        await tab.Page.ClickAsync(".facet a[href*='format=hackolade']");
        await Expect(rows).ToHaveCountAsync(2);
        await tab.Page.FillAsync("main input[type=search]", "nickname");
        await Expect(rows).ToHaveTextAsync(["Shop"]);
        await Expect(tab.Page).ToHaveURLAsync(Full("/models?q=nickname&state=&status=&format=hackolade"));
        await Expect(tab.Page.Locator(".chip")).ToContainTextAsync(["text: nickname", "format: hackolade", "Clear all"]);

        // Leaving the field asks for the same again; the way back has one step for both.
        var settled = tab.Page.EvaluateAsync("() => new Promise(done => document.addEventListener('htmx:afterSettle', () => done(), { once: true }))");
        await tab.Page.PressAsync("main input[type=search]", "Tab");
        await settled;

        // Who gets the address sees the same.
        await using var other = await chromium.OpenAsync(shop.Hub.Server);
        await other.GoAsync(new Uri(tab.Page.Url).PathAndQuery);
        await Expect(other.Page.Locator("#list tbody a.row-link")).ToHaveTextAsync("Shop");
        await Expect(other.Page.Locator("main input[type=search]")).ToHaveValueAsync("nickname");

        await tab.Page.GoBackAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(tab.Page.Locator("main input[type=search]")).ToHaveValueAsync("");
        await Expect(tab.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await Expect(tab.Page.Locator("#palette input")).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.GoBackAsync();
        await Expect(rows).ToHaveCountAsync(4);
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_filter_that_cannot_be_and_a_session_that_has_ended_are_told_in_place_of_the_list()
    {
        await using var tab = await chromium.OpenAsync(shop.Hub.Server);
        await tab.GoAsync("/deliveries");
        await tab.Page.FillAsync("input[name=repository]", "nowhere/at-all");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("nowhere/at-all");

        await tab.GoAsync("/models");
        await tab.Page.Context.ClearCookiesAsync();
        await tab.Page.FillAsync("main input[type=search]", "nickname");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Sign in");
    }

    [Theory]
    [InlineData("shop", "Models", "Shop", ShopHub.ShopPath)]
    [InlineData("purch", "Entities and attributes", "purchase", ShopHub.ShopPath + "?tab=schema&q=purchase")]
    [InlineData("nickn", "Entities and attributes", "nickname", ShopHub.ShopPath + "?tab=schema&q=nickname")]
    [InlineData("acme/m", "Repositories", "acme/models", "/repositories/by-hand/acme/models")]
    public async Task The_search_that_Ctrl_K_opens_finds_it_and_Enter_opens_it(string text, string kind, string name, string path)
    {
        await using var tab = await chromium.OpenAsync(shop.Hub.Server);
        await tab.GoAsync("/dispatches");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await tab.Page.Keyboard.TypeAsync(text);
        await Expect(tab.Page.Locator($"#palette-results h2:text-is('{kind}') + ul li:first-child .result-name")).ToHaveTextAsync(name);

        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(tab.Page.Locator("#palette-results a").First).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page).ToHaveURLAsync(Full(path));

        // Who knows what they want types and presses Enter, before anything is shown.
        await tab.GoAsync("/dispatches");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await tab.Page.Keyboard.TypeAsync(text);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page).ToHaveURLAsync(Full(path));
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task Two_Versions_are_chosen_and_their_texts_compared()
    {
        await using var tab = await chromium.OpenAsync(shop.Hub.Server);
        await tab.GoAsync(ShopHub.OrderPath);
        await tab.Page.ClickAsync(".page-tabs a:has-text('Versions')");
        await Expect(tab.Page.Locator("#versions a.row-link")).ToHaveTextAsync(["v2", "v1"]);
        await tab.Page.ClickAsync("button:has-text('Compare')");

        await Expect(tab.Page).ToHaveURLAsync(Full(ShopHub.OrderPath + "/-/compare/1...2"));
        await Expect(tab.Page.Locator("td.text.side-removed")).ToContainTextAsync("\"type\": \"int\"");
        await Expect(tab.Page.Locator("td.text.side-added")).ToContainTextAsync("\"type\": \"long\"");
        await tab.Page.ClickAsync("a:text-is('Unified')");
        await Expect(tab.Page.Locator("tr.diff-removed .text")).ToContainTextAsync("\"type\": \"int\"");
        await Expect(tab.Page.Locator("tr.diff-added .text")).ToContainTextAsync("\"type\": \"long\"");
        await tab.Page.ClickAsync("a[title='Swap the sides']");
        await Expect(tab.Page.Locator("td.text.side-added")).ToContainTextAsync("\"type\": \"int\"");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task The_source_is_downloaded_as_it_lies_in_git_and_the_way_to_GitHub_is_that_of_the_Version()
    {
        await using var tab = await chromium.OpenAsync(shop.Hub.Server);
        await tab.GoAsync(ShopHub.OrderPath);
        var (name, content) = await tab.DownloadsAsync(() => tab.Page.ClickAsync(".page-actions a:has-text('Download')"));
        Assert.Equal(("order.avsc", ShopHub.SecondOrder), (name, Encoding.UTF8.GetString(content)));

        await tab.GoAsync(ShopHub.OrderPath + "/-/versions/1");
        (name, content) = await tab.DownloadsAsync(() => tab.Page.ClickAsync(".page-actions a:has-text('Download')"));
        Assert.Equal(("order.avsc", ShopHub.FirstOrder), (name, Encoding.UTF8.GetString(content)));
        Assert.Equal(ShopHub.FirstOrder.TrimEnd(), await tab.Page.InnerTextAsync("pre.source"));
        await Expect(tab.Page.Locator("a:has-text('Open on GitHub')")).ToHaveAttributeAsync("href", new Uri(shop.Hub.GitHub.Url, $"/acme/models/blob/{shop.FirstCommit}/schemas/order.avsc").ToString());
        tab.MustBeQuiet();
    }

    private string Full(string path) => new Uri(shop.Hub.Server.Http.BaseAddress!, path).ToString();
}
