using System.Text.Json.Nodes;
using Switchyard.Tests.Server.Providers;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>
/// An administrator who connects GitHub. The panel is called <c>localhost</c> and GitHub <c>127.0.0.1</c>, so that they are two sites,
/// as in life: what browsers do with cookies and forms between sites is a part of it.
/// </summary>
internal sealed class Connecting : IAsyncDisposable
{
    public const string Order = """{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"amount","type":"int"}]}""";

    private Connecting(GitHubFlow flow, string link, Tab panel) => (Flow, Link, Panel) = (flow, link, panel);

    public GitHubFlow Flow { get; }

    /// <summary>The link that signed them in.</summary>
    public string Link { get; }

    public Tab Panel { get; }

    public Uri Address => AddressOf(Flow);

    /// <summary>A fresh server, a GitHub with acme/models and acme/shop, and the browser at the page that the link leads to.</summary>
    public static async Task<Connecting> StartAsync(Chromium chromium)
    {
        var flow = await GitHubFlow.StartAsync();
        await flow.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/shop", ["files"] = new JsonObject { ["schemas/order.avsc"] = Order } });
        var link = await Chromium.LinkAsync(flow.Server);
        return new Connecting(flow, link, await chromium.OpenAsync(AddressOf(flow), link));
    }

    /// <summary>The wizard's first page, from the form as it is; leads to its second.</summary>
    public async Task FillInAsync(Tab tab, string name = "Acme models", string organization = "acme")
    {
        await tab.Page.FillAsync("#name", name);
        await tab.Page.FillAsync("input[name=organization]", organization);
        await tab.Page.FillAsync("#webUrl", Flow.GitHub.Url.ToString());
        await tab.Page.CheckAsync("input[name=notice][value=webhook]");
        await tab.Page.FillAsync("input[name=publicUrl]", Flow.Server.Http.BaseAddress!.ToString());
        await tab.Page.ClickAsync("button:has-text('Continue')");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Register " + name);
    }

    /// <summary>Presses the button that leads to GitHub; the tab in which GitHub opens, and leads back.</summary>
    public static Task<Tab> RegisterAsync(Tab tab) => tab.OpensAsync(() => tab.Page.ClickAsync("button:has-text('Register GitHub App')"));

    /// <summary>The whole way to an App that is registered; the tab with its page.</summary>
    public async Task<Tab> RegisterAsync(string organization = "acme")
    {
        await Panel.GoAsync("/admin/providers/new");
        await FillInAsync(Panel, organization: organization);
        var provider = await RegisterAsync(Panel);
        await Expect(provider.Said).ToContainTextAsync("Install it next");
        return provider;
    }

    /// <summary>GitHub's page to install the App, which opens in a tab of its own.</summary>
    public static Task<Tab> OpenInstallationAsync(Tab provider) => provider.OpensAsync(() => provider.Page.ClickAsync("#notes a:has-text('Install')"));

    /// <summary>Installs the App on GitHub, for one repository alone; the tab comes back.</summary>
    public static async Task<Tab> InstallAsync(Tab provider, string repository = "acme/shop")
    {
        var github = await OpenInstallationAsync(provider);
        await github.Page.CheckAsync($"input[name=account][value='{repository.Split('/')[0]}']");
        await github.Page.CheckAsync("input[name=repository_selection][value=selected]");
        await github.Page.CheckAsync($"input[name=repositories][value='{repository}']");
        await github.Page.ClickAsync("button[value=install]");
        await Expect(github.Said).ToContainTextAsync("the App was installed");
        return github;
    }

    public async ValueTask DisposeAsync()
    {
        await Panel.DisposeAsync();
        await Flow.DisposeAsync();
    }

    private static Uri AddressOf(GitHubFlow flow) => new UriBuilder(flow.Server.Http.BaseAddress!) { Host = "localhost" }.Uri;
}
