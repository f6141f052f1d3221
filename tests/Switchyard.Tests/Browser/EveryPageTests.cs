using System.Text.Json;
using Microsoft.Playwright;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>
/// Each page at two widths and in both themes: nothing sticks out or is cut off, the browser complains of nothing, and whoever cannot see
/// it can use it. Pictures are left in <c>artifacts/screenshots</c>, to be looked at.
/// </summary>
[Collection(nameof(DemoBrowser))]
public sealed class EveryPageTests(Chromium chromium, DemoSite site)
{
    /// <summary>Text that is cut without a tooltip, and what sticks out of the window.</summary>
    private const string Layout =
        """
        () => {
          const wrong = [];
          const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
          if (wide > 0) {
            const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest(".sidebar, dialog"));
            wrong.push(`sticks out by ${wide} px: ${out.slice(0, 3).map((e) => e.tagName + "." + e.className).join(", ")}`);
          }
          for (const e of document.querySelectorAll("body *")) {
            const style = getComputedStyle(e);
            if (e.childElementCount === 0 && e.textContent.trim() && style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && !e.closest("[title], pre, textarea, dialog, .visually-hidden, .search-open"))
              wrong.push(`cut off: ${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 40)}"`);
          }
          return wrong;
        }
        """;

    private static readonly string Axe = Path.Combine(SharedFolder.RepositoryRoot, "web", "node_modules", "axe-core", "axe.min.js");

    [Theory]
    [InlineData(1360, "light")]
    [InlineData(1360, "dark")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    public async Task Every_page_fits_says_nothing_to_the_console_and_can_be_used_by_everybody(int width, string theme)
    {
        await using var tab = await chromium.OpenAsync(site.Address, await site.SignInPathAsync(), width, theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        var wrong = new List<string>();
        foreach (var (name, path) in PanelPages.All)
        {
            var response = await tab.GoAsync(await PanelPages.ResolveAsync(site, path));
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(SharedFolder.RepositoryRoot, "artifacts", "screenshots", $"{name}-{width}-{theme}.png"), FullPage = true });
            string[] found = [.. await tab.Page.EvaluateAsync<string[]>(Layout), .. await AxeAsync(tab.Page), .. tab.TakeComplaints(), .. response.Status == (name == "not-found" ? 404 : 200) ? [] : new[] { $"status {response.Status}" }];
            wrong.AddRange(found.Where(one => name != "not-found" || !one.Contains("404 (Not Found)", StringComparison.Ordinal)).Select(one => $"{name}: {one}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What axe finds that keeps people from using the page: serious and critical.</summary>
    private static async Task<string[]> AxeAsync(IPage page)
    {
        // The page's own policy forbids scripts from elsewhere; the browser's tools may put one in.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe));
        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => ({ id: v.id, impact: v.impact, help: v.help, where: v.nodes.slice(0, 3).map(n => n.html + (n.any[0]?.message ?? '')).join(' ') }))");
        return [.. found.EnumerateArray().Where(one => one.GetProperty("impact").GetString() is "serious" or "critical").Select(one => $"{one.GetProperty("id")}: {one.GetProperty("help")}: {one.GetProperty("where")}")];
    }
}
