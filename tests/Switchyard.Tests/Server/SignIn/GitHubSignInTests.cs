using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Server.SignIn;
using Switchyard.Tests.Infrastructure;
using Switchyard.Tests.Server.Providers;
using Xunit;

namespace Switchyard.Tests.Server.SignIn;

/// <summary>Signing in with GitHub: who comes in, as what, and when they are out again.</summary>
public sealed class GitHubSignInTests
{
    private const string Provider = "acme-models";

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_member_of_an_organization_comes_in_with_its_role_and_is_out_when_they_leave(string kind)
    {
        var time = new FakeTime();
        await using var flow = await StartAsync(kind, time);
        await flow.ControlAsync("PUT", "organizations/acme/members/ann", new JsonObject { ["teams"] = new JsonArray("data") });
        await GrantAsync(flow, "organization", "acme", "Viewer");
        await GrantAsync(flow, "team", "acme/data", "Operator");
        using var ann = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);

        Assert.Equal("/repositories?q=a", await SignInAsync(flow, ann, "ann", "/repositories?q=a"));
        await ann.GetAsync("/admin/access", 403);
        var row = (await flow.Browser.GetAsync("/admin/access")).QuerySelectorAll("#users tbody tr").Single(one => one.TextContent.Contains("ann", StringComparison.Ordinal));
        Assert.Contains("operator", row.TextContent, StringComparison.Ordinal);

