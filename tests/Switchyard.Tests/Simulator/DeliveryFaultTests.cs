using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Rows 1 to 15 of GitHub's behaviours, each with its switch.</summary>
public sealed class DeliveryFaultTests
{
    [Fact]
    public async Task Shuffle_sends_the_same_deliveries_in_another_but_repeatable_order()
    {
        var first = await OrderAsync();
        var second = await OrderAsync();

        Assert.NotEqual(Enumerable.Range(0, 12).Select(n => $"commit {n}"), first);
        Assert.Equal(Enumerable.Range(0, 12).Select(n => $"commit {n}").Order(StringComparer.Ordinal), first.Order(StringComparer.Ordinal));
        Assert.Equal(first, second);

        static async Task<string[]> OrderAsync()
        {
            await using var github = await SimulatedGitHub.StartAsync();
            await github.FaultAsync("deliveries.shuffle", new JsonObject { ["window"] = 4 });
            await CommitsAsync(github, 12);
            await github.ControlAsync("POST", "/tick");
            await github.IdleAsync();
            return [.. github.Receiver.Of("push").Select(push => push.Json["head_commit"]!["message"]!.ToString())];
        }
    }

    [Fact]
    public async Task Delay_holds_until_the_time_or_a_tick_and_is_shown_as_throttled()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.delay", new JsonObject { ["min"] = 60, ["max"] = 120 });
        await CommitsAsync(github, 1);
        Assert.Equal(1, (await github.ControlAsync("POST", "/idle"))["held"]!.GetValue<int>());
        Assert.Empty(github.Receiver.Of("push"));
        github.Clock.Advance(TimeSpan.FromSeconds(120));
        await github.IdleAsync();
        Assert.Single(github.Receiver.Of("push"));
        Assert.NotNull((await github.AppAsync("GET", "/app/hook/deliveries?per_page=1")).Json[0]!["throttled_at"]);

        await CommitsAsync(github, 1);
        Assert.Equal(1, (await github.ControlAsync("POST", "/tick"))["released"]!.GetValue<int>());
        await github.IdleAsync();
        Assert.Equal(2, github.Receiver.Of("push").Count);

