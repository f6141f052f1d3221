using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Switchyard.Server.Access;
using Switchyard.Tests.Server.Webhooks;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

/// <summary>Problems speak of the request and of what would be right, never of the framework.</summary>
public sealed class ProblemTests
{
    private static readonly string[] OfFramework = ["System.", "Nullable", "(Parameter", "JsonSerializer", "Path: $", "BytePosition", "Exception", "Implicit body", "could not be converted"];

    [Theory]
    [InlineData("tokens", "{\"name\":\n  \"x\",,}", "", "line 2, position 7")]
    [InlineData("tokens", """{"name":"x","days":"many"}""", "/days", "a whole number")]
    [InlineData("tokens", """{"name":7}""", "/name", "a text")]
    [InlineData("tokens", "[]", "", "an object")]
    [InlineData("tokens", "", "", "name, role, days")]
    [InlineData("tokens", "null", "", "name, role, days")]
    [InlineData("providers", """{"appId":"x"}""", "/appId", "a whole number")]
    [InlineData("repositories", """{"repository":{}}""", "/repository", "a text")]
    [InlineData("targets", """{"patern":"acme/*"}""", "/patern", "There is no member patern. Did you mean pattern? This operation takes pattern, provider.")]
    public async Task A_body_that_cannot_be_read_is_told_with_place_and_expectation(string path, string body, string pointer, string said)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");

        var problem = await PostAsync(server, path, body, HttpStatusCode.BadRequest);

        Assert.Contains(said, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("/openapi/v1.json", problem.GetProperty("next")[0].GetProperty("href").GetString());
    }

    [Theory]
    [InlineData("providers", """{"name":"x","apiUrl":"http://example.com","token":"github_pat_x"}""", "/apiUrl")]
    [InlineData("providers", """{"name":"x","apiUrl":"::","token":"github_pat_x"}""", "/apiUrl")]
    [InlineData("providers", """{"name":"x","token":"two words"}""", "/token")]
    [InlineData("providers/manifest", """{"name":"x","webUrl":"http://example.com"}""", "/webUrl")]
    [InlineData("providers/manifest", "{}", "/name")]
    [InlineData("providers/manifest/conversions", "{}", "/code")]
    [InlineData("providers/manifest/conversions", """{"code":"x"}""", "/state")]
    [InlineData("tokens", """{"name":"setup","role":"admin"}""", "/name")]
    public async Task A_value_that_cannot_be_is_told_without_the_words_of_the_framework(string path, string body, string? pointer)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");

        var problem = await PostAsync(server, path, body, HttpStatusCode.UnprocessableEntity);

        Assert.Equal(pointer, problem.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("pointer").GetString() : null);
    }

    [Fact]
    public async Task A_member_that_names_what_is_not_there_is_a_404_with_its_place()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");

        var problem = await PostAsync(server, "repositories", """{"provider":"nobody","repository":"acme/models"}""", HttpStatusCode.NotFound);

        Assert.Equal("/provider", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("POST", "/api/v1/rules/go/start", "\"go\" is no id; /api/v1/rules shows them.")]
    [InlineData("GET", "/api/v1/dispatches/abc", "\"abc\" is no id; /api/v1/dispatches shows them.")]
    [InlineData("GET", "/api/v1/nothing/abc", "There is nothing at /api/v1/nothing/abc.")]
    public async Task A_word_in_the_place_of_an_id_is_told_as_such(string method, string path, string said)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith(said, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_is_told_which_type_is_taken()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var form = new FormUrlEncodedContent([new("name", "x")]);

        using var refused = await server.Http.PostAsync("/api/v1/tokens", form);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Contains("application/json", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_for_a_role_names_the_role_needed_and_the_role_held()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var (token, _) = await server.Get<TokenStore>().CreateAsync("reader", Role.Viewer, null, CancellationToken.None);
        using var reader = new HttpClient { BaseAddress = server.Http.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        var list = await reader.GetAsync("/api/v1/tokens");
        var recover = await reader.PostAsync("/api/v1/deliveries/recover", null);

        Assert.StartsWith("This needs the role admin; the token \"reader\" has the role viewer.", Detail(await list.Content.ReadFromJsonAsync<JsonElement>()), StringComparison.Ordinal);
        Assert.StartsWith("This needs the role operator; the token \"reader\" has the role viewer.", Detail(await recover.Content.ReadFromJsonAsync<JsonElement>()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    [InlineData("/api/v1/models")]
    [InlineData("/openapi/v1.json")]
    public async Task What_can_be_read_can_be_asked_for_without_its_body(string path)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_wrong_method_is_told_with_the_right_ones_and_an_id_that_cannot_be_as_not_found()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var put = await server.Http.PutAsync("/api/v1/tokens", null);
        Assert.StartsWith("/api/v1/tokens does not take PUT; it takes GET, POST.", Detail(await put.Content.ReadFromJsonAsync<JsonElement>()), StringComparison.Ordinal);
        using var negative = await server.Http.GetAsync("/api/v1/repositories/-1");
        Assert.StartsWith("There is no repository -1 here.", Detail(await negative.Content.ReadFromJsonAsync<JsonElement>()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_stored_is_refused_with_a_problem_too()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var sender = await DeliverySender.AddAsync(server);
        await server.Database.WriteAsync(session => session.ExecuteAsync("alter table deliveries rename to elsewhere"), CancellationToken.None);
        using var answer = await sender.PostAsync("push", "{}"u8.ToArray());
        Assert.Equal((HttpStatusCode.InternalServerError, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("Switchyard failed to answer this.", Detail(await answer.Content.ReadFromJsonAsync<JsonElement>()), StringComparison.Ordinal);
    }

    private static string? Detail(JsonElement problem) => problem.GetProperty("detail").GetString();

    private static async Task<JsonElement> PostAsync(ServerFixture server, string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var refused = await server.Http.PostAsync("/api/v1/" + path, content);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.True(expected == refused.StatusCode, text);
        Assert.All(OfFramework, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
