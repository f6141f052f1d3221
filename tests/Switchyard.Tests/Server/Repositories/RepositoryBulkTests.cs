using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Xunit;
using static Switchyard.Tests.Server.Rules.SwitchWorld;

namespace Switchyard.Tests.Server.Repositories;

/// <summary>One action for many repositories: the plan first, then the action for what was in it and nothing else.</summary>
public sealed class RepositoryBulkTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_a_filter_shows_is_planned_suspended_and_resumed(string kind)
    {
        await using var world = await StartAsync(kind);
        var plan = await BulkAsync(world, new { action = "suspend", q = "the-", dryRun = true });
        Assert.Equal((3, 0, 0), (Number(plan, "repositories"), Number(plan, "left"), Number(plan, "done")));
        Assert.Equal(["acme/the-app", "acme/the-lib", "acme/the-tests"], plan.GetProperty("sample").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Items(await world.GetAsync("/api/v1/repositories")), item => item.GetProperty("suspended").GetBoolean());

        Assert.Equal(3, Number(await BulkAsync(world, new { action = "suspend", q = "the-", expected = 3 }), "done"));
        Assert.Equal(3, Items(await world.GetAsync("/api/v1/repositories")).Count(item => item.GetProperty("suspended").GetBoolean()));

        var again = await BulkAsync(world, new { action = "suspend", dryRun = true });
        Assert.Equal((1, 3), (Number(again, "repositories"), Number(again, "left")));
        Assert.Equal((1, 3), (Number(await BulkAsync(world, new { action = "sync" }), "done"), Number(await BulkAsync(world, new { action = "sync-full", dryRun = true }), "left")));
        Assert.Equal(3, Number(await BulkAsync(world, new { action = "resume" }), "done"));
    }

    [Fact]
    public async Task What_is_not_the_plan_any_more_or_makes_no_sense_changes_nothing()
    {
        await using var world = await StartAsync("sqlite");
        foreach (var (request, status) in new (object, HttpStatusCode)[]
        {
            (new { action = "suspend", expected = 3 }, HttpStatusCode.Conflict),
            (new { action = "explode" }, HttpStatusCode.UnprocessableEntity),
            (new { action = "suspend", status = "Fine" }, HttpStatusCode.UnprocessableEntity),
            (new { action = "suspend", ids = new[] { "x" } }, HttpStatusCode.UnprocessableEntity),
        })
        {
            using var answer = await world.Server.Http.PostAsJsonAsync("/api/v1/repositories/bulk", request);
            Assert.Equal(status, answer.StatusCode);
        }

        Assert.DoesNotContain(Items(await world.GetAsync("/api/v1/repositories")), item => item.GetProperty("suspended").GetBoolean());
    }

    [Fact]
    public async Task The_page_does_it_for_those_ticked_after_its_plan()
    {
        await using var world = await StartAsync("sqlite");
        using var browser = await world.Server.SignInAsync(Role.Operator);
        var list = await browser.GetAsync("/repositories");
        var ticks = list.QuerySelectorAll<IHtmlInputElement>("input[name=id][form=bulk]").Take(2).Select(tick => "id=" + tick.Value);

        var plan = await browser.GetAsync("/repositories/bulk?action=suspend&" + string.Join('&', ticks));
        Assert.Equal("2 repositories", plan.QuerySelector("h1")!.TextContent);
        var done = await browser.SubmitAsync(plan.QuerySelector<IHtmlFormElement>("form[action='/repositories/bulk']")!);

        Assert.Equal("Suspended 2 repositories.", done.QuerySelector(".said")!.TextContent.Trim());
        Assert.Equal(2, Items(await world.GetAsync("/api/v1/repositories")).Count(item => item.GetProperty("suspended").GetBoolean()));
        Assert.Contains("There is nothing to do", (await browser.GetAsync("/repositories/bulk?action=cancel")).Body!.TextContent, StringComparison.Ordinal);
    }

    private static int Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();

    private static Task<JsonElement> BulkAsync(Rules.SwitchWorld world, object request) => world.SendAsync(HttpMethod.Post, "/api/v1/repositories/bulk", request, HttpStatusCode.OK);
}
