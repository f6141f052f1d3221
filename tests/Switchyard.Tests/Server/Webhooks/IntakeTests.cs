using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Webhooks;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Webhooks;

public sealed class IntakeTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_signed_delivery_is_stored_before_it_is_answered_and_then_handled(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);

        using var answer = await sender.PostAsync("watch", Body("""{"action":"started","repository":{"id":5,"full_name":"acme/models"}}"""), "guid-1");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await sender.IdleAsync();
        var only = Assert.Single(await sender.ListAsync());
        Assert.Equal(("guid-1", "Handled", "No effect (nothing listens to watch)"), only);
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/deliveries?event=watch");
        Assert.Equal("acme/models", list.GetProperty("items")[0].GetProperty("repository").GetString());
    }

    [Theory]
    [InlineData(null, "SignatureMissing")]
    [InlineData("sha256=00", "SignatureMismatch")]
    [InlineData("sha1=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "SignatureMismatch")]
    public async Task What_is_not_signed_with_the_secret_is_refused_and_not_stored(string? signature, string code)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var sender = await DeliverySender.AddAsync(server);
        using var answer = await sender.PostAsync("push", Body("{}"), signature: signature);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Empty(await sender.ListAsync());
    }

    [Fact]
    public async Task Refusals_are_4xx_and_say_why()
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Webhooks:MaxBodyBytes"] = "1000" });
        var sender = await DeliverySender.AddAsync(server);
        Assert.Equal(HttpStatusCode.NotFound, (await sender.PostAsync("push", Body("{}"), path: "/webhooks/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await sender.PostAsync("push", new byte[1001])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.PostAsync("/webhooks/github", new StringContent("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await sender.PostAsync("push", Body("{}"), path: "/gateway/sync")).StatusCode);
        Assert.Empty(await sender.ListAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_same_GUID_sixteen_times_at_once_is_one_delivery(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => sender.PostAsync("watch", Body("{}"), "same")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        await sender.IdleAsync();
        Assert.Single(await sender.ListAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_redelivery_of_a_failed_delivery_is_worked_off_again_and_one_of_a_handled_is_not(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        (await sender.PostAsync("watch", Body("{}"), "again")).Dispose();
        await sender.IdleAsync();
        await server.Database.WriteAsync(session => session.ExecuteAsync("update deliveries set state = 'Dead', attempts = 8, outcome = null"), CancellationToken.None);

        (await sender.PostAsync("watch", Body("{}"), "again")).Dispose();
        await WaitForStateAsync(server, "Handled");
        Assert.Equal(9, await server.Database.ReadAsync(session => session.ScalarAsync<long>("select attempts from deliveries"), CancellationToken.None));

        (await sender.PostAsync("watch", Body("{}"), "again")).Dispose();
        await sender.IdleAsync();
        Assert.Equal(9, await server.Database.ReadAsync(session => session.ScalarAsync<long>("select attempts from deliveries"), CancellationToken.None));
    }

    [Fact]
    public async Task A_form_encoded_delivery_is_stored_as_its_payload()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var sender = await DeliverySender.AddAsync(server);
        var form = Body("payload=" + Uri.EscapeDataString("""{"action":"started"}"""));
        using var answer = await sender.PostAsync("watch", form, contentType: "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = await server.Database.ReadAsync(session => session.ScalarAsync<long>("select id from deliveries"), CancellationToken.None);
        Assert.Equal("""{"action":"started"}""", await server.Http.GetStringAsync($"/api/v1/deliveries/{id}/payload"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_signed_body_that_is_no_JSON_is_kept_as_dead_with_the_reason_and_can_be_replayed(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        (await sender.PostAsync("installation", Body("not json"))).Dispose();
        await WaitForStateAsync(server, "Dead");
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/deliveries?state=Dead");
        var item = list.GetProperty("items")[0];
        Assert.Contains("not JSON", item.GetProperty("error").GetString(), StringComparison.Ordinal);

        using var replayed = await server.Http.PostAsync($"/api/v1/deliveries/{item.GetProperty("id").GetString()}/replay", null);
        Assert.Equal(HttpStatusCode.Accepted, replayed.StatusCode);
        await sender.IdleAsync();
        var detail = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/deliveries/{item.GetProperty("id").GetString()}");
        Assert.Equal(2, detail.GetProperty("delivery").GetProperty("attempts").GetInt64());
        var attempts = detail.GetProperty("attempts").EnumerateArray().Select(attempt => $"{attempt.GetProperty("number")} {attempt.GetProperty("result")}: {attempt.GetProperty("detail")}").ToList();
        Assert.StartsWith("1 Failed: The body is not JSON", attempts[0], StringComparison.Ordinal);
        Assert.StartsWith("2 Failed: asked for by test: The body is not JSON", attempts[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_failure_that_nobody_foresaw_is_told_by_its_kind_and_the_next_step_and_not_by_its_own_text(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        await server.Database.WriteAsync(session => session.ExecuteAsync("alter table repositories rename to elsewhere"), CancellationToken.None);
        (await sender.PostAsync("push", Body("""{"ref":"refs/heads/main","repository":{"id":5,"full_name":"acme/models"}}"""), "broken")).Dispose();
        await WaitForStateAsync(server, "Failed");

        var item = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/deliveries")).GetProperty("items")[0];
        var (id, error) = (item.GetProperty("id").GetString(), item.GetProperty("error").GetString()!);
        Assert.Contains(kind == "sqlite" ? "(SqliteException)" : "(PostgresException)", error, StringComparison.Ordinal);
        Assert.Contains("\"DeliveryFailed: broken\"", error, StringComparison.Ordinal);
        Assert.EndsWith($"switchyard delivery replay {id}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("repositories", error, StringComparison.Ordinal);
        var detail = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/deliveries/" + id);
        Assert.Equal(error, detail.GetProperty("attempts")[0].GetProperty("detail").GetString());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Names_that_no_database_can_hold_are_left_out_and_the_delivery_is_stored(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        var body = Body("""{"action":"a\u0000b","sender":{"login":"\ud800"},"repository":{"id":5,"full_name":"acme/models"}}""");

        using var answer = await sender.PostAsync("watch", body, "odd");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await sender.IdleAsync();
        Assert.Equal("Handled", Assert.Single(await sender.ListAsync()).State);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_that_was_handled_at_once_shows_that_attempt_and_keeps_it_when_it_is_replayed(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        (await sender.PostAsync("watch", Body("{}"))).Dispose();
        await WaitForStateAsync(server, "Handled");
        var id = await server.Database.ReadAsync(session => session.ScalarAsync<long>("select id from deliveries"), CancellationToken.None);

        const string Outcome = "No effect (nothing listens to watch)";
        Assert.Equal([$"1 Handled {Outcome}"], await AttemptsAsync());
        using var replayed = await server.Http.PostAsync($"/api/v1/deliveries/{id}/replay", null);
        await sender.IdleAsync();
        Assert.Equal([$"1 Handled {Outcome}", "2 Replay asked for by test", $"2 Handled {Outcome}"], await AttemptsAsync());

        async Task<string[]> AttemptsAsync()
        {
            var attempts = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/deliveries/" + id)).GetProperty("attempts").EnumerateArray().ToList();
            Assert.InRange(attempts[^1].GetProperty("seconds").GetDouble(), 0, 60);
            return [.. attempts.Select(attempt => $"{attempt.GetProperty("number")} {attempt.GetProperty("result")} {attempt.GetProperty("detail").GetString()}")];
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_repository_hook_has_its_own_secret_and_its_rotation_overlaps(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        using var made = await server.Http.PostAsJsonAsync("/api/v1/providers/github/hooks", new { name = "acme/models" });
        var hook = await made.Content.ReadFromJsonAsync<JsonElement>();
        var first = Encoding.UTF8.GetBytes(hook.GetProperty("secret").GetString()!);
        Assert.Equal(HttpStatusCode.Accepted, (await sender.PostAsync("ping", Body("{}"), signature: WebhookSignature.Sign(Body("{}"), first), path: "/gateway/sync", hook: 77)).StatusCode);

        using var rotated = await server.Http.PostAsync($"/api/v1/providers/github/hooks/{hook.GetProperty("id").GetString()}/rotate", null);
        var second = Encoding.UTF8.GetBytes((await rotated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!);
        foreach (var secret in (byte[][])[first, second])
        {
            Assert.Equal(HttpStatusCode.Accepted, (await sender.PostAsync("ping", Body("{}"), signature: WebhookSignature.Sign(Body("{}"), secret), path: "/gateway/public/sync", hook: 77)).StatusCode);
        }

        Assert.Equal(77, await server.Database.ReadAsync(session => session.ScalarAsync<long>("select hook_id from repository_hooks"), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Real_payloads_shuffled_and_doubled_sixteen_at_a_time_are_each_stored_once_and_handled(string kind)
    {
        var folder = SharedFolder.Require("github/payloads");
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        var files = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Where(file => Path.GetDirectoryName(file) != folder).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(156, files.Length);

        var random = new Random(17);
        var twice = files.Concat(files).ToArray();
        random.Shuffle(twice);
        await Parallel.ForEachAsync(twice, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (file, cancellation) =>
        {
            using var answer = await sender.PostAsync(Path.GetFileName(Path.GetDirectoryName(file))!, await File.ReadAllBytesAsync(file, cancellation), GuidOf(file));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        });
        await sender.IdleAsync();

        var rows = await sender.ListAsync();
        Assert.Equal(files.Select(GuidOf).Order(StringComparer.Ordinal), rows.Select(row => row.Guid).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal("Handled", row.State));
    }

    private static string GuidOf(string file) =>
        new Guid(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(file)).AsSpan(0, 16)).ToString("D", CultureInfo.InvariantCulture);

    private static async Task WaitForStateAsync(ServerFixture server, string state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await server.Database.ReadAsync(session => session.FirstAsync<string>("select state from deliveries"), limit.Token) != state)
        {
            await Task.Yield();
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Bodies_of_handled_deliveries_go_after_a_week_and_the_deliveries_after_a_month(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var sender = await DeliverySender.AddAsync(server);
        await sender.PostAsync("watch", Body("{}"), "handled");
        await sender.PostAsync("watch", Body("{}"), "dead");
        await sender.PostAsync("watch", Body("{}"), "failed");
        await sender.IdleAsync();
        foreach (var state in (string[])["Dead", "Failed"])
        {
            await server.Database.WriteAsync(
                session => session.ExecuteAsync("update deliveries set state = @state, due_at = 9000000000000 where guid = lower(@state)", new { state }), CancellationToken.None);
        }

        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal((3, 3), await AfterAsync(server, now.AddDays(6)));
        Assert.Equal((3, 2), await AfterAsync(server, now.AddDays(8)));
        Assert.Equal((1, 1), await AfterAsync(server, now.AddDays(31)));
        Assert.Equal("failed", Assert.Single(await sender.ListAsync()).Guid);
    }

    private static async Task<(long Deliveries, long Bodies)> AfterAsync(ServerFixture server, DateTimeOffset now)
    {
        await new ExpireDeliveries(server.Database, Options.Create(new WebhookOptions()), new FakeTime(now)).RunAsync(CancellationToken.None);
        return await server.Database.ReadAsync(
            async session => (await session.ScalarAsync<long>("select count(*) from deliveries"), await session.ScalarAsync<long>("select count(*) from delivery_bodies")), CancellationToken.None);
    }

    [Fact]
    public async Task A_node_without_lanes_takes_in_and_leaves_the_work_to_others()
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Webhooks:Lanes"] = "0" });
        var sender = await DeliverySender.AddAsync(server);
        using var answer = await sender.PostAsync("watch", Body("{}"), "one");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("Received", Assert.Single(await sender.ListAsync()).State);
    }

    [Fact]
    public async Task More_at_once_than_one_transaction_takes_are_all_stored_once()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var sender = await DeliverySender.AddAsync(server);
        var body = Body("""{"repository":{"id":5,"full_name":"acme/models"}}""");
        await Task.WhenAll(Enumerable.Range(0, 600).Select(number => sender.PostAsync("watch", body, "burst-" + number.ToString(CultureInfo.InvariantCulture))));
        await sender.IdleAsync();
        Assert.Equal(600, (await sender.ListAsync()).Where(row => row.State == "Handled").Select(row => row.Guid).Distinct(StringComparer.Ordinal).Count());
    }
}
