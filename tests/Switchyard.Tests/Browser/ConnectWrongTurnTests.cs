using System.Text.Json.Nodes;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>Each wrong turn on the way to GitHub and back: it is said what happened, nothing is stored, and one goes on from there.</summary>
public sealed class ConnectWrongTurnTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string GitHubForm = "form[action^='http']";

    [Theory]
    [InlineData("wrong state", "was not begun here")]
    [InlineData("manifest.codeUsed", "takes a code once, and for an hour. Nothing was stored.")]
    [InlineData("manifest.codeExpired", "takes a code once, and for an hour. Nothing was stored.")]
    public async Task A_state_or_a_code_that_is_not_good_is_refused_and_one_begins_again(string turn, string said)
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        await connecting.Panel.GoAsync("/admin/providers/new");
        await connecting.FillInAsync(connecting.Panel);
        if (turn == "wrong state")
        {
            await connecting.Panel.Page.EvalOnSelectorAsync(GitHubForm, "form => { form.action = form.action.replace(/state=[^&]+/, 'state=invented'); }");
        }
        else
        {
            await connecting.Flow.ControlAsync("PUT", "faults/" + turn, new JsonObject());
        }

        var back = await Connecting.RegisterAsync(connecting.Panel);

        await Expect(back.Page.Locator("main")).ToContainTextAsync(said);
        back.MustBeQuiet(422);
        await connecting.Panel.GoAsync("/admin/providers");
        await Expect(connecting.Panel.Page.Locator(".empty-title")).ToHaveTextAsync("No provider yet");

        await connecting.Flow.ControlAsync("DELETE", "faults");
        await back.Page.ClickAsync("main a[href='/admin/providers/new']");
        await connecting.FillInAsync(back, "Acme again");
        var again = await Connecting.RegisterAsync(back);
        await Expect(again.Page.Locator("h1")).ToHaveTextAsync("Acme again");
        await Expect(again.Said).ToContainTextAsync("Install it next");
        again.MustBeQuiet();
    }

    [Fact]
    public async Task A_way_back_that_another_browser_takes_is_refused_there_and_still_good_here()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        await connecting.Panel.GoAsync("/admin/providers/new");
        await connecting.FillInAsync(connecting.Panel);
        var form = connecting.Panel.Page.Locator(GitHubForm);
        var back = await connecting.Flow.PostOnGitHubAsync((await form.GetAttributeAsync("action"))!, ("manifest", (await form.Locator("input[name=manifest]").GetAttributeAsync("value"))!));
        await using var other = await chromium.OpenAsync(connecting.Address, await Chromium.LinkAsync(connecting.Flow.Server));

        await other.GoAsync(back!.PathAndQuery);
        await Expect(other.Page.Locator("main")).ToContainTextAsync("begun in another browser");
        await connecting.Panel.GoAsync(back.PathAndQuery);
        await Expect(connecting.Panel.Said).ToContainTextAsync("Install it next");

        other.MustBeQuiet(422);
        connecting.Panel.MustBeQuiet();
    }

    [Fact]
    public async Task While_GitHub_is_down_nothing_is_lost_and_the_same_way_goes_on_when_it_is_back()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        await connecting.Panel.GoAsync("/admin/providers/new");
        await connecting.FillInAsync(connecting.Panel);

        await connecting.Flow.ControlAsync("PUT", "faults/web.error", new JsonObject { ["route"] = "settings/apps/new" });
        var unreached = await Connecting.RegisterAsync(connecting.Panel);
        await Expect(unreached.Page.Locator("h1")).ToHaveTextAsync("No server is available to handle this request");
        await connecting.Flow.ControlAsync("DELETE", "faults");
        await connecting.Flow.ControlAsync("PUT", "faults/api.error", new JsonObject { ["status"] = 503, ["route"] = "app-manifests" });
        var back = await Connecting.RegisterAsync(connecting.Panel);
        await Expect(back.Page.Locator("main")).ToContainTextAsync("the code is good for an hour");
        back.MustBeQuiet(502);
        await connecting.Flow.ControlAsync("DELETE", "faults");

        await back.Page.ClickAsync("main a:text-is('Try again')");

        await Expect(back.Page.Locator("h1")).ToHaveTextAsync("Acme models");
        await Expect(back.Said).ToContainTextAsync("Install it next");
    }

    [Fact]
    public async Task An_App_of_the_wrong_organization_cannot_be_installed_and_its_page_leads_to_another()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        var provider = await connecting.RegisterAsync("other");

        var github = await Connecting.OpenInstallationAsync(provider);
        await github.Page.CheckAsync("input[name=account][value=acme]");
        await github.Page.ClickAsync("button[value=install]");
        await Expect(github.Page.Locator(".error")).ToContainTextAsync("it can be installed on other alone");
        await github.Page.CloseAsync();
        await Expect(provider.Page.Locator("#notes")).ToContainTextAsync("it can be installed on the account that owns it, other, alone");
        await provider.Page.ClickAsync("#notes a:text-is('Register another App')");

        await Expect(provider.Page.Locator("h1")).ToHaveTextAsync("Connect GitHub");
        provider.MustBeQuiet();
    }

    [Fact]
    public async Task An_App_that_GitHub_made_for_another_organization_than_was_asked_for_is_said_to_be_so()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        await connecting.Panel.GoAsync("/admin/providers/new");
        await connecting.FillInAsync(connecting.Panel);
        await connecting.Panel.Page.EvalOnSelectorAsync(GitHubForm, "form => { form.action = form.action.replace('/acme/', '/other/'); }");

        var provider = await Connecting.RegisterAsync(connecting.Panel);

        await Expect(provider.Said).ToContainTextAsync("belongs to other, not to acme");
        provider.MustBeQuiet();
    }

    [Fact]
    public async Task An_installation_that_a_person_leaves_or_an_owner_declines_is_told_and_can_be_asked_for_again()
    {
        await using var connecting = await Connecting.StartAsync(chromium);
        var provider = await connecting.RegisterAsync();
        var notes = provider.Page.Locator("#notes");

        // Nobody installs: the page waits on.
        await (await Connecting.OpenInstallationAsync(provider)).Page.CloseAsync();
        await Expect(notes.Locator(".empty-title")).ToHaveTextAsync("Waiting: the App is not installed anywhere");

        var asked = await RequestAsync(provider);
        await Expect(notes).ToContainTextAsync("an owner of acme must approve");
        await asked.Page.GotoAsync(connecting.Flow.GitHub.Url.ToString());
        await asked.Page.ClickAsync("button[value=deny]");
        await Expect(asked.Page.Locator("button[value=deny]")).ToHaveCountAsync(0);
        await provider.Page.BringToFrontAsync();
        await provider.Page.ClickAsync("button:has-text('Synchronize installations')");
        await Expect(notes).ToContainTextAsync("was declined or withdrawn");
        await Expect(notes).ToContainTextAsync("not installed anywhere");

        asked = await RequestAsync(provider);
        await Expect(notes).ToContainTextAsync("an owner of acme must approve");
        await asked.Page.GotoAsync(connecting.Flow.GitHub.Url.ToString());
        await asked.Page.ClickAsync("button[value=approve]");
        await provider.Page.BringToFrontAsync();
        await Expect(notes).Not.ToContainTextAsync("must approve");
        await Expect(provider.Page.Locator("#overview tr[id^=installation-]")).ToContainTextAsync("Active");
        provider.MustBeQuiet();
    }

    /// <summary>A member who may not install asks the owners, on GitHub.</summary>
    private static async Task<Tab> RequestAsync(Tab provider)
    {
        var github = await Connecting.OpenInstallationAsync(provider);
        await github.Page.CheckAsync("input[name=account][value=acme]");
        await github.Page.ClickAsync("button[value=request]");
        await Expect(github.Said).ToContainTextAsync("went to the owners of the account");
        await provider.Page.BringToFrontAsync();
        return github;
    }
}
