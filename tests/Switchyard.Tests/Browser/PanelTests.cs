using Microsoft.Playwright;
using Switchyard.Tests.Server.Repositories;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>What the panel does in a real browser: it stays true by itself, keeps its theme, and works by the keyboard.</summary>
public sealed class PanelTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_push_shows_in_the_open_page_without_a_reload()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        await using var tab = await chromium.OpenAsync(hub.Server);
        await tab.GoAsync("/repositories");
        await Expect(tab.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await Expect(tab.Page.Locator("tbody tr td").Nth(5)).ToHaveTextAsync("1");

        await hub.PushAsync(("second.avsc", "\"long\""));

        await Expect(tab.Page.Locator("tbody tr td").Nth(5)).ToHaveTextAsync("2");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task The_three_ways_to_synchronize_start_from_the_menu_of_a_row()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        await using var tab = await chromium.OpenAsync(hub.Server);
        await hub.PushAsync(("shop.avsc", "\"long\""));
        await hub.UntilAsync("/api/v1/syncs", list => Hub.Items(list).Count() >= 2 && Hub.Items(list).All(item => Hub.Text(item, "endedAt") is not null));
        var head = Hub.Text((await hub.GetAsync("/api/v1/repositories")).GetProperty("items")[0], "syncedHead")!;

        foreach (var (button, mode) in new[] { ("Synchronize recent changes", "recent"), ("Synchronize entire repository", "full"), ("Start", "from-commit") })
        {
            await tab.GoAsync("/repositories");
            await tab.Page.ClickAsync("td.actions summary");
            if (button == "Start")
            {
                await tab.Page.ClickAsync(".submenu > summary");
                await tab.Page.FillAsync("input[name=from]", head);
            }

            await tab.Page.ClickAsync($"button:has-text(\"{button}\")");
            await Expect(tab.Page.Locator(".said")).ToBeVisibleAsync();
            await hub.UntilAsync("/api/v1/syncs", list => Hub.Items(list).First() is var newest && Hub.Text(newest, "mode") == mode && Hub.Text(newest, "state") == "Succeeded");
        }

        tab.MustBeQuiet();
    }

    [Fact]
    public async Task What_a_form_said_waits_for_the_page_and_is_not_taken_away_by_another_one_that_refreshes()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        await using var tab = await chromium.OpenAsync(hub.Server);
        await tab.GoAsync("/repositories");

        await tab.Page.EvalOnSelectorAsync(
            "form[action$='/suspend']",
            """
            async (form) => {
              await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
              await fetch("/activity", { headers: { "X-Live": "1" } });
            }
            """);
        await tab.GoAsync("/repositories");

        await Expect(tab.Said).ToHaveTextAsync("Suspended: nothing is synchronized until it is resumed.");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_a_person_chooses_and_then_stays()
    {
        await using var hub = await Hub.StartAsync("sqlite");
        await using var tab = await chromium.OpenAsync(hub.Server, ColorScheme.Dark);
        await tab.GoAsync("/");
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");

        await tab.Page.ClickAsync(".user-menu summary");
        await tab.Page.ClickAsync("[data-theme-choice=light]");
        await tab.GoAsync("/repositories");

        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "light");
    }

    [Fact]
    public async Task Everything_is_reached_by_keys_and_single_keys_rest_while_one_types()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        await using var tab = await chromium.OpenAsync(hub.Server);
        await tab.GoAsync("/");

        // At once: the second one counts only soon after the first.
        await Task.WhenAll(tab.Page.Keyboard.PressAsync("g"), tab.Page.Keyboard.PressAsync("r"));
        await Expect(tab.Page).ToHaveURLAsync(new Uri(hub.Server.Http.BaseAddress!, "/repositories").ToString());
        await Expect(tab.Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await tab.Page.Keyboard.PressAsync("/");
        await tab.Page.Keyboard.TypeAsync("grg?");
        await Expect(tab.Page.Locator("main input[type=search]")).ToHaveValueAsync("grg?");
        await Expect(tab.Page).ToHaveURLAsync(new Uri(hub.Server.Http.BaseAddress!, "/repositories?q=grg%3F&status=&health=").ToString());
        await Expect(tab.Page.Locator(".empty-title")).ToHaveTextAsync("No match");
        await tab.Page.GotoAsync("/repositories");
        await tab.Page.Keyboard.PressAsync("j");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("acme/models");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await Expect(tab.Page.Locator("#palette input")).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Page.Locator("#palette")).ToBeHiddenAsync();
        await tab.Page.Keyboard.PressAsync("?");
        await Expect(tab.Page.Locator("#keys")).ToBeVisibleAsync();
    }
}
