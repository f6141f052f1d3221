using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Switchyard.Tests.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Server.Webhooks;

/// <summary>The pages of deliveries, as a browser without scripts has them.</summary>
public sealed class DeliveryPageTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task The_table_is_filtered_by_state_event_repository_time_and_how_the_guid_begins(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind);
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.UntilAsync("/api/v1/deliveries?event=push&state=Handled", list => SwitchWorld.Items(list).Any());
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var row = (await browser.GetAsync("/deliveries?event=push&state=handled&repository=acme/the-app&since=1h")).QuerySelector("tbody tr")!;
        Assert.Equal(["Handled", "push", "acme/the-app"], row.QuerySelectorAll("td").Take(3).Select(cell => cell.TextContent.Trim()));

        var guid = row.QuerySelector("code")!.GetAttribute("title")!;
        var found = await browser.GetAsync($"/deliveries?guid={guid[..9].ToUpperInvariant()}");
        Assert.Equal(guid, found.QuerySelectorAll("main tbody tr").Single().QuerySelector("code")!.GetAttribute("title"));
        Assert.Single((await browser.GetAsync($"/deliveries?guid={guid}")).QuerySelectorAll("main tbody tr"));
        Assert.Equal("No match", (await browser.GetAsync("/deliveries?guid=ffffffff-no")).QuerySelector(".empty-title")!.TextContent);
        Assert.Equal("No match", (await browser.GetAsync("/deliveries?until=2020-01-01")).QuerySelector(".empty-title")!.TextContent);
        Assert.Contains("30m, 24h, 7d", (await browser.GetAsync("/deliveries?since=lately", 422)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivery_shows_its_headers_without_signatures_and_its_payload_as_text_and_is_replayed()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        const string Hostile = "<script>alert(1)</script>";
        await world.PushAsync("acme/the-app", $"src/{Hostile.Replace('/', '-')}.cs", "2");
        var list = await world.UntilAsync("/api/v1/deliveries?event=push&state=Handled", list => SwitchWorld.Items(list).Any());
        var path = "/deliveries/" + SwitchWorld.Text(SwitchWorld.Items(list).First(), "id");
        using var browser = await world.Server.SignInAsync(Role.Operator);

        var page = await browser.GetAsync(path);

        Assert.Equal("push", page.QuerySelector("h1")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("main script"));
        Assert.Contains("<script>alert(1)<-script>", page.QuerySelector(".json")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("acme/the-app", page.QuerySelector(".json details details")!.ParentElement!.TextContent, StringComparison.Ordinal);
        var headers = page.QuerySelectorAll(".facts th").Select(cell => cell.TextContent).ToList();
        Assert.Contains("X-GitHub-Event", headers, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(headers, name => name.Contains("signature", StringComparison.OrdinalIgnoreCase));
        Assert.EndsWith("/advanced", page.QuerySelectorAll("a").Single(link => link.TextContent.Trim() == "Deliveries on GitHub").GetAttribute("href"), StringComparison.Ordinal);
        Assert.StartsWith("{", await browser.Http.GetStringAsync(new Uri(path + "/payload", UriKind.Relative)), StringComparison.Ordinal);

        var said = await browser.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[action$='/replay']")!);

        Assert.Contains("worked off again", said.QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
        await world.UntilAsync("/api/v1" + path, one => one.GetProperty("attempts").GetArrayLength() == 3 && SwitchWorld.Text(one.GetProperty("delivery"), "state") == "Handled");
        Assert.Equal(3, (await browser.GetAsync(path)).QuerySelector("#attempts")!.ParentElement!.ParentElement!.QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public async Task A_viewer_sees_neither_payload_nor_actions()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        var list = await world.UntilAsync("/api/v1/deliveries?state=Handled", list => SwitchWorld.Items(list).Any());
        var path = "/deliveries/" + SwitchWorld.Text(SwitchWorld.Items(list).First(), "id");
        using var browser = await world.Server.SignInAsync(Role.Viewer);

        var page = await browser.GetAsync(path);

        Assert.Empty(page.QuerySelectorAll(".json"));
        Assert.Empty(page.QuerySelectorAll("main form[method=post]"));
        await browser.GetAsync(path + "/payload", 403);
        await browser.GetAsync("/deliveries/recover", 403);
        Assert.Contains("There is no delivery 999999", (await browser.GetAsync("/deliveries/999999", 404)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_arrived_is_shown_before_it_is_recovered()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        using var browser = await world.Server.SignInAsync(Role.Operator);

        // GitHub told of the installation before this server knew the App.
        await world.SendAsync(HttpMethod.Post, "/api/v1/deliveries/recover", null, System.Net.HttpStatusCode.OK);
        Assert.Equal("Nothing is missing", (await browser.GetAsync("/deliveries/recover")).QuerySelector(".empty-title")!.TextContent);
        var (_, guid) = await world.PushUntoldAsync("acme/the-app", "src/app.cs", "untold");

        var plan = await browser.GetAsync("/deliveries/recover");

        Assert.Contains(guid, plan.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, (await world.GetAsync($"/api/v1/deliveries?guid={guid}")).GetProperty("total").GetInt32());
        var said = await browser.SubmitAsync(plan.QuerySelector<IHtmlFormElement>("form[action='/deliveries/recover']")!);
        Assert.StartsWith("1 delivery recovered", said.QuerySelector(".said")!.TextContent.Trim(), StringComparison.Ordinal);
        var row = (await browser.GetAsync($"/deliveries?guid={guid}")).QuerySelector("tbody tr")!;
        Assert.Contains("Recovered", row.TextContent, StringComparison.Ordinal);
    }
}
