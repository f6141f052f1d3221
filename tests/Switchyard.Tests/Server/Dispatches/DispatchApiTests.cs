using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Server.Dispatches;
using Switchyard.Tests.Server.Webhooks;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>The REST resource, on rows of which nothing is sent.</summary>
public sealed class DispatchApiTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Dispatches_are_listed_by_filters_and_shown_with_their_trace(string kind)
    {
        await using var server = await StartAsync(kind);
        var (sent, failed) = (await AddAsync(server, "Sent", "acme/tests", run: true), await AddAsync(server, "Failed", "acme/other"));

        Assert.Equal([failed, sent], await IdsAsync(server, ""));
        Assert.Equal([sent], await IdsAsync(server, "?state=sent"));
        Assert.Equal([sent], await IdsAsync(server, "?run=success&rule=nightly&target=ACME/tests&repository=acme/app"));
        Assert.Equal([failed], await IdsAsync(server, "?target=acme/other"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/api/v1/dispatches?rule=another")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/api/v1/dispatches?repository=acme/another")).StatusCode);
        var page = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/dispatches?limit=1");
        Assert.Equal(sent, (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/dispatches?limit=1&cursor={page.GetProperty("nextCursor").GetString()}")).GetProperty("items")[0].GetProperty("id").GetString());

        var detail = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/dispatches/" + sent);
        Assert.Equal(
            ("push", "Matched", "Released", "acme/app", "success", "abc"),
            (detail.GetProperty("signal").GetProperty("kind").GetString(), detail.GetProperty("signal").GetProperty("evaluationResult").GetString(), detail.GetProperty("pending").GetProperty("state").GetString(),
                detail.GetProperty("sources")[0].GetProperty("repository").GetString(), detail.GetProperty("dispatch").GetProperty("run").GetProperty("conclusion").GetString(), detail.GetProperty("body").GetProperty("sha").GetString()));
        Assert.Equal(1, detail.GetProperty("attempts").GetArrayLength());

        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/api/v1/dispatches/999")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Http.GetAsync("/api/v1/dispatches?state=Gone")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Http.GetAsync("/api/v1/dispatches?stat=Sent")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_pending_can_be_taken_back_and_sent_after_all_and_what_was_sent_cannot(string kind)
    {
        await using var server = await StartAsync(kind);
        var (pending, sent) = (await AddAsync(server, "Pending", "acme/tests"), await AddAsync(server, "Sent", "acme/tests"));

        Assert.Equal("Cancelled", await ActAsync(server, pending, "cancel", HttpStatusCode.Accepted));
        Assert.Contains("is Cancelled already", await ActAsync(server, pending, "cancel", HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal("Pending", await ActAsync(server, pending, "retry", HttpStatusCode.Accepted));
        Assert.Contains("it was sent", await ActAsync(server, sent, "cancel", HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("is Sent", await ActAsync(server, sent, "retry", HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("No Run", await ActAsync(server, sent, "run/cancel", HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("There is no dispatch", await ActAsync(server, "999", "retry", HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_ended_long_ago_goes_with_all_that_belongs_to_it_and_nothing_else_does(string kind)
    {
        await using var server = await StartAsync(kind);
        var (old, young, open) = (await AddAsync(server, "Sent", "acme/tests", run: true, ageInDays: 100), await AddAsync(server, "Sent", "acme/tests", run: true), await AddAsync(server, "Pending", "acme/tests", ageInDays: 100));
        await server.Database.WriteAsync(session => session.ExecuteAsync("insert into dispatch_echoes (token, delivery_id, event, at) select token, 1, 'repository_dispatch', 0 from dispatches"), CancellationToken.None);

        await server.Get<IEnumerable<Switchyard.Server.Hosting.Jobs.RecurringJob>>().OfType<ExpireDispatches>().Single().RunAsync(CancellationToken.None);

        Assert.Equal([open, young], await IdsAsync(server, ""));
        Assert.Equal((1, 1, 2), await server.Database.ReadAsync(
            async session => (
                await session.ScalarAsync<int>("select count(*) from runs"),
                await session.ScalarAsync<int>("select count(*) from dispatch_attempts"),
                await session.ScalarAsync<int>("select count(*) from dispatch_echoes")),
            CancellationToken.None));
        Assert.NotEqual(old, young);
    }

    private static async Task<ServerFixture> StartAsync(string kind)
    {
        var server = await ServerFixture.StartAsync(kind, new Dictionary<string, string?> { ["Dispatches:Lanes"] = "0", ["Reports:Lanes"] = "0" });
        await DeliverySender.AddAsync(server);
        await server.Database.WriteAsync(
            session => session.ExecuteAsync("insert into repositories (provider_id, github_id, owner, name, status, health, created_at, updated_at) select min(id), 1, 'acme', 'app', 'Synced', 'Healthy', 0, 0 from providers"), CancellationToken.None);
        return server;
    }

    private static async Task<string?> ActAsync(ServerFixture server, string id, string path, HttpStatusCode expected)
    {
        using var answer = await server.Http.PostAsync($"/api/v1/dispatches/{id}/{path}", null);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(expected == answer.StatusCode, body.ToString());
        return expected == HttpStatusCode.Accepted ? body.GetProperty("dispatch").GetProperty("state").GetString() : body.GetProperty("detail").GetString();
    }

    private static async Task<List<string?>> IdsAsync(ServerFixture server, string query) =>
        [.. (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/dispatches" + query)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];

    private static Task<string> AddAsync(ServerFixture server, string state, string target, bool run = false, int ageInDays = 0) => server.Database.WriteAsync(
        async session =>
        {
            var now = TimeProvider.System.GetUtcNow().AddDays(-ageInDays).ToUnixTimeMilliseconds();
            var token = DispatchIntents.NewToken();
            var provider = await session.ScalarAsync<long>("select min(id) from providers");
            var source = await session.ScalarAsync<long>(
                "insert into rule_sources (provider_id, kind, name, path, state, updated_at) values (@provider, 'Local', 'local', 'local', 'Good', 0) on conflict (provider_id, kind, name) do update set updated_at = 0 returning id", new { provider });
            var rule = await session.ScalarAsync<long>("insert into rules (source_id, name, position, created_at) values (@source, 'nightly', 0, 0) on conflict (source_id, name) do update set position = 0 returning id", new { source });
            var signal = await session.ScalarAsync<long>(
                """
                insert into signals (provider_id, identity, kind, github_repository_id, repository_name, lane, source, facts, occurred_at, recorded_at)
                values (@provider, @token, 'push', 1, 'acme/app', 'x', 'Webhook', '{}', @now, @now) returning id
                """,
                new { provider, token, now });
            await session.ExecuteAsync("insert into evaluations (signal_id, rule_id, revision_id, result, conditions, at) values (@signal, @rule, 1, 'Matched', '[]', @now)", new { signal, rule, now });
            var pending = await session.ScalarAsync<long>(
                """
                insert into pendings (provider_id, rule_id, revision_id, key, slot, lane, state, signal_id, first_at, last_at, due_at, ended_at)
                values (@provider, @rule, 1, 'k', @token, 'x', 'Released', @signal, @now, @now, @now, @now) returning id
                """,
                new { provider, rule, signal, token, now });
            await session.ExecuteAsync("insert into pending_sources (pending_id, github_repository_id, ref, repository_name, sha, signal_id) values (@pending, 1, 'refs/heads/main', 'acme/app', 'abc', @signal)", new { pending, signal });
            var id = await session.ScalarAsync<long>(
                """
                insert into dispatches (provider_id, token, pending_id, action, rule_id, revision_id, signal_id, kind, target_name, workflow, ref, body, hop, github_repository_id, repository_name, reported, lane, state, due_at, created_at)
                values (@provider, @token, @pending, 0, @rule, 1, @signal, 'workflow', @target, 'ci.yml', 'main', '{"sha":"abc"}', 1, 1, 'acme/app', 1, 'x', @state, @now, @now) returning id
                """,
                new { provider, token, pending, rule, signal, target, state, now });
            if (run)
            {
                await session.ExecuteAsync(
                    "insert into runs (dispatch_id, provider_id, repository_name, github_id, match, status, conclusion, lane, created_at) values (@id, @provider, @target, @id, 'Details', 'completed', 'success', 'x', @now)", new { id, provider, target, now });
                await session.ExecuteAsync("insert into dispatch_attempts (dispatch_id, number, started_at, ended_at, result) values (@id, 1, @now, @now, 'Sent')", new { id, now });
            }

            return id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        },
        CancellationToken.None);
}
