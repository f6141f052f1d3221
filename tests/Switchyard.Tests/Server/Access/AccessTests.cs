using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Access;

public sealed class AccessTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_token_opens_what_its_role_may_and_nothing_after_it_is_revoked(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        using var made = await server.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "reader", role = "viewer" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = await made.Content.ReadFromJsonAsync<JsonElement>();

        using var reader = new HttpClient { BaseAddress = server.Http.BaseAddress };
        reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/v1/deliveries")).StatusCode);
        using var forbidden = await reader.GetAsync("/api/v1/tokens");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal("application/problem+json", forbidden.Content.Headers.ContentType!.MediaType);

        Assert.Equal(HttpStatusCode.NoContent, (await server.Http.DeleteAsync("/api/v1/tokens/" + token.GetProperty("id").GetString())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await reader.GetAsync("/api/v1/deliveries")).StatusCode);
    }

    [Fact]
    public async Task A_list_of_tokens_shows_no_token()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var (token, _) = await server.Get<TokenStore>().CreateAsync("other", Role.Operator, TimeSpan.FromDays(1), CancellationToken.None);
        Assert.DoesNotContain(token, await server.Http.GetStringAsync("/api/v1/tokens"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_answer_says_how_to_get_one_and_not_where_the_data_lies()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var anonymous = new HttpClient { BaseAddress = server.Http.BaseAddress };
        using var answer = await anonymous.GetAsync("/api/v1/deliveries");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("switchyard admin token create --data FOLDER --name me --role viewer", problem.GetProperty("next")[0].GetProperty("command").GetString());
        Assert.DoesNotContain(server.DataFolder, problem.ToString(), StringComparison.Ordinal);
        Assert.Equal("ok", await anonymous.GetStringAsync("/livez"));
        Assert.Equal("ok", await anonymous.GetStringAsync("/readyz"));
    }

    [Fact]
    public void A_mistyped_token_is_told_from_an_unknown_one()
    {
        var token = ApiToken.Generate();
        Assert.True(ApiToken.IsWellFormed(token));
        Assert.False(ApiToken.IsWellFormed(token[..^1]));
        Assert.False(ApiToken.IsWellFormed(token[..10] + (token[10] == 'a' ? 'b' : 'a') + token[11..]));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_setup_token_ends_with_the_first_administrators_own(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var (setup, _) = await server.Get<TokenStore>().CreateAsync(TokenStore.SetupName, Role.Admin, TimeSpan.FromMinutes(30), CancellationToken.None);
        using var first = new HttpClient { BaseAddress = server.Http.BaseAddress };
        first.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", setup);

        using var viewer = await first.PostAsJsonAsync("/api/v1/tokens", new { name = "reader", role = "viewer" });
        using var admin = await first.PostAsJsonAsync("/api/v1/tokens", new { name = "me", role = "admin" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (viewer.StatusCode, admin.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/v1/tokens")).StatusCode);
    }
}
