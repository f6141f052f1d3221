using Microsoft.Playwright;
using Switchyard.Server.Access;
using Switchyard.Tests.Server;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>The system's Chromium, one for all tests. Each test has a context of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Another Chromium than the usual ones.</summary>
    private const string Variable = "SWITCHYARD_TEST_CHROMIUM";

    private static readonly string[] Usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    ];

    /// <summary>How long a page may take to become so, on a machine that is busy: milliseconds.</summary>
    private const int Patience = 20_000;

    private IPlaywright? playwright;

    public IBrowser? Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if ((Environment.GetEnvironmentVariable(Variable) ?? Usual.FirstOrDefault(File.Exists)) is { } program)
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            playwright = await Playwright.CreateAsync();
            Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        }
    }

    /// <summary>A browser window of the server's local administrator.</summary>
    internal async Task<Tab> OpenAsync(ServerFixture server, ColorScheme theme = ColorScheme.Light, bool scripts = true) =>
        await OpenAsync(server.Http.BaseAddress!, await LinkAsync(server), theme: theme, scripts: scripts);

    /// <summary>A link that signs the local administrator in, once; it ends the one before.</summary>
    internal static async Task<string> LinkAsync(ServerFixture server) => "/setup?token=" + await server.Get<SessionStore>().MakeLinkAsync(CancellationToken.None);

    /// <summary>A browser window, signed in where a link is given. What goes wrong in it is noted (<see cref="Tab.Complaints"/>).</summary>
    internal async Task<Tab> OpenAsync(Uri address, string? signInPath = null, int width = 1360, ColorScheme theme = ColorScheme.Light, bool scripts = true)
    {
        Assert.SkipWhen(Browser is null, $"No Chromium: install the package chromium, or name one in {Variable}.");
        var context = await Browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 850 },
            ColorScheme = theme,
            JavaScriptEnabled = scripts,
            AcceptDownloads = true,
        });
        var tab = new Tab(await context.NewPageAsync());
        if (signInPath is not null)
        {
            await tab.Page.GotoAsync(signInPath);
            await tab.Page.ClickAsync("button[type=submit]");
            await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(address, "/").ToString());
        }

        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