        // Out of the team: the role sinks. Out of the organization: the session ends.
        await flow.ControlAsync("PUT", "organizations/acme/members/ann", new JsonObject());
        await flow.Server.Get<CheckMemberships>().RunAsync(CancellationToken.None);
        Assert.Contains("viewer", (await ann.GetAsync("/repositories")).QuerySelector(".user-menu")!.TextContent, StringComparison.Ordinal);
        await flow.ControlAsync("DELETE", "organizations/acme/members/ann");
        await flow.Server.Get<CheckMemberships>().RunAsync(CancellationToken.None);
        await ann.GetAsync("/repositories", 302);
        var audit = (await flow.Browser.GetAsync("/admin/audit")).QuerySelector("#list")!.TextContent;
        Assert.Contains("user.remove", audit, StringComparison.Ordinal);
        Assert.Contains("session.create", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_grant_or_only_an_invitation_stays_out()
    {
        await using var flow = await StartAsync();
        await GrantAsync(flow, "organization", "acme", "Viewer");
        await flow.ControlAsync("PUT", "organizations/acme/members/bob", new JsonObject { ["state"] = "pending" });
        using var browser = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);

        Assert.Contains("@eve has no access here", await RefusedAsync(flow, browser, "eve", 403), StringComparison.Ordinal);
        Assert.Contains("@bob has no access here", await RefusedAsync(flow, browser, "bob", 403), StringComparison.Ordinal);
        await browser.GetAsync("/", 302);
        Assert.Contains("Denied", (await flow.Browser.GetAsync("/admin/audit?action=session.create")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_is_known_by_their_id_and_not_by_a_login_that_somebody_else_took()
    {
        await using var flow = await StartAsync();
        await GrantAsync(flow, "user", "ann", "Admin");
        using var ann = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        await SignInAsync(flow, ann, "ann");
        await ann.GetAsync("/admin/access");

        await flow.Server.Database.WriteAsync(session => session.ExecuteAsync("update access_grants set github_id = github_id + 1"), CancellationToken.None);
        using var other = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        Assert.Contains("has no access here", await RefusedAsync(flow, other, "ann", 403), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_GitHub_cannot_be_asked_sessions_last_for_the_grace_and_nobody_new_comes_in()
    {
        var time = new FakeTime();
        await using var flow = await StartAsync("sqlite", time);
        await flow.ControlAsync("PUT", "organizations/acme/members/ann", new JsonObject());
        await GrantAsync(flow, "organization", "acme", "Viewer");
        using var ann = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        using var late = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        await SignInAsync(flow, ann, "ann");

        await flow.ControlAsync("PUT", "faults/permissions.withhold", new JsonObject { ["name"] = "members" });
        await flow.Server.Get<CheckMemberships>().RunAsync(CancellationToken.None);
        await ann.GetAsync("/");
        Assert.Contains("could not be read from GitHub", await RefusedAsync(flow, late, "ann", 503), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(61));
        await ann.GetAsync("/", 302);
    }

    [Fact]
    public async Task A_grant_that_is_taken_back_ends_the_sessions_that_it_gave_and_no_others()
    {
        await using var flow = await StartAsync();
        await flow.ControlAsync("PUT", "organizations/acme/members/ann", new JsonObject());
        await GrantAsync(flow, "organization", "acme", "Viewer");
        await GrantAsync(flow, "user", "bob", "Viewer");
        using var ann = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        using var bob = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        await SignInAsync(flow, ann, "ann");
        await SignInAsync(flow, bob, "bob");

        var page = await flow.Browser.GetAsync("/admin/access");
        await flow.Browser.SubmitAsync(page.QuerySelectorAll("tbody[data-rows] tr").First(row => row.TextContent.Contains("organization", StringComparison.Ordinal)).QuerySelector<IHtmlFormElement>("form")!);

        await ann.GetAsync("/", 302);
        await bob.GetAsync("/");
        page = await flow.Browser.GetAsync("/admin/access");
        await flow.Browser.SubmitAsync(page.QuerySelectorAll("#users tbody tr").Single(row => row.QuerySelector("td")!.TextContent.TrimStart().StartsWith("bob", StringComparison.Ordinal)).QuerySelector<IHtmlFormElement>("form")!);
        await bob.GetAsync("/", 302);
    }

    [Fact]
    public async Task A_code_or_state_of_another_browser_a_used_code_and_a_cancelled_sign_in_open_no_session()
    {
        await using var flow = await StartAsync();
        await GrantAsync(flow, "user", "ann", "Viewer");
        using var mine = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        using var other = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        var back = await AuthorizeAsync(flow, mine, "ann");

        Assert.Contains("not begun in this browser", (await other.GetAsync(back, 422)).Body!.TextContent, StringComparison.Ordinal);
        await BeginAsync(other, "/");
        Assert.Contains("not begun in this browser", (await other.GetAsync(back, 422)).Body!.TextContent, StringComparison.Ordinal);
        await mine.GetAsync(back, 302);
        Assert.Contains("not begun in this browser", (await mine.GetAsync(back, 422)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("You cancelled on GitHub", (await other.GetAsync($"/login/{Provider}/callback?error=access_denied&state=x", 422)).Body!.TextContent, StringComparison.Ordinal);

        await flow.ControlAsync("PUT", "faults/web.error", new JsonObject { ["route"] = "access_token" });
        await other.GetAsync(await AuthorizeAsync(flow, other, "ann"), 502);
        await flow.ControlAsync("DELETE", "faults");
        await flow.Server.Database.WriteAsync(session => session.ExecuteAsync("update providers set client_id = 'Iv1.unknown'"), CancellationToken.None);
        await other.GetAsync("/", 302);
    }

    [Fact]
    public async Task A_session_that_was_planted_before_is_not_the_one_that_is_opened()
    {
        await using var flow = await StartAsync();
        await GrantAsync(flow, "user", "ann", "Viewer");
        using var victim = await flow.Server.SignInAsync(Role.Viewer);
        var planted = victim.Cookie(Session.CookieName);

        await SignInAsync(flow, victim, "ann");

        Assert.NotEqual(planted, victim.Cookie(Session.CookieName));
        using var attacker = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        attacker.SetCookie(flow.Server.Http.BaseAddress!, Session.CookieName, planted!);
        await attacker.GetAsync("/", 302);
    }

    [Fact]
    public async Task A_token_of_a_person_can_do_no_more_than_they_and_ends_with_them()
    {
        await using var flow = await StartAsync();
        await GrantAsync(flow, "user", "ann", "Admin");
        using var ann = PanelClient.Anonymous(flow.Server.Http.BaseAddress!);
        await SignInAsync(flow, ann, "ann");
        var made = await ann.SubmitAsync((await ann.GetAsync("/admin/tokens")).QuerySelector<IHtmlFormElement>("form[action='/admin/tokens']")!, ("name", "mine"), ("role", "admin"), ("days", "5"));
        var token = made.QuerySelectorAll(".command code").Select(code => code.TextContent).Single(text => text.StartsWith("swy_", StringComparison.Ordinal));
        Assert.DoesNotContain(token, (await ann.GetAsync("/admin/tokens")).Source.Text, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = flow.Server.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(200, (int)(await client.GetAsync(new Uri("/api/v1/tokens", UriKind.Relative))).StatusCode);

        await flow.Server.Database.WriteAsync(session => session.ExecuteAsync("update users set role = 'Viewer' where login = 'ann'"), CancellationToken.None);
        Assert.Equal(403, (int)(await client.GetAsync(new Uri("/api/v1/tokens", UriKind.Relative))).StatusCode);
        await flow.Server.Database.WriteAsync(session => session.ExecuteAsync("update users set removed_at = 1 where login = 'ann'"), CancellationToken.None);
        Assert.Equal(401, (int)(await client.GetAsync(new Uri("/api/v1/repositories", UriKind.Relative))).StatusCode);
    }

    private static async Task<GitHubFlow> StartAsync(string kind = "sqlite", TimeProvider? time = null)
    {
        var flow = await GitHubFlow.StartAsync(kind, time is null ? null : services => services.AddSingleton(time));
        await flow.ConnectAsync();
        await flow.ControlAsync("POST", "apps/acme-models/installations", new JsonObject { ["account"] = "acme" });
        await flow.UntilAsync("/admin/providers/acme-models", text => text.Contains("Active", StringComparison.Ordinal));
        return flow;
    }

    private static async Task GrantAsync(GitHubFlow flow, string kind, string account, string role)
    {
        var form = (await flow.Browser.GetAsync("/admin/access")).QuerySelector<IHtmlFormElement>("form[action='/admin/access/grants']")!;
        Assert.Contains("may sign in as", (await flow.Browser.SubmitAsync(form, ("provider", Provider), ("kind", kind), ("account", account), ("role", role))).QuerySelector(".said")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<string> BeginAsync(PanelClient browser, string to)
    {
        using var answer = await browser.Http.GetAsync(new Uri($"/login/{Provider}?to={Uri.EscapeDataString(to)}", UriKind.Relative));
        return answer.Headers.Location!.AbsoluteUri;
    }

    /// <summary>Agrees on GitHub; the path that it sends the browser back to.</summary>
    private static async Task<string> AuthorizeAsync(GitHubFlow flow, PanelClient browser, string login, string to = "/") =>
        (await flow.PostOnGitHubAsync(await BeginAsync(browser, to), ("login", login), ("decision", "authorize")))!.PathAndQuery;

    private static async Task<string> SignInAsync(GitHubFlow flow, PanelClient browser, string login, string to = "/")
    {
        using var answer = await browser.Http.GetAsync(new Uri(await AuthorizeAsync(flow, browser, login, to), UriKind.Relative));
        Assert.True((int)answer.StatusCode == 302, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private static async Task<string> RefusedAsync(GitHubFlow flow, PanelClient browser, string login, int status) =>
        (await browser.GetAsync(await AuthorizeAsync(flow, browser, login), status)).Body!.TextContent;
}
