using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Providers;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Signing;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Providers;

/// <summary>The page of a provider: tests, rotation with overlap, permissions that owners have yet to accept, webhooks by hand.</summary>
public sealed class ProviderPageTests
{
    private const string Page = "/admin/providers/acme-models";

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_new_key_is_good_at_once_and_the_old_one_until_it_is_forgotten(string kind)
    {
        await using var flow = await GitHubFlow.StartAsync(kind);
        await flow.ConnectAsync();
        var pem = (await flow.ControlAsync("POST", "apps/acme-models/keys"))!["pem"]!.ToString();
        var form = (await flow.Browser.GetAsync(Page + "?tab=credentials")).QuerySelector<IHtmlFormElement>("form[action$='/key']")!;

        // Another node, which is told nothing.
        var clock = new FakeTime(TimeProvider.System.GetUtcNow());
        await using var node = new ProviderConnections(flow.Server.Get<ProviderStore>(), flow.Server.Get<SecretVault>(), flow.Server.Get<AppKeys>(), clock);
        var before = await node.GetAsync(1, CancellationToken.None);

        Assert.Contains("The private key cannot be used", (await flow.Browser.SubmitAsync(form, ("privateKey", "nonsense"))).Body!.TextContent, StringComparison.OrdinalIgnoreCase);
        var page = await flow.Browser.SubmitAsync(form, ("privateKey", pem));
        Assert.Contains("The new key is in use", page.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY-----\n", page.Source.Text, StringComparison.Ordinal);

        Assert.Same(before, await node.GetAsync(1, CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotSame(before, await node.GetAsync(1, CancellationToken.None));

        // GitHub refuses the new key for a while, then the old one: both ways it goes on.
        await flow.ControlAsync("PUT", "faults/jwt.rejectKey", new JsonObject { ["n"] = 2 });
        Assert.Contains("GitHub accepts the key", await TestAsync(flow), StringComparison.Ordinal);
        await flow.ControlAsync("PUT", "faults/jwt.rejectKey", new JsonObject { ["n"] = 1 });
        Assert.Contains("GitHub accepts the key", await TestAsync(flow), StringComparison.Ordinal);

        page = await flow.Browser.SubmitAsync((await flow.Browser.GetAsync(Page + "?tab=credentials")).QuerySelector<IHtmlFormElement>("form[action$='/key/forget']")!);
        Assert.DoesNotContain("private key previous", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("GitHub accepts the key", await TestAsync(flow), StringComparison.Ordinal);
        await flow.ControlAsync("PUT", "faults/jwt.rejectKey", new JsonObject { ["n"] = 2 });
        Assert.DoesNotContain("GitHub accepts the key", await TestAsync(flow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_secret_is_changed_on_both_sides_and_kept_where_GitHub_fails()
    {
        await using var flow = await GitHubFlow.StartAsync();
        await flow.ConnectAsync();
        var vault = flow.Server.Get<SecretVault>();
        var before = await vault.ReadTextAsync("provider:1", "webhook_secret", CancellationToken.None);
        var form = (await flow.Browser.GetAsync(Page + "?tab=credentials")).QuerySelector<IHtmlFormElement>("form[action$='/webhook-secret']")!;

        await flow.ControlAsync("PUT", "faults/api.error", new JsonObject { ["status"] = 422, ["route"] = "hook/config" });
        await flow.Browser.SubmitAsync(form);
        Assert.Equal(before, await vault.ReadTextAsync("provider:1", "webhook_secret", CancellationToken.None));
        await flow.ControlAsync("DELETE", "faults");

        var page = await flow.Browser.SubmitAsync(form);
        Assert.Contains("GitHub signs with the new secret", page.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(before, await vault.ReadTextAsync("provider:1", "webhook_secret_previous", CancellationToken.None));
        await flow.ControlAsync("POST", "apps/acme-models/installations", new JsonObject { ["account"] = "acme" });
        await flow.UntilAsync("/admin/providers/acme-models", text => text.Contains("installation", StringComparison.Ordinal) && text.Contains("Handled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Permissions_that_the_App_asks_for_and_owners_have_not_accepted_are_pending_with_a_way_to_accept_them()
    {
        await using var flow = await GitHubFlow.StartAsync();
        await flow.ConnectAsync();
        await flow.ControlAsync("POST", "apps/acme-models/installations", new JsonObject { ["account"] = "acme" });
        await flow.UntilAsync(Page, text => text.Contains("as the App asks", StringComparison.Ordinal));

        await flow.ControlAsync("PUT", "apps/acme-models/permissions", new JsonObject { ["contents"] = "write", ["metadata"] = "read", ["deployments"] = "write" });
        await AgainAsync(flow);
        var page = await flow.UntilAsync(Page, text => text.Contains("Permissions pending", StringComparison.Ordinal));
        Assert.Contains("deployments: write", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Missing", page.Body.TextContent, StringComparison.Ordinal);

        await flow.PostOnGitHubAsync(page.QuerySelectorAll<IHtmlAnchorElement>("a").Single(link => link.TextContent == "Review on GitHub").GetAttribute("href")!);
        await flow.UntilAsync(Page, text => text.Contains("as the App asks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Suspended_and_removed_installations_say_what_is_to_be_done()
    {
        await using var flow = await GitHubFlow.StartAsync();
        await flow.ConnectAsync();
        var installation = (await flow.ControlAsync("POST", "apps/acme-models/installations", new JsonObject { ["account"] = "acme" }))!["id"]!.GetValue<long>();
        await flow.UntilAsync(Page, text => text.Contains("Active", StringComparison.Ordinal));

        await flow.ControlAsync("POST", $"installations/{installation}/suspend");
        await flow.UntilAsync(Page, text => text.Contains("can unsuspend it; nothing was deleted here", StringComparison.Ordinal));
        await flow.ControlAsync("POST", $"installations/{installation}/delete");
        await flow.UntilAsync(Page, text => text.Contains("The App was uninstalled from this account", StringComparison.Ordinal) && text.Contains("Install again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_by_hand_shows_its_secret_once_and_its_first_ping()
    {
        await using var flow = await GitHubFlow.StartAsync();
        await flow.ConnectAsync();
        var form = (await flow.Browser.GetAsync(Page + "?tab=hooks")).QuerySelector<IHtmlFormElement>("form[action$='/hooks/new']")!;

        var made = await flow.Browser.SubmitAsync(form, ("name", "acme/models"));
        var secret = made.QuerySelectorAll(".command code").Select(code => code.TextContent).Single(text => text.Length == 64);
        Assert.Contains("You will not see this secret again", made.Body!.TextContent, StringComparison.Ordinal);
        var list = await flow.Browser.GetAsync(Page + "?tab=hooks");
        Assert.Equal("Waiting", list.QuerySelectorAll("tbody[data-rows] td")[3].TextContent.Trim());
        Assert.DoesNotContain(secret, list.Source.Text, StringComparison.Ordinal);

        using var sender = new HttpClient { BaseAddress = flow.Server.Http.BaseAddress };
        using var ping = new HttpRequestMessage(HttpMethod.Post, "/gateway/sync") { Content = new StringContent("{\"zen\":\"x\"}", System.Text.Encoding.UTF8, "application/json") };
        ping.Headers.Add("X-GitHub-Event", "ping");
        ping.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        ping.Headers.Add("X-GitHub-Hook-ID", "4711");
        ping.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret), "{\"zen\":\"x\"}"u8)));
        (await sender.SendAsync(ping)).EnsureSuccessStatusCode();
        list = await flow.UntilAsync(Page + "?tab=hooks", text => text.Contains("4711", StringComparison.Ordinal));

        var rotated = await flow.Browser.SubmitAsync(list.QuerySelector<IHtmlFormElement>("form[action$='/rotate']")!);
        Assert.DoesNotContain(secret, rotated.Source.Text, StringComparison.Ordinal);
        list = await flow.Browser.SubmitAsync(list.QuerySelector<IHtmlFormElement>("form[action$='/remove']")!);
        Assert.Empty(list.QuerySelectorAll("tbody[data-rows] tr"));
    }

    [Fact]
    public async Task An_App_is_registered_by_hand_and_what_GitHub_refuses_is_said_beside_the_form()
    {
        await using var flow = await GitHubFlow.StartAsync();
        var app = (await flow.ControlAsync("POST", "apps", new JsonObject { ["name"] = "Own App" }))!;
        var form = (await flow.Browser.GetAsync("/admin/providers/new?by=hand")).QuerySelector<IHtmlFormElement>("form[action='/admin/providers/new/by-hand']")!;

        var page = await flow.Browser.SubmitAsync(form, ("webUrl", flow.GitHub.Url.ToString()), ("appId", "424242"), ("privateKey", app["pem"]!.ToString()));
        Assert.Contains("does not know the App 424242", page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY-----M", page.Source.Text.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);

        page = await flow.Browser.SubmitAsync(form, ("webUrl", flow.GitHub.Url.ToString()), ("appId", app["id"]!.ToString()), ("privateKey", app["pem"]!.ToString()), ("webhookSecret", "a secret"));
        Assert.Equal("Own App", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("is registered already", (await flow.Browser.SubmitAsync(form, ("webUrl", flow.GitHub.Url.ToString()), ("appId", app["id"]!.ToString()), ("privateKey", app["pem"]!.ToString()))).Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task AgainAsync(GitHubFlow flow) =>
        await flow.Browser.SubmitAsync((await flow.Browser.GetAsync(Page)).QuerySelector<IHtmlFormElement>($"form[action='{Page}/sync']")!);

    private static async Task<string> TestAsync(GitHubFlow flow) =>
        (await flow.Browser.SubmitAsync((await flow.Browser.GetAsync(Page)).QuerySelector<IHtmlFormElement>("form[action$='/test']")!)).Body!.TextContent;
}