        await CommitsAsync(github, 1);
        await github.ClearAsync("deliveries.delay");
        await github.IdleAsync();
        Assert.Equal(3, github.Receiver.Of("push").Count);
    }

    [Fact]
    public async Task Every_third_delivery_is_dropped_and_found_in_the_log_unless_hidden()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.drop", new JsonObject { ["every"] = 3, ["event"] = "push" });
        await CommitsAsync(github, 6);
        await github.IdleAsync();
        Assert.Equal(["commit 0", "commit 1", "commit 3", "commit 4"], github.Receiver.Of("push").Select(push => push.Json["head_commit"]!["message"]!.ToString()));
        Assert.Equal(2, (await github.AppAsync("GET", "/app/hook/deliveries?status=failure")).Json.AsArray().Count);

        await github.FaultAsync("deliveries.drop", new JsonObject { ["logged"] = false });
        await CommitsAsync(github, 1);
        await github.IdleAsync();
        Assert.Equal(2, (await github.AppAsync("GET", "/app/hook/deliveries?status=failure")).Json.AsArray().Count);
        Assert.Contains(await github.AttemptsAsync(), attempt => !attempt!["listed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Cut_after_hangs_up_though_the_receiver_has_everything()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.cutAfter", new JsonObject { ["seconds"] = 0 });
        await CommitsAsync(github, 1);
        await github.IdleAsync();

        Assert.Equal("timed out", (await github.AppAsync("GET", "/app/hook/deliveries?per_page=1")).Json[0]!["status"]!.ToString());
        Assert.True(github.Receiver.Of("push").Single().IsSigned(SimulatedGitHub.WebhookSecret));
    }

    [Fact]
    public async Task The_log_forgets()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        github.Clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(2, (await github.AppAsync("GET", "/app/hook/deliveries")).Json.AsArray().Count);
        await github.FaultAsync("deliveries.logRetention", new JsonObject { ["days"] = 0.5 });
        Assert.Empty((await github.AppAsync("GET", "/app/hook/deliveries")).Json.AsArray());
        await github.ClearAsync("deliveries.logRetention");
        github.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Empty((await github.AppAsync("GET", "/app/hook/deliveries")).Json.AsArray());
    }

    [Fact]
    public async Task Many_attempts_fail_in_the_log_before_one_works()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.manyAttempts", new JsonObject { ["count"] = 3 });
        await CommitsAsync(github, 1);
        await github.IdleAsync();

        var rows = (await github.AppAsync("GET", "/app/hook/deliveries?per_page=4")).Json.AsArray();
        Assert.Equal([202, 503, 503, 503], rows.Select(row => row!["status_code"]!.GetValue<int>()));
        Assert.Single(rows.Select(row => row!["guid"]!.ToString()).Distinct());
        Assert.Single(github.Receiver.Of("push"));
    }

    [Fact]
    public async Task Duplicates_share_a_guid_and_may_come_at_once()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        github.Receiver.Gate = new TaskCompletionSource();
        await github.FaultAsync("deliveries.duplicate", new JsonObject { ["copies"] = 3, ["concurrent"] = true });
        await CommitsAsync(github, 1);
        while (github.Receiver.AtOnce < 3)
        {
            await Task.Yield();
        }

        github.Receiver.Gate.SetResult();
        await github.IdleAsync();
        Assert.Equal(3, github.Receiver.Of("push").Count);
        Assert.Single(github.Receiver.Of("push").Select(push => push.Guid).Distinct());

        github.Receiver.Gate = null;
        await github.ClearAsync("deliveries.duplicate");
        await github.FaultAsync("deliveries.redeliver", new JsonObject { ["guid"] = github.Receiver.Of("push")[0].Guid });
        await github.IdleAsync();
        Assert.Equal(4, github.Receiver.Of("push").Count);
    }

    [Fact]
    public async Task Deliveries_go_in_parallel_when_asked()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        github.Receiver.Gate = new TaskCompletionSource();
        await github.FaultAsync("deliveries.parallel", new JsonObject { ["count"] = 4 });
        await CommitsAsync(github, 4);
        while (github.Receiver.AtOnce < 4)
        {
            await Task.Yield();
        }

        github.Receiver.Gate.SetResult();
        await github.IdleAsync();
        Assert.Equal(4, github.Receiver.Of("push").Count);
    }

    [Fact]
    public async Task Oversized_payloads_are_neither_sent_nor_logged()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.oversize");
        await CommitsAsync(github, 1);
        await github.IdleAsync();
        Assert.Empty(github.Receiver.Of("push"));
        Assert.Equal(2, (await github.AttemptsAsync()).Count);

        await github.ClearAsync("deliveries.oversize");
        await github.ControlAsync("POST", "/deliveries", new JsonObject { ["app"] = github.AppId.ToString(), ["event"] = "push", ["payload"] = new JsonObject { ["big"] = new string('x', 26 * 1024 * 1024) } });
        await github.IdleAsync();
        Assert.Empty(github.Receiver.Of("push"));
    }

    [Fact]
    public async Task Signatures_can_be_missing_wrong_or_of_the_old_secret()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        var unsigned = await OneAsync("deliveries.unsigned", []);
        Assert.False(unsigned.Headers.ContainsKey("X-Hub-Signature-256") || unsigned.Headers.ContainsKey("X-Hub-Signature"));
        var sha1 = await OneAsync("deliveries.unsigned", new JsonObject { ["sha1Only"] = true });
        Assert.True(!sha1.Headers.ContainsKey("X-Hub-Signature-256") && sha1.Headers.ContainsKey("X-Hub-Signature"));
        var wrong = await OneAsync("deliveries.badSignature", []);
        Assert.False(wrong.IsSigned(SimulatedGitHub.WebhookSecret));
        Assert.Equal(71, wrong.Headers["X-Hub-Signature-256"].Length);

        await github.AppAsync("PATCH", "/app/hook/config", new JsonObject { ["secret"] = "rotated" });
        Assert.True((await OneAsync("deliveries.oldSecret", [])).IsSigned(SimulatedGitHub.WebhookSecret));
        await CommitsAsync(github, 1);
        await github.IdleAsync();
        Assert.True(github.Receiver.All[^1].IsSigned("rotated"));

        async Task<Received> OneAsync(string name, JsonObject arguments)
        {
            await github.FaultAsync(name, arguments);
            await CommitsAsync(github, 1);
            await github.IdleAsync();
            await github.ClearAsync(name);
            return github.Receiver.All[^1];
        }
    }

    [Fact]
    public async Task A_form_carries_the_payload_and_is_signed_as_sent()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.form");
        await github.CommitAsync("ü & + %", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();

        var push = github.Receiver.Of("push").Single();
        Assert.Equal("application/x-www-form-urlencoded", push.Headers["Content-Type"]);
        Assert.True(push.IsSigned(SimulatedGitHub.WebhookSecret));
        var payload = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(push.Body))["payload"]!;
        Assert.Equal("ü & + %", JsonNode.Parse(payload)!["head_commit"]!["message"]!.ToString());
    }

    [Fact]
    public async Task Unknown_events_and_sparse_payloads_come()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("deliveries.unknownEvent");
        await CommitsAsync(github, 1);
        await github.ClearAsync("deliveries.unknownEvent");
        await github.FaultAsync("deliveries.sparse");
        await CommitsAsync(github, 1);
        await github.IdleAsync();

        Assert.Equal(["quantum_leap", "push", "push"], github.Receiver.All.Skip(2).Select(delivery => delivery.Event));
        var sparse = github.Receiver.All[^1].Json.AsObject();
        Assert.Equal(["after", "before", "installation", "ref", "repository"], sparse.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal("acme/models", sparse["repository"]!["full_name"]!.ToString());
    }

    [Fact]
    public async Task Pushes_are_capped_by_commits_and_files()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("push.cap", new JsonObject { ["commits"] = 2, ["files"] = 3 });
        var commits = Enumerable.Range(0, 4).Select(n => (JsonNode)new JsonObject
        {
            ["message"] = $"{n}",
            ["files"] = new JsonObject(Enumerable.Range(0, 5).Select(file => KeyValuePair.Create($"{n}-{file}", (JsonNode?)"x"))),
        });
        await github.ControlAsync("POST", "/repositories/acme/models/commits", new JsonObject { ["commits"] = new JsonArray([.. commits]) });
        await github.IdleAsync();

        var push = github.Receiver.Of("push").Single().Json;
        Assert.Equal(["2", "3"], push["commits"]!.AsArray().Select(commit => commit!["message"]!.ToString()));
        Assert.All(push["commits"]!.AsArray(), commit => Assert.Equal(3, commit!["added"]!.AsArray().Count));
        Assert.Equal("3", push["head_commit"]!["message"]!.ToString());
    }

    [Fact]
    public async Task Odd_names_are_pushed_and_can_be_asked_for()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("repo.oddNames", new JsonObject { ["repository"] = "acme/models" });
        await github.IdleAsync();

        var token = await github.TokenAsync();
        var names = github.Receiver.Of("push").Select(push => push.Json["ref"]!.ToString()).ToArray();
        Assert.Contains("refs/heads/feature/a#b", names);
        Assert.Contains("refs/tags/same-name", names);
        Assert.Contains("refs/heads/same-name", names);
        Assert.Contains("refs/tags/v1/ü#%", names);
        foreach (var name in names)
        {
            var escaped = string.Join('/', name["refs/".Length..].Split('/').Select(Uri.EscapeDataString));
            var found = await github.SendAsync("GET", $"/repos/acme/models/git/ref/{escaped}", token);
            Assert.Equal((200, name), (found.Status, found.Json["ref"]!.ToString()));
            Assert.Equal(200, (await github.SendAsync("GET", $"/repos/acme/models/commits/{Uri.EscapeDataString(name["refs/".Length..])}", token)).Status);
        }
    }

    [Fact]
    public async Task Any_payload_can_be_sent_byte_for_byte()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var body = "{ \"action\":\t\"x\",\r\n\"ü\": 1 }\n"u8.ToArray();
        var sent = await github.ControlAsync("POST", "/deliveries", new JsonObject { ["app"] = "tests", ["event"] = "check_run", ["body"] = Convert.ToBase64String(body), ["count"] = 2 });
        await github.IdleAsync();

        var received = github.Receiver.Of("check_run");
        Assert.Equal(sent["guids"]!.AsArray().Select(guid => guid!.ToString()), received.Select(delivery => delivery.Guid));
        Assert.All(received, delivery => Assert.Equal(body, delivery.Body));
        Assert.All(received, delivery => Assert.True(delivery.IsSigned(SimulatedGitHub.WebhookSecret)));
    }

    private static async Task CommitsAsync(SimulatedGitHub github, int count)
    {
        for (var n = 0; n < count; n++)
        {
            await github.CommitAsync($"commit {n}", new JsonObject { ["counter.txt"] = $"{Guid.NewGuid()}" });
        }
    }
}
