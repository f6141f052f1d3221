using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

/// <summary>What every list has in common: pages, cursors, and refusals of what it does not take.</summary>
public sealed class ListTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_follow_each_other_by_cursor_and_by_link(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        for (var number = 2; number <= 5; number++)
        {
            await server.Get<TokenStore>().CreateAsync($"token {number}", Role.Viewer, null, CancellationToken.None);
        }

        var names = new List<string?>();
        for (var path = "/api/v1/tokens?limit=2"; path is not null;)
        {
            using var answer = await server.Http.GetAsync(path);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(5, page.GetProperty("total").GetInt64());
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
            path = answer.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
            Assert.Equal(path is null, page.GetProperty("nextCursor").ValueKind == JsonValueKind.Null);
        }

        Assert.Equal(["test", "token 2", "token 3", "token 4", "token 5"], names);
        foreach (var list in (string[])["providers", "installations"])
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/" + list);
            Assert.Equal((0, 0), (page.GetProperty("items").GetArrayLength(), page.GetProperty("total").GetInt64()));
        }
    }

    [Fact]
    public async Task A_cursor_is_taken_by_the_list_it_was_made_for_only()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        await server.Get<TokenStore>().CreateAsync("second", Role.Viewer, null, CancellationToken.None);
        var cursor = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/tokens?limit=1")).GetProperty("nextCursor").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/tokens?limit=7&sort=id&cursor=" + cursor)).StatusCode);
        foreach (var wrong in (string[])["tokens?cursor=" + cursor[..^2], "tokens?cursor=MQ", "tokens?cursor=%21", "providers?cursor=" + cursor, "repositories?cursor=" + cursor, "tokens?q=x&cursor=" + cursor])
        {
            Assert.Equal("cursor", (await RefusedAsync(server, wrong))[0].GetProperty("parameter").GetString());
        }
    }

    [Theory]
    [InlineData("models?repo=acme/models", "repo", "repository")]
    [InlineData("deliveries?stauts=Dead", "stauts", "state")]
    public async Task A_parameter_that_a_list_does_not_know_is_refused_with_those_it_does(string path, string parameter, string known)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var error = (await RefusedAsync(server, path))[0];
        Assert.Equal(parameter, error.GetProperty("parameter").GetString());
        Assert.Contains(known, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("repositories?limit=abc", "limit", null)]
    [InlineData("repositories?limit=0", "limit", null)]
    [InlineData("repositories?limit=501", "limit", null)]
    [InlineData("repositories?limit=-1", "limit", null)]
    [InlineData("repositories?status=Sync", "status", "Synced,OutOfSync,Unknown")]
    [InlineData("repositories?health=well", "health", "Healthy,Degraded,Missing,Suspended,Unknown")]
    [InlineData("repositories?sort=name", "sort", "id")]
    [InlineData("syncs?state=done", "state", "Queued,Running,Succeeded,Failed,Cancelled")]
    [InlineData("deliveries?state=gone", "state", "Received,Handled,Failed,Dead")]
    [InlineData("models?format=excel", "format", "hackolade,mlflow,onnx,safetensors,gguf,jsonschema,avro,openapi,dbt,protobuf,sql,dvc")]
    [InlineData("models?state=gone", "state", "Active,Removed,Ignored")]
    [InlineData("models?status=bad", "status", "Ready,Partial,Failed,Pointer")]
    [InlineData("models/search?q=x&format=excel", "format", "hackolade,mlflow,onnx,safetensors,gguf,jsonschema,avro,openapi,dbt,protobuf,sql,dvc")]
    [InlineData("models/search", "q", null)]
    [InlineData("models?provider=nobody", "provider", "")]
    [InlineData("evaluations?signal=x", "signal", null)]
    [InlineData("explanations?dispatch=x", "dispatch", null)]
    [InlineData("providers?limit=x", "limit", null)]
    [InlineData("installations?limit=x", "limit", null)]
    [InlineData("tokens?limit=x", "limit", null)]
    public async Task What_a_list_does_not_take_is_refused_with_what_it_does(string path, string parameter, string? allowed)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");

        var error = Assert.Single(await RefusedAsync(server, path));

        Assert.Equal(parameter, error.GetProperty("parameter").GetString());
        Assert.Equal(allowed, error.TryGetProperty("allowed", out var words) ? string.Join(',', words.EnumerateArray()) : null);
    }

    [Theory]
    [InlineData("evaluations?repository=acme/nothere")]
    [InlineData("dispatches?repository=acme/nothere")]
    [InlineData("pendings?repository=acme/nothere")]
    [InlineData("evaluations?rule=nope")]
    [InlineData("dispatches?rule=nope")]
    [InlineData("pendings?rule=nope")]
    public async Task A_filter_by_what_is_not_there_is_a_mistake_and_no_empty_list(string path)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/api/v1/" + path)).StatusCode);
    }

    [Fact]
    public async Task An_action_refuses_a_word_where_it_takes_true_or_false()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var answer = await server.Http.PostAsync("/api/v1/dispatches/1/run/rerun?failedOnly=maybe", null);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "failedOnly", "true,false"), (answer.StatusCode, error.GetProperty("parameter").GetString(), string.Join(',', error.GetProperty("allowed").EnumerateArray())));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_words_are_taken_in_any_case()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");

        var errors = await RefusedAsync(server, "repositories?limit=x&status=y&health=z");

        Assert.Equal(["limit", "status", "health"], errors.Select(error => error.GetProperty("parameter").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/deliveries?state=dead")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/models?format=AVRO&state=removed&status=ready")).StatusCode);
    }

    private static async Task<List<JsonElement>> RefusedAsync(ServerFixture server, string path)
    {
        using var answer = await server.Http.GetAsync("/api/v1/" + path);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return [.. problem.GetProperty("errors").EnumerateArray()];
    }
}
