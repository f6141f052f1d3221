using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.SignIn;

/// <summary>The way in: links that work once, sessions that end, and where one goes afterwards.</summary>
public sealed class SignInTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_link_signs_in_once_and_looking_at_it_does_not_use_it_up(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var link = "/setup?token=" + await server.Get<SessionStore>().MakeLinkAsync(CancellationToken.None);
        using var browser = PanelClient.Anonymous(server.Http.BaseAddress!);
        using var later = PanelClient.Anonymous(server.Http.BaseAddress!);

        await browser.GetAsync(link);
        var form = (await browser.GetAsync(link)).QuerySelector<IHtmlFormElement>("form")!;
        Assert.Equal("Home", (await browser.SubmitAsync(form)).QuerySelector("h1")!.TextContent);

        Assert.Contains("does not work any more", (await later.SubmitAsync(form)).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var home = await browser.GetAsync("/");
        Assert.Equal("Sign in", (await browser.SubmitAsync(home.QuerySelector<IHtmlFormElement>("form[action='/logout']")!)).QuerySelector("h1")!.TextContent);
        await browser.GetAsync("/", 302);
    }

    [Fact]
    public async Task An_older_link_ends_with_a_newer_one_and_after_half_an_hour()
    {
        var time = new FakeTime();
        await using var server = await ServerFixture.StartAsync("sqlite", more: services => services.AddSingleton<TimeProvider>(time));
        var sessions = server.Get<SessionStore>();
        var older = await sessions.MakeLinkAsync(CancellationToken.None);
        var newer = await sessions.MakeLinkAsync(CancellationToken.None);

        Assert.Null(await sessions.UseLinkAsync(older, null, CancellationToken.None));
        time.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(await sessions.UseLinkAsync(newer, null, CancellationToken.None));
    }

    [Theory]
    [InlineData("/repositories?q=a", "/repositories?q=a")]
    [InlineData("https://evil.test/", "/")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/")]
    [InlineData("/login", "/")]
    public async Task A_person_comes_to_where_they_wanted_to_go_and_to_no_other_host(string to, string expected)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var browser = await server.SignInAsync();

        using var answer = await browser.Http.GetAsync(new Uri("/login?to=" + Uri.EscapeDataString(to), UriKind.Relative));

        Assert.Equal(expected, answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_session_that_lies_unused_or_whose_user_is_removed_ends()
    {
        var time = new FakeTime();
        await using var server = await ServerFixture.StartAsync("sqlite", more: services => services.AddSingleton<TimeProvider>(time));
        using var idle = await server.SignInAsync();
        using var removed = await server.SignInAsync(Role.Viewer);
        await idle.GetAsync("/");
        await removed.GetAsync("/");

        await server.Database.WriteAsync(session => session.ExecuteAsync("update users set removed_at = 1 where role = 'Viewer'"), CancellationToken.None);
        await removed.GetAsync("/", 302);

        time.Advance(TimeSpan.FromDays(6));
        await idle.GetAsync("/");
        time.Advance(TimeSpan.FromDays(8));
        await idle.GetAsync("/", 302);
    }

    [Fact]
    public async Task Every_answer_forbids_frames_inline_scripts_and_other_hosts()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var browser = await server.SignInAsync();

        foreach (var path in new[] { "/", "/login", "/nothing", "/api/v1/repositories", "/livez" })
        {
            using var answer = await browser.Http.GetAsync(new Uri(path, UriKind.Relative));
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }

        var page = await browser.GetAsync("/");
        Assert.Empty(page.QuerySelectorAll("script:not([src]), [style], style, [onclick]"));
    }
}
