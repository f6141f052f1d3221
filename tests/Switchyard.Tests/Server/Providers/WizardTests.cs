using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Switchyard.Server.Providers;
using Xunit;

namespace Switchyard.Tests.Server.Providers;

/// <summary>Connecting GitHub in a browser without scripts: the whole way, and each wrong turn.</summary>
public sealed class WizardTests
{
    private const string Page = "/admin/providers/acme-models";

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task An_App_is_registered_installed_and_its_repositories_appear(string kind)
    {
        await using var flow = await GitHubFlow.StartAsync(kind);

        var register = await flow.BeginAsync();
        Assert.Contains("reads the checks that rules wait for", register.Body!.TextContent, StringComparison.Ordinal);
        await flow.Browser.GetAsync(await flow.RegisterOnGitHubAsync(register), 302);
        var page = await flow.Browser.GetAsync(Page);
        Assert.Contains("Install it next", page.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Waiting: the App is not installed anywhere", page.Body!.TextContent, StringComparison.Ordinal);

        var back = await flow.PostOnGitHubAsync(page.QuerySelector<IHtmlAnchorElement>("a.btn-primary")!.GetAttribute("href")!, ("account", "acme"), ("repository_selection", "all"));
        Assert.StartsWith(Page + "/installed?installation_id=", back!.PathAndQuery, StringComparison.Ordinal);
        page = await flow.UntilAsync(Page, text => text.Contains("Active", StringComparison.Ordinal));
        Assert.DoesNotContain("Waiting: the App", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("as the App asks", page.Body.TextContent, StringComparison.Ordinal);
        await flow.UntilAsync("/repositories", text => text.Contains("acme/models", StringComparison.Ordinal));
        var advanced = page.QuerySelectorAll<IHtmlAnchorElement>("a").Single(link => link.TextContent.StartsWith("Advanced", StringComparison.Ordinal)).GetAttribute("href")!;
        Assert.Equal(new Uri(flow.GitHub.Url, "/organizations/acme/settings/apps/acme-models/advanced").ToString(), advanced);
    }

    [Fact]
    public async Task A_state_of_another_browser_or_of_nobody_is_not_taken_and_nothing_is_stored()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var back = await flow.RegisterOnGitHubAsync(await flow.BeginAsync());
        using var other = await flow.Server.SignInAsync(Role.Admin);

        Assert.Contains("begun in another browser", (await other.GetAsync(back, 422)).Body!.TextContent, StringComparison.Ordinal);
        var invented = await flow.Browser.GetAsync("/admin/providers/callback?code=abc&state=abc", 422);
        Assert.Contains("was not begun here", invented.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(invented.QuerySelector("a[href='/admin/providers/new']"));
        await flow.Browser.GetAsync("/admin/providers/callback?state=abc", 422);
        using var content = new StringContent(new JsonObject { ["code"] = Query(back, "code"), ["state"] = Query(back, "state") }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var api = await flow.Server.Http.PostAsync("/api/v1/providers/manifest/conversions", content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, api.StatusCode);
        Assert.Contains("No provider yet", (await flow.Browser.GetAsync("/admin/providers")).Body!.TextContent, StringComparison.Ordinal);

        await flow.Browser.GetAsync(back, 302);
    }

    [Theory]
    [InlineData("manifest.codeUsed")]
    [InlineData("manifest.codeExpired")]
    public async Task A_code_that_was_used_or_is_too_old_is_told_and_one_begins_again(string fault)
    {
        await using var flow = await GitHubFlow.StartAsync();
        var back = await flow.RegisterOnGitHubAsync(await flow.BeginAsync());
        await flow.ControlAsync("PUT", "faults/" + fault, new JsonObject());

        var page = await flow.Browser.GetAsync(back, 422);

        Assert.Contains("takes a code once, and for an hour. Nothing was stored.", page.Body!.TextContent, StringComparison.Ordinal);
        await flow.ControlAsync("DELETE", "faults");
        await flow.Browser.GetAsync(await flow.RegisterOnGitHubAsync(await flow.BeginAsync(("name", "Another"))), 302);
    }

    [Fact]
    public async Task The_same_way_back_twice_registers_once()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var back = await flow.RegisterOnGitHubAsync(await flow.BeginAsync());

        await flow.Browser.GetAsync(back, 302);
        Assert.Contains("done already", (await flow.Browser.GetAsync(back, 422)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Single((await flow.Browser.GetAsync("/admin/providers")).QuerySelectorAll("tbody[data-rows] tr"));
    }

    [Fact]
    public async Task While_GitHub_is_down_nothing_is_lost_and_the_same_address_goes_on()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var back = await flow.RegisterOnGitHubAsync(await flow.BeginAsync());
        await flow.ControlAsync("PUT", "faults/api.error", new JsonObject { ["status"] = 503, ["route"] = "app-manifests" });

        var page = await flow.Browser.GetAsync(back, 502);
        Assert.Contains("the code is good for an hour", page.Body!.TextContent, StringComparison.Ordinal);
        await flow.ControlAsync("DELETE", "faults");

        await flow.Browser.GetAsync(page.QuerySelectorAll<IHtmlAnchorElement>("a").Single(link => link.TextContent == "Try again").GetAttribute("href")!, 302);
    }

    [Fact]
    public async Task An_App_in_the_wrong_organization_is_kept_and_said_to_be_so()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var register = await flow.BeginAsync();
        var form = register.QuerySelector<IHtmlFormElement>("form[action^='http']")!;
        var back = await flow.PostOnGitHubAsync(form.GetAttribute("action")!.Replace("/acme/", "/other/", StringComparison.Ordinal), ("manifest", form.QuerySelector<IHtmlInputElement>("input")!.Value));

        await flow.Browser.GetAsync(back!.PathAndQuery, 302);

        Assert.Contains("belongs to other, not to acme", (await flow.Browser.GetAsync(Page)).QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_waits_for_an_owner_and_is_seen_to_be_declined_or_approved()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var page = await flow.ConnectAsync();
        var install = page.QuerySelector<IHtmlAnchorElement>("a.btn-primary")!.GetAttribute("href")!;

        // The way back is lost; the list of requests tells it.
        var back = await flow.PostOnGitHubAsync(install, ("account", "acme"), ("decision", "request"), ("requester", "ann"));
        Assert.Contains("setup_action=request", back!.Query, StringComparison.Ordinal);
        await AgainAsync(flow);
        page = await flow.UntilAsync(Page, text => text.Contains("an owner of acme must approve", StringComparison.Ordinal));

        await flow.ControlAsync("POST", $"requests/{await RequestAsync(flow)}/deny");
        await AgainAsync(flow);
        await flow.UntilAsync(Page, text => text.Contains("was declined or withdrawn", StringComparison.Ordinal) && text.Contains("not installed anywhere", StringComparison.Ordinal));

        await flow.PostOnGitHubAsync(install, ("account", "acme"), ("decision", "request"), ("requester", "ann"));
        await AgainAsync(flow);
        await flow.UntilAsync(Page, text => text.Contains("an owner of acme must approve", StringComparison.Ordinal));
        await flow.ControlAsync("POST", $"requests/{await RequestAsync(flow)}/approve");
        await flow.UntilAsync(Page, text => text.Contains("Active", StringComparison.Ordinal) && !text.Contains("must approve", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("publicUrl", "nowhere", "is no address")]
    [InlineData("publicUrl", "https://name.invalid", "")]
    [InlineData("organization", "", "Name the organization")]
    [InlineData("webUrl", "http://github.test", "")]
    public async Task What_cannot_be_is_said_on_the_same_page_with_what_was_filled_in(string field, string value, string expected)
    {
        await using var flow = await GitHubFlow.StartAsync();

        var page = await flow.BeginAsync((field, value), ("do", "probe"));
        if (field == "organization")
        {
            page = await flow.BeginAsync((field, value));
        }

        Assert.Equal("Acme models", page.QuerySelector<IHtmlInputElement>("#name")!.Value);
        Assert.Contains(expected, page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_URL_is_tried_and_another_server_there_is_told_from_this_one()
    {
        await using var flow = await GitHubFlow.StartAsync();

        Assert.Contains("This server answers there", (await flow.BeginAsync(("do", "probe"))).QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("it is not this server", (await flow.BeginAsync(("do", "probe"), ("publicUrl", flow.GitHub.Url.ToString()))).QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("GitHub could not reach this server", (await flow.BeginAsync(("do", "probe"), ("publicUrl", "http://127.0.0.1:9"))).QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        var polling = await flow.BeginAsync(("notice", "poll"), ("publicUrl", ""));
        Assert.DoesNotContain("hook_attributes", polling.QuerySelector<IHtmlInputElement>("input[name=manifest]")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("140.82.121.4", false)]
    public void Private_addresses_are_known(string address, bool expected) => Assert.Equal(expected, PublicUrlProbe.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public async Task Only_administrators_come_here()
    {
        await using var flow = await GitHubFlow.StartAsync();
        using var person = await flow.Server.SignInAsync(Role.Operator);

        await person.GetAsync("/admin/providers", 403);
        await person.GetAsync("/admin/providers/new", 403);
        await person.GetAsync("/admin/providers/callback?code=a&state=b", 403);
    }

    private static async Task AgainAsync(GitHubFlow flow) =>
        await flow.Browser.SubmitAsync((await flow.Browser.GetAsync(Page)).QuerySelector<IHtmlFormElement>($"form[action='{Page}/sync']")!);

    private static async Task<string> RequestAsync(GitHubFlow flow)
    {
        using var web = new HttpClient();
        var home = await web.GetStringAsync(flow.GitHub.Url);
        return home.Split("installation-requests/")[1].Split('"')[0];
    }

    private static string Query(string path, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(path.Split('?')[1])[name].ToString();
}
