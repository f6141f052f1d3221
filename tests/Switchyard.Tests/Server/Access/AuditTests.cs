using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Access;

/// <summary>What is changed is kept with who, what and how it ended; what is denied as well, and nothing of it can be changed.</summary>
public sealed class AuditTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_change_by_the_API_and_by_the_panel_is_kept_and_a_denied_one_too(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        using var made = await server.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "one" });
        using var refused = await server.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "" });
        using var admin = await server.SignInAsync(Role.Admin);
        using var viewer = await server.SignInAsync(Role.Viewer);
        await admin.SubmitAsync((await admin.GetAsync("/admin/tokens")).QuerySelector<IHtmlFormElement>("form[action$='/revoke']")!);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/tokens");
        request.Headers.Add(Session.CsrfHeader, Session.CsrfOf(viewer.Cookie(Session.CookieName)!));
        Assert.Equal(403, (int)(await viewer.Http.SendAsync(request)).StatusCode);
        using var stranger = new HttpClient { BaseAddress = server.Http.BaseAddress };
        Assert.Equal(401, (int)(await stranger.PostAsJsonAsync("/api/v1/tokens", new { name = "x" })).StatusCode);
        using var read = await server.Http.GetAsync(new Uri("/api/v1/tokens", UriKind.Relative));

        var rows = (await admin.Http.GetFromJsonAsync<JsonElement>("/api/v1/audit")).GetProperty("items").EnumerateArray()
            .Select(row => $"{row.GetProperty("kind")} {row.GetProperty("action")} {row.GetProperty("object")} {row.GetProperty("result")}").Reverse();

        Assert.Equal(
            ["token token.create tokens/2 Done", "token token.create  Refused", "user token.revoke tokens/1 Done", "user token.create  Denied", "nobody token.create  Denied"], rows);
        var page = await admin.GetAsync("/admin/audit?result=Denied");
        Assert.Equal(2, page.QuerySelectorAll("tbody[data-rows] tr").Length);
        await viewer.GetAsync("/admin/audit", 403);
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task The_database_itself_keeps_the_rows(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        using var made = await server.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "one" });
        await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/audit");

        foreach (var sql in new[] { "update audit set actor = 'somebody else'", "delete from audit" })
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => server.Database.WriteAsync(session => session.ExecuteAsync(sql), CancellationToken.None));
            Assert.Contains("append-only", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_strangers_try_does_not_fill_the_disk()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var stranger = new HttpClient { BaseAddress = server.Http.BaseAddress };
        for (var i = 0; i < 200; i++)
        {
            using var answer = await stranger.PostAsJsonAsync("/api/v1/tokens", new { name = "x" });
        }

        Assert.InRange((await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/audit")).GetProperty("total").GetInt32(), 60, 180);
    }

    [Fact]
    public async Task Secrets_and_system_are_shown_without_any_value_and_to_administrators_alone()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var vault = server.Get<Switchyard.Server.Vault.SecretVault>();
        var secret = await vault.SealAsync("the very secret", CancellationToken.None);
        await server.Database.WriteAsync(session => vault.SetAsync(session, "provider:1", "webhook_secret", secret, "me"), CancellationToken.None);
        using var admin = await server.SignInAsync(Role.Admin);
        using var person = await server.SignInAsync(Role.Operator);

        var secrets = await admin.GetAsync("/admin/secrets");
        Assert.Contains("webhook secret", secrets.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("the very secret", secrets.Source.Text, StringComparison.Ordinal);
        var system = await admin.GetAsync("/admin/system");
        Assert.Contains("SQLite", system.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("migrations", system.Body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(new byte[32]), system.Source.Text, StringComparison.Ordinal);
        await person.GetAsync("/admin/secrets", 403);
        await person.GetAsync("/admin/system", 403);
    }
}
