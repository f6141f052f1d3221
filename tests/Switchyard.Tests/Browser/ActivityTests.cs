using Switchyard.Tests.Server.Rules;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>What a person does about what has happened: looks where it came from, replays, tries another rule.</summary>
public sealed class ActivityTests(Chromium chromium, SwitchedHub hub) : IClassFixture<Chromium>, IClassFixture<SwitchedHub>
{
    private static readonly string[] Chain = ["Delivery", "Signal", "Evaluation", "Waiting", "Dispatch", "Attempt", "Run"];

    [Fact]
    public async Task A_trace_is_a_picture_from_left_to_right_and_each_of_its_steps_opens()
    {
        await using var tab = await chromium.OpenAsync(hub.World.Server);
        var path = "/dispatches/" + hub.Dispatch;
        var steps = tab.Page.Locator("#trace .trace-step");
        await tab.GoAsync(path);
        await Expect(steps.Locator(".trace-kind")).ToHaveTextAsync(Chain);
        var right = 0f;
        foreach (var step in await steps.AllAsync())
        {
            var box = (await step.BoundingBoxAsync())!;
            Assert.True(box.X >= right && box.Width > 50 && box.Height > 20, $"At {box.X} to {box.X + box.Width}, beside one that ends at {right}.");
            right = box.X + box.Width;
        }

        foreach (var kind in Chain)
        {
            await tab.GoAsync(path);
            var link = tab.Page.Locator($"#trace .trace-step:has(.trace-kind:text-is('{kind}')) a.trace-name");
            var to = (await link.GetAttributeAsync("href"))!;
            await link.ClickAsync();
            await Expect(tab.Page).ToHaveURLAsync(new Uri(hub.World.Server.Http.BaseAddress!, to).ToString());
            if (to.StartsWith(path, StringComparison.Ordinal))
            {
                // An Attempt and the Run are parts of the Dispatch's page.
                await Expect(tab.Page.Locator(to.Contains('#', StringComparison.Ordinal) ? to[to.IndexOf('#', StringComparison.Ordinal)..] : "#trace")).ToBeInViewportAsync();
            }
            else
            {
                await Expect(tab.Page.Locator(".trace-here .trace-kind")).ToHaveTextAsync(kind);
            }
        }

        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_replay_is_one_more_attempt_and_starts_nothing_twice()
    {
        await using var tab = await chromium.OpenAsync(hub.World.Server);
        await tab.GoAsync("/deliveries/" + hub.Delivery);
        var attempts = tab.Page.Locator("section[aria-labelledby=attempts] tbody tr");
        await Expect(attempts).ToHaveCountAsync(1);

        await tab.Page.ClickAsync("button:has-text('Replay')");

        await Expect(tab.Said).ToHaveTextAsync("It is worked off again, from its stored body.");
        await Expect(attempts.Locator(".status-word")).ToHaveTextAsync(["Handled", "Replay", "Handled"]);
        await Expect(tab.Page.Locator(".page-lead .status-word")).ToHaveTextAsync("Handled");
        await hub.World.DispatchedAsync(1);
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_changed_rule_is_tried_in_the_panel_and_shows_what_it_would_start_and_what_no_longer()
    {
        await using var tab = await chromium.OpenAsync(hub.World.Server);
        await tab.GoAsync("/rules");
        await tab.Page.ClickAsync("#list tbody a.row-link");
        await tab.Page.ClickAsync(".page-tabs a:has-text('Test')");
        var text = await tab.Page.InputValueAsync("textarea[name=text]");

        await tab.Page.FillAsync("textarea[name=text]", text.Replace("integration.yml", "nightly.yml", StringComparison.Ordinal));
        await tab.Page.ClickAsync("main button:has-text('Test')");

        var tested = tab.Page.Locator("section[aria-labelledby=tested]");
        await Expect(tested).ToContainTextAsync("1 more would be dispatched, 1 no longer, 0 as now");
        await Expect(tested.Locator("h3:has-text('Would be dispatched') + div tbody tr")).ToContainTextAsync("nightly.yml");
        await Expect(tested.Locator("h3:has-text('Would no longer be') + div tbody tr")).ToContainTextAsync("integration.yml");
        await Expect(tab.Page.Locator("textarea[name=text]")).ToHaveValueAsync(text.Replace("integration.yml", "nightly.yml", StringComparison.Ordinal));

        await tab.Page.FillAsync("textarea[name=text]", text.Replace("branches:", "branch:", StringComparison.Ordinal));
        await tab.Page.ClickAsync("main button:has-text('Test')");
        await Expect(tested.Locator("h2")).ToHaveTextAsync("The file has errors, so nothing was tried");
        await Expect(tested.Locator(".rule-problems li").First).ToContainTextAsync("line 5");

        await hub.World.DispatchedAsync(1);
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task What_waits_goes_on_now_or_is_cancelled()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("quiet: { for: 1h, max: 10h }"));
        await using var tab = await chromium.OpenAsync(world.Server);
        await tab.GoAsync("/pending");
        await Expect(tab.Page.Locator(".empty-title")).ToHaveTextAsync("Nothing has waited yet");
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.PushAsync("acme/the-lib", "src/lib.cs", "2");
        var app = tab.Page.Locator("#list tbody tr").Filter(new() { HasText = "acme/the-app" });
        var lib = tab.Page.Locator("#list tbody tr").Filter(new() { HasText = "acme/the-lib" });
        await Expect(app.Locator("time[data-countdown]")).ToContainTextAsync("in 5");

        await app.Locator("button:has-text('Now')").ClickAsync();

        await Expect(tab.Said).ToContainTextAsync("not waited for quiet");
        await world.DispatchedAsync(1);
        await tab.GoAsync("/pending");
        await Expect(app.Locator(".status-word")).ToHaveTextAsync("Released");
        await Expect(app.Locator("button")).ToHaveCountAsync(0);

        await lib.Locator("a.row-link").ClickAsync();
        await Expect(tab.Page.Locator(".trace-here .trace-kind")).ToHaveTextAsync("Waiting");
        await tab.Page.ClickAsync("button:has-text('Cancel')");
        await Expect(tab.Page.Locator(".page-lead .status-word")).ToHaveTextAsync("Cancelled");
        await Expect(tab.Page.Locator("#pending")).ToContainTextAsync("by administrator");
        await Expect(tab.Page.Locator("main button:has-text('Cancel')")).ToHaveCountAsync(0);
        await world.DispatchedAsync(1);
        tab.MustBeQuiet();
    }
}
