using System.Text;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Switchyard.Tests.Browser;

/// <summary>The diagram as it is drawn: what is on the canvas, and what is saved of it.</summary>
[Collection(nameof(ShopBrowser))]
public sealed class DiagramTests(Chromium chromium, ShopHub shop)
{
    private const string Picture = "() => document.querySelector('#diagram canvas').toDataURL()";

    /// <summary>In a picture with nothing on it, all pixels are one.</summary>
    private const string Colors =
        """
        () => {
          const canvas = document.querySelector("#diagram canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }
        """;

    [Fact]
    public async Task The_picture_moves_and_zooms_by_wheel_pointer_button_and_key_and_fits_again()
    {
        await using var tab = await OpenAsync(ShopHub.ShopPath);
        Assert.True(await tab.Page.EvaluateAsync<int>(Colors) > 5, "Nothing was drawn.");
        var whole = await tab.Page.EvaluateAsync<string>(Picture);
        var canvas = tab.Page.Locator("#diagram canvas");
        var box = (await canvas.BoundingBoxAsync())!;
        var (x, y) = (box.X + box.Width / 2, box.Y + box.Height / 2);

        foreach (var (how, act) in new (string How, Func<Task> Act)[]
        {
            ("the button", () => tab.Page.ClickAsync("[data-act=in]")),
            ("the wheel", async () =>
            {
                await tab.Page.Mouse.MoveAsync(x, y);
                await tab.Page.Mouse.WheelAsync(0, -300);
            }),
            ("the pointer", async () =>
            {
                await tab.Page.Mouse.MoveAsync(x, y);
                await tab.Page.Mouse.DownAsync();
                await tab.Page.Mouse.MoveAsync(x + 80, y + 40);
                await tab.Page.Mouse.UpAsync();
            }),
            ("an arrow", () => canvas.PressAsync("ArrowLeft")),
            ("minus", () => canvas.PressAsync("-")),
        })
        {
            await act();
            Assert.True(await BecomesAsync(tab, "!==", whole), $"{how} changed nothing.");
            await tab.Page.ClickAsync("[data-act=fit]");
            Assert.True(await BecomesAsync(tab, "===", whole), $"It did not fit again after {how}.");
        }

        tab.MustBeQuiet();
    }

    [Fact]
    public async Task An_entity_is_found_by_its_name_or_a_field_and_stands_with_its_neighbours_alone()
    {
        await using var tab = await OpenAsync(ShopHub.ShopPath);
        var found = tab.Page.Locator(".diagram-found");
        await tab.Page.FillAsync("[data-act=search]", "NICKNAME");
        await Expect(found).ToHaveTextAsync("1 found; Enter goes from one to the next");
        await tab.Page.PressAsync("[data-act=search]", "Enter");
        await Expect(found).ToHaveTextAsync("1 of 1: customer");

        await tab.Page.ClickAsync("[data-act=focus]");
        await Expect(found).ToHaveTextAsync("customer and 1 neighbour of 2");
        await Expect(tab.Page).ToHaveURLAsync(Full("?tab=diagram&focus=c"));
        await tab.Page.ClickAsync("[data-act=all]");
        await Expect(tab.Page.Locator("[data-act=all]")).ToBeHiddenAsync();
        await Expect(tab.Page).ToHaveURLAsync(Full("?tab=diagram"));
        await tab.Page.FillAsync("[data-act=search]", "nobody");
        await Expect(found).ToHaveTextAsync("Nothing found");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task A_large_model_begins_with_the_entity_in_its_middle_and_is_laid_out_by_the_worker()
    {
        await using var tab = await OpenAsync(ShopHub.ManyPath);

        await Expect(tab.Page.Locator(".diagram-found")).ToHaveTextAsync($"entity0 and 9 neighbours of {ShopHub.Many}");
        Assert.True(await tab.Page.EvaluateAsync<int>(Colors) > 5, "Nothing was drawn.");

        // One that is not in the picture becomes its middle.
        await tab.Page.FillAsync("[data-act=search]", "entity299");
        await tab.Page.PressAsync("[data-act=search]", "Enter");
        await Expect(tab.Page.Locator(".diagram-found")).ToHaveTextAsync($"entity299 and 0 neighbours of {ShopHub.Many}");
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("#diagram")).ToHaveAttributeAsync("data-state", "ready");
        await Expect(tab.Page.Locator(".diagram-found")).ToHaveTextAsync($"entity299 and 0 neighbours of {ShopHub.Many}");
        tab.MustBeQuiet();
    }

    [Fact]
    public async Task The_picture_is_saved_as_vectors_and_as_pixels()
    {
        await using var tab = await OpenAsync(ShopHub.ShopPath);

        var (name, content) = await tab.DownloadsAsync(() => tab.Page.ClickAsync("[data-act=svg]"));
        var svg = Encoding.UTF8.GetString(content);
        Assert.Equal("Shop.svg", name);
        Assert.StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"", svg, StringComparison.Ordinal);
        Assert.All(["<title>customer</title>", "<title>purchase</title>", ">nickname</text>", ">customerId</text>", "<title>buys</title>"], text => Assert.Contains(text, svg, StringComparison.Ordinal));

        (name, content) = await tab.DownloadsAsync(() => tab.Page.ClickAsync("[data-act=png]"));
        Assert.Equal("Shop.png", name);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], content.Take(4));
        Assert.True(content.Length > 2_000, $"A picture of {content.Length} bytes is empty.");
        tab.MustBeQuiet();
    }

    private async Task<Tab> OpenAsync(string model)
    {
        var tab = await chromium.OpenAsync(shop.Hub.Server);
        await tab.GoAsync(model + "?tab=diagram");
        await Expect(tab.Page.Locator("#diagram")).ToHaveAttributeAsync("data-state", "ready");
        await tab.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return tab;
    }

    private string Full(string query) => new Uri(shop.Hub.Server.Http.BaseAddress!, ShopHub.ShopPath + query).ToString();

    /// <summary>Whether the picture becomes another one than that, or that one, as soon as the browser has painted.</summary>
    private static async Task<bool> BecomesAsync(Tab tab, string how, string picture)
    {
        try
        {
            await tab.Page.WaitForFunctionAsync($"(picture) => document.querySelector('#diagram canvas').toDataURL() {how} picture", picture);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
