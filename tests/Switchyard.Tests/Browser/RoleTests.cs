using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>Who comes in, where they come to, and what each role sees and may do.</summary>
public sealed class RoleTests(Chromium chromium, SignInSite site) : IClassFixture<Chromium>, IClassFixture<SignInSite>
{
    private const string Repository = "/repositories/acme-models/acme/shop";

    /// <summary>Where something can be done by those who may.</summary>
    private static readonly string[] Places = ["/", "/repositories", Repository, "/syncs", "/deliveries", "/deliveries/1", "/signals", "/rules", "/pending", "/dispatches", "/models", "/activity"];

    [Fact]
    public async Task Who_is_signed_out_comes_to_where_they_wanted_after_signing_in()
    {
        await using var tab = await SignInAsync("vera", "/repositories?q=shop");

        await Expect(tab.Page).ToHaveURLAsync(Full("/repositories?q=shop"));
        await Expect(tab.Page.Locator("#list tbody tr")).ToContainTextAsync("acme/shop");
        await Expect(tab.Page.Locator(".user-name")).ToHaveTextAsync("vera");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_viewer_reads_everything_and_sees_nothing_to_press_and_no_way_to_where_they_may_not_go()
    {
        await using var tab = await SignInAsync("vera", "/");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Home");

        foreach (var place in Places)
        {
            Assert.Equal(200, (await tab.GoAsync(place)).Status);
            await Expect(tab.Page.Locator("main form[method=post], main a[href^='/admin'], .sidebar a[href^='/admin']")).ToHaveCountAsync(0);
        }

        tab.MustBeQuiet();
    }

    [Theory]
    [InlineData("vera", "/admin/providers", "This needs the role admin; vera has the role viewer.")]
    [InlineData("vera", "/admin/audit", "This needs the role admin; vera has the role viewer.")]
    [InlineData("vera", "/deliveries/recover", "This needs the role operator; vera has the role viewer.")]
    [InlineData("otto", "/admin/access", "This needs the role admin; otto has the role operator.")]
    public async Task Who_goes_by_address_to_where_they_may_not_is_told_which_role_is_missing(string login, string path, string said)
    {
        await using var tab = await SignInAsync(login, "/repositories");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Repositories");

        Assert.Equal(403, (await tab.GoAsync(path)).Status);

        await Expect(tab.Page.Locator(".empty-subtitle")).ToContainTextAsync(said);
        await Expect(tab.Page.Locator(".user-name")).ToHaveTextAsync(login);
        tab.MustBeQuiet(403);
    }

    [Fact]
    public async Task An_operator_synchronizes_and_sees_no_administration()
    {
        await using var tab = await SignInAsync("otto", Repository);
        await Expect(tab.Page.Locator(".sidebar a[href='/syncs']")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("a[href^='/admin']")).ToHaveCountAsync(0);

        await tab.Page.ClickAsync(".page-actions > form button");

        await Expect(tab.Said).ToBeVisibleAsync();
        await tab.GoAsync(Repository + "?tab=syncs");
        var newest = tab.Page.Locator("#tab tbody tr").First;
        await Expect(newest).ToContainTextAsync("otto");
        await Expect(newest.Locator(".status-word")).ToHaveTextAsync("Succeeded");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task An_administrator_has_the_administration_and_loses_all_of_it_when_signing_out()
    {
        await using var tab = await SignInAsync("ada", "/admin/audit");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Audit");

        await tab.Page.ClickAsync(".user-menu summary");
        await tab.Page.ClickAsync("button:has-text('Sign out')");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        await tab.Page.GoBackAsync();

        // What was shown before is not shown again to whoever sits down at the browser next.
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        await Expect(tab.Page).ToHaveURLAsync(Full("/login?to=%2Fadmin%2Faudit"));
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_sign_in_that_is_cancelled_on_GitHub_or_of_a_stranger_opens_nothing()
    {
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync("/models");
        await tab.Page.ClickAsync("a:has-text('Sign in with GitHub')");
        await tab.Page.ClickAsync("button[value=cancel]");
        await Expect(tab.Page.Locator(".alert")).ToHaveTextAsync("You cancelled on GitHub, so nobody is signed in.");

        await tab.Page.ClickAsync("a:has-text('Sign in with GitHub')");
        await tab.Page.FillAsync("input[name=login]", "eve");
        await tab.Page.ClickAsync("button[value=authorize]");
        await Expect(tab.Page.Locator(".alert")).ToHaveTextAsync("@eve has no access here. Ask an administrator, who gives it under Access.");
        await tab.GoAsync("/models");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        tab.MustBeQuiet(422, 403);
    }

    /// <summary>Wants to go there, is asked who they are, and says so on GitHub.</summary>
    private async Task<Tab> SignInAsync(string login, string wanted)
    {
        var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync(wanted);
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        await tab.Page.ClickAsync("a:has-text('Sign in with GitHub')");
        await tab.Page.FillAsync("input[name=login]", login);
        await tab.Page.ClickAsync("button[value=authorize]");
        await Expect(tab.Page.Locator(".user-name")).ToHaveTextAsync(login);
        return tab;
    }

    private string Full(string path) => new Uri(site.Address, path).ToString();
}
