using System.Text.Json.Nodes;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_push_is_signed_and_logged_and_its_payload_can_be_read_again()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var sha = await github.CommitAsync("Größe 模型", new JsonObject { ["data/ü.json"] = "{}" });
        await github.IdleAsync();

        var push = github.Receiver.Of("push").Single();
        Assert.True(push.IsSigned(SimulatedGitHub.WebhookSecret));
        Assert.StartsWith("sha1=", push.Headers["X-Hub-Signature"], StringComparison.Ordinal);
        Assert.Equal("integration", push.Headers["X-GitHub-Hook-Installation-Target-Type"]);
        Assert.Equal(github.AppId.ToString(), push.Headers["X-GitHub-Hook-Installation-Target-ID"]);
        Assert.StartsWith("GitHub-Hookshot/", push.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(sha, push.Json["head_commit"]!["id"]!.ToString());
        Assert.Contains("模型", System.Text.Encoding.UTF8.GetString(push.Body), StringComparison.Ordinal);

        var row = (await github.AppAsync("GET", "/app/hook/deliveries")).Json[0]!;
        Assert.Equal((push.Guid, "push", 202, "OK", false), (row["guid"]!.ToString(), row["event"]!.ToString(), row["status_code"]!.GetValue<int>(), row["status"]!.ToString(), row["redelivery"]!.GetValue<bool>()));
        Assert.True(row["id"]!.GetValue<long>() > int.MaxValue);
        var detail = (await github.AppAsync("GET", $"/app/hook/deliveries/{row["id"]}")).Json;
        Assert.True(JsonNode.DeepEquals(push.Json, detail["request"]!["payload"]));
        Assert.Equal(push.Guid, detail["request"]!["headers"]!["X-GitHub-Delivery"]!.ToString());
    }

    [Fact]
    public async Task A_redelivery_is_a_new_row_of_the_same_guid_and_a_failed_row_stays()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        github.Receiver.Status = 500;
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();
        var failed = (await github.AppAsync("GET", "/app/hook/deliveries?status=failure")).Json.AsArray().Single()!;
        github.Receiver.Status = 202;

        Assert.Equal(202, (await github.AppAsync("POST", $"/app/hook/deliveries/{failed["id"]}/attempts")).Status);
        await github.IdleAsync();

        var pushes = github.Receiver.Of("push");
        Assert.Equal(2, pushes.Count);
        Assert.Equal(pushes[0].Guid, pushes[1].Guid);
        Assert.Equal(pushes[0].Body, pushes[1].Body);
        var rows = (await github.AppAsync("GET", "/app/hook/deliveries")).Json.AsArray().Where(row => row!["event"]!.ToString() == "push").ToArray();
        Assert.Equal([202, 500], rows.Select(row => row!["status_code"]!.GetValue<int>()));
        Assert.Equal([true, false], rows.Select(row => row!["redelivery"]!.GetValue<bool>()));
        github.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(404, (await github.AppAsync("POST", $"/app/hook/deliveries/{failed["id"]}/attempts")).Status);
    }

    [Fact]
    public async Task The_log_is_walked_by_cursor_to_its_end()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await github.CommitAsync($"{i}", new JsonObject { ["a"] = $"{i}" });
        }

        await github.IdleAsync();
        var ids = new List<long>();
        var path = "/app/hook/deliveries?per_page=3";
        for (var pages = 0; path.Length > 0; pages++)
        {
            var page = await github.AppAsync("GET", path);
            ids.AddRange(page.Json.AsArray().Select(row => row!["id"]!.GetValue<long>()));
            var link = page.Header("Link");
            path = link.Contains("rel=\"next\"", StringComparison.Ordinal) ? link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)] : "";
            Assert.True(pages < 9);
        }

        Assert.Equal(7, ids.Count);
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Equal(7, ids.Distinct().Count());
        Assert.Equal(400, (await github.AppAsync("GET", "/app/hook/deliveries?cursor=nonsense")).Status);
    }

    [Fact]
    public async Task Nothing_goes_to_a_hook_that_cannot_be_reached_but_the_log_says_so()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.AppAsync("PATCH", "/app/hook/config", new JsonObject { ["url"] = "http://127.0.0.1:1/" });
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();

        Assert.Equal(502, (await github.AppAsync("GET", "/app/hook/deliveries?per_page=1")).Json[0]!["status_code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Ten_seconds_are_waited_for_an_answer()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        github.Receiver.Gate = new TaskCompletionSource();
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        while (github.Receiver.Of("push").Count == 0)
        {
            await Task.Yield();
        }

        github.Clock.Advance(TimeSpan.FromSeconds(10));
        await github.IdleAsync();
        var row = (await github.AppAsync("GET", "/app/hook/deliveries?per_page=1")).Json[0]!;
        Assert.Equal(("timed out", 504), (row["status"]!.ToString(), row["status_code"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Tags_branches_deletions_and_forced_pushes_look_like_githubs()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.FaultAsync("push.create", new JsonObject { ["repository"] = "acme/models", ["branch"] = "feature/x" });
        await github.FaultAsync("push.tag", new JsonObject { ["repository"] = "acme/models", ["name"] = "v1", ["annotated"] = true });
        await github.FaultAsync("push.delete", new JsonObject { ["repository"] = "acme/models", ["branch"] = "feature/x" });
        await github.FaultAsync("push.force", new JsonObject { ["repository"] = "acme/models", ["mode"] = "rewind" });
        await github.IdleAsync();

        var pushes = github.Receiver.Of("push").Select(push => push.Json).ToArray();
        var zero = new string('0', 40);
        Assert.Equal(("refs/heads/feature/x", zero, true, 0), (pushes[1]["ref"]!.ToString(), pushes[1]["before"]!.ToString(), pushes[1]["created"]!.GetValue<bool>(), pushes[1]["commits"]!.AsArray().Count));
        Assert.Equal("refs/heads/main", pushes[1]["base_ref"]!.ToString());
        Assert.Equal("refs/tags/v1", pushes[2]["ref"]!.ToString());
        Assert.NotEqual(pushes[2]["after"]!.ToString(), pushes[2]["head_commit"]!["id"]!.ToString());
        Assert.Equal((zero, true, null, 0), (pushes[3]["after"]!.ToString(), pushes[3]["deleted"]!.GetValue<bool>(), pushes[3]["head_commit"]?.ToString(), pushes[3]["commits"]!.AsArray().Count));
        Assert.Equal((true, 0), (pushes[4]["forced"]!.GetValue<bool>(), pushes[4]["commits"]!.AsArray().Count));
        Assert.Equal(pushes[4]["after"]!.ToString(), pushes[4]["head_commit"]!["id"]!.ToString());
        Assert.Equal(["feature/x", "v1"], github.Receiver.Of("create").Select(created => created.Json["ref"]!.ToString()));
        Assert.Equal(["branch"], github.Receiver.Of("delete").Select(deleted => deleted.Json["ref_type"]!.ToString()));
    }

    [Fact]
    public async Task A_diverging_force_push_lists_the_new_commits()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.CommitAsync("Two", new JsonObject { ["a"] = "2" });
        await github.FaultAsync("push.force", new JsonObject { ["repository"] = "acme/models", ["mode"] = "diverge", ["commits"] = 2 });
        await github.IdleAsync();

        var push = github.Receiver.Of("push")[^1].Json;
        Assert.True(push["forced"]!.GetValue<bool>());
        Assert.Equal("History rewritten", push["commits"]!.AsArray().Single()!["message"]!.ToString());
    }

    [Fact]
    public async Task More_than_three_tags_in_one_push_are_not_told()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var sha = await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();
        github.Receiver.Clear();

        await TagAsync("a", 4);
        Assert.Empty(github.Receiver.All);
        await TagAsync("b", 3);
        Assert.Equal(3, github.Receiver.Of("push").Count);
        await github.FaultAsync("push.suppress", new JsonObject { ["tags"] = 1, ["branches"] = 1 });
        await TagAsync("c", 1);
        await github.CommitAsync("Two", new JsonObject { ["a"] = "2" });
        await github.IdleAsync();
        Assert.Equal(3, github.Receiver.Of("push").Count);

        async Task TagAsync(string prefix, int count)
        {
            var refs = Enumerable.Range(0, count).Select(n => (JsonNode)new JsonObject { ["ref"] = $"refs/tags/{prefix}{n}", ["sha"] = sha });
            await github.ControlAsync("PUT", "/repositories/acme/models/refs", new JsonObject { ["refs"] = new JsonArray([.. refs]) });
            await github.IdleAsync();
        }
    }

    [Fact]
    public async Task Installations_and_repositories_tell_what_happens_to_them()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/second" });
        await github.ControlAsync("POST", $"/installations/{github.Installation}/repositories", new JsonObject { ["remove"] = new JsonArray("acme/second") });
        await github.ControlAsync("POST", "/repositories/acme/models/rename", new JsonObject { ["name"] = "renamed" });
        await github.ControlAsync("POST", "/repositories/acme/renamed/archive");
        await github.ControlAsync("POST", "/repositories/acme/renamed/unarchive");
        await github.ControlAsync("POST", $"/installations/{github.Installation}/suspend");
        await github.CommitAsync("Not told", new JsonObject { ["a"] = "1" }, "acme/renamed");
        await github.ControlAsync("POST", $"/installations/{github.Installation}/unsuspend");
        await github.ControlAsync("POST", $"/installations/{github.Installation}/delete");
        await github.CommitAsync("Not told", new JsonObject { ["a"] = "2" }, "acme/renamed");
        await github.IdleAsync();

        Assert.Equal(
            [
                "ping ", "installation created", "repository created", "installation_repositories added", "installation_repositories removed", "repository renamed",
                "repository archived", "repository unarchived", "installation suspend", "installation unsuspend", "installation deleted",
            ],
            github.Receiver.All.Select(delivery => $"{delivery.Event} {delivery.Json["action"]}"));
        var renamed = github.Receiver.Of("repository")[1].Json;
        Assert.Equal("models", renamed["changes"]!["repository"]!["name"]!["from"]!.ToString());
        Assert.Equal("acme/second", github.Receiver.Of("installation_repositories")[0].Json["repositories_added"]![0]!["full_name"]!.ToString());
    }

    [Fact]
    public async Task A_repository_hook_has_its_own_secret_and_log()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await using var second = await DeliveryReceiver.StartAsync();
        var token = await github.TokenAsync();
        var hook = (await github.SendAsync("POST", "/repos/acme/models/hooks", token, new JsonObject
        {
            ["config"] = new JsonObject { ["url"] = second.Url.ToString(), ["content_type"] = "json", ["secret"] = "other" },
            ["events"] = new JsonArray("push"),
        })).Json;
        await github.CommitAsync("One", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();

        Assert.Equal(["ping", "push"], second.All.Select(delivery => delivery.Event));
        Assert.All(second.All, delivery => Assert.True(delivery.IsSigned("other")));
        Assert.Equal("repository", second.All[0].Headers["X-GitHub-Hook-Installation-Target-Type"]);
        Assert.Null(second.All[1].Json["installation"]);
        Assert.Equal(2, (await github.SendAsync("GET", $"/repos/acme/models/hooks/{hook["id"]}/deliveries", token)).Json.AsArray().Count);
        Assert.Single(github.Receiver.Of("push"));
    }

    [Theory]
    [InlineData("push", "push/with-installation.payload.json", "push/with-organization.payload.json", "push/with-new-branch.payload.json")]
    [InlineData("installation", "installation/created.payload.json", "installation/suspend.payload.json", "installation/created.with-requester.payload.json")]
    [InlineData("installation_repositories", "installation_repositories/added.payload.json", "installation/suspend.payload.json", "installation_repositories/removed.payload.json")]
    [InlineData("repository", "repository/created.with-installation.payload.json", "repository/renamed.payload.json", "repository/transferred.with-installation.payload.json")]
    [InlineData("create", "create/with-installation.payload.json", "create/with-organization.payload.json", "create/with-description.payload.json")]
    [InlineData("delete", "delete/with-installation.payload.json", "delete/with-organization.payload.json", "delete/payload.json")]
    [InlineData("ping", "ping/with-app_id.payload.json", "ping/with-organization.payload.json", "ping/payload.json")]
    public async Task Payloads_hold_only_fields_that_real_ones_have(string name, params string[] examples)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var example in examples)
        {
            Collect(JsonNode.Parse(await File.ReadAllBytesAsync(SharedFolder.Require("github/payloads/" + example))), "", known);
        }

        await using var github = await SimulatedGitHub.StartAsync();
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/second" });
        await github.FaultAsync("push.create", new JsonObject { ["repository"] = "acme/models", ["branch"] = "x" });
        await github.FaultAsync("push.delete", new JsonObject { ["repository"] = "acme/models", ["branch"] = "x" });
        await github.CommitAsync("One", new JsonObject { ["a"] = "1", ["README.md"] = null });
        await github.ControlAsync("POST", "/repositories/acme/models/rename", new JsonObject { ["name"] = "renamed" });
        await github.ControlAsync("POST", $"/installations/{github.Installation}/suspend");
        await github.IdleAsync();

        var ours = new HashSet<string>(StringComparer.Ordinal);
        foreach (var delivery in github.Receiver.Of(name))
        {
            Collect(delivery.Json, "", ours);
        }

        Assert.NotEmpty(ours);
        // The hooks of Apps are not among the examples; permissions differ from App to App.
        Assert.Equal([], ours.Except(known).Where(path => !path.Contains("/permissions/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static void Collect(JsonNode? node, string path, HashSet<string> into)
    {
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            into.Add($"{path}/{name}");
            Collect(value, $"{path}/{name}", into);
        }

        foreach (var item in node as JsonArray ?? [])
        {
            Collect(item, path + "/*", into);
        }
    }
}
