using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Rows 17 to 33 of GitHub's behaviours: reading and limits.</summary>
public sealed class ApiFaultTests
{
    private const string Models = "/repos/acme/models";

    [Fact]
    public async Task Comparisons_stop_at_three_hundred_files_without_a_word()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var before = (await github.SendAsync("GET", Models + "/commits/main", await github.TokenAsync())).Json["sha"]!.ToString();
        await github.CommitAsync("Many", new JsonObject(Enumerable.Range(0, 305).Select(n => KeyValuePair.Create($"f{n:000}", (JsonNode?)"x"))));
        var token = await github.TokenAsync();

        async Task<int> FilesAsync(string rest) => (await github.SendAsync("GET", Models + rest, token)).Json["files"]!.AsArray().Count;

        Assert.Equal(300, await FilesAsync($"/compare/{before}...main"));
        Assert.Equal(0, await FilesAsync($"/compare/{before}...main?page=2"));
        Assert.Equal(300, await FilesAsync("/commits/main"));
        Assert.Equal(5, await FilesAsync("/commits/main?page=2"));
        await github.FaultAsync("api.compareCap", new JsonObject { ["files"] = 2 });
        Assert.Equal(2, await FilesAsync($"/compare/{before}...main"));
    }

    [Fact]
    public async Task A_recursive_tree_may_be_truncated()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        Assert.False((await github.SendAsync("GET", Models + "/git/trees/main?recursive=1", token)).Json["truncated"]!.GetValue<bool>());
        await github.FaultAsync("api.truncateTree", new JsonObject { ["entries"] = 2 });
        var tree = (await github.SendAsync("GET", Models + "/git/trees/main?recursive=0", token)).Json;
        Assert.Equal((true, 2), (tree["truncated"]!.GetValue<bool>(), tree["tree"]!.AsArray().Count));
        Assert.False((await github.SendAsync("GET", Models + "/git/trees/main", token)).Json["truncated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Contents_have_limits()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.CommitAsync("Big", new JsonObject { ["big.bin"] = new string('x', (1024 * 1024) + 1) });
        var token = await github.TokenAsync();
        Assert.Equal(403, (await github.SendAsync("GET", Models + "/contents/big.bin", token)).Status);
        var asObject = await github.SendAsync("GET", Models + "/contents/big.bin", token, null, ("Accept", "application/vnd.github.object+json"));
        Assert.Equal(("none", ""), (asObject.Json["encoding"]!.ToString(), asObject.Json["content"]!.ToString()));
        Assert.Equal((1024 * 1024) + 1, (await github.SendAsync("GET", Models + "/contents/big.bin", token, null, ("Accept", "application/vnd.github.raw+json"))).Text.Length);

        await github.FaultAsync("api.contentsLimits", new JsonObject { ["directory"] = 1, ["rawBytes"] = 10 });
        Assert.Single((await github.SendAsync("GET", Models + "/contents/", token)).Json.AsArray());
        Assert.Equal(403, (await github.SendAsync("GET", Models + "/contents/big.bin", token, null, ("Accept", "application/vnd.github.raw+json"))).Status);
    }

    [Theory]
    [InlineData(null, 200, null)]
    [InlineData("missing", 200, 404)]
    [InlineData("quota", 403, null)]
    public async Task Lfs_objects_may_be_missing_or_over_quota(string? mode, int status, int? code)
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var pointer = (await github.ControlAsync("POST", "/repositories/acme/models/lfs", new JsonObject { ["base64"] = Convert.ToBase64String("content"u8) }))["pointer"]!.ToString();
        var oid = pointer.Split('\n')[1]["oid sha256:".Length..];
        if (mode is not null)
        {
            await github.FaultAsync("repo.lfs", new JsonObject { ["mode"] = mode });
        }

        var token = await github.TokenAsync();
        var basic = "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x-access-token:" + token));
        var batch = new JsonObject { ["operation"] = "download", ["objects"] = new JsonArray(new JsonObject { ["oid"] = oid, ["size"] = 7 }) };
        var reply = await github.SendAsync("POST", github.Host.Url + "acme/models.git/info/lfs/objects/batch", null, batch, ("Authorization", basic));
        Assert.Equal(status, reply.Status);
        if (status == 200)
        {
            Assert.Equal(code, reply.Json["objects"]![0]!["error"]?["code"]?.GetValue<int>());
        }

        if (mode is null)
        {
            var href = reply.Json["objects"]![0]!["actions"]!["download"]!["href"]!.ToString();
            Assert.Equal("content", (await github.SendAsync("GET", href, null, null, ("Authorization", basic))).Text);
        }
    }

    [Fact]
    public async Task Lists_are_paged_and_may_end_silently()
    {
        await using var github = await SimulatedGitHub.StartAsync(repositories: [.. Enumerable.Range(0, 5).Select(n => new SimulatedRepository($"acme/r{n}"))]);
        var token = await github.TokenAsync();
        var page = await github.SendAsync("GET", "/installation/repositories?per_page=2&page=2", token);
        Assert.Equal(["acme/r2", "acme/r3"], page.Json["repositories"]!.AsArray().Select(repository => repository!["full_name"]!.ToString()));
        Assert.Contains("page=3>; rel=\"next\"", page.Header("Link"), StringComparison.Ordinal);
        Assert.Contains("page=1>; rel=\"prev\"", page.Header("Link"), StringComparison.Ordinal);
        await github.FaultAsync("api.listCap", new JsonObject { ["count"] = 3 });
        Assert.Equal(3, (await github.SendAsync("GET", "/installation/repositories?per_page=100", token)).Json["repositories"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_empty_repository_answers_409_and_git_shows_nothing()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("repo.empty", new JsonObject { ["repository"] = "acme/models" });

        foreach (var rest in new[] { "/git/trees/main", "/git/ref/heads/main", "/git/matching-refs/heads", "/commits/main", "/git/blobs/" + new string('a', 40) })
        {
            Assert.Equal(409, (await github.SendAsync("GET", Models + rest, token)).Status);
        }

        Assert.Equal(404, (await github.SendAsync("GET", Models + "/contents/README.md", token)).Status);
        Assert.Equal("", await github.GitOkAsync(github.Scratch, "ls-remote", github.Remote("acme/models", token)));
        await github.ClearAsync("repo.empty");
        Assert.Equal(200, (await github.SendAsync("GET", Models + "/git/trees/main", token)).Status);
    }

    [Fact]
    public async Task Errors_strike_the_chosen_routes_so_often()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("api.error", new JsonObject { ["status"] = 503, ["route"] = "/git/trees", ["times"] = 2 });

        int[] seen = [await GetAsync("/git/trees/main"), await GetAsync(""), await GetAsync("/git/trees/main"), await GetAsync("/git/trees/main")];
        Assert.Equal([503, 200, 503, 200], seen);

        async Task<int> GetAsync(string rest) => (await github.SendAsync("GET", Models + rest, token)).Status;
    }

    [Fact]
    public async Task Versions_move_and_enterprise_server_lags()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.AppAsync("GET", "/app");
        Assert.NotNull((await github.SendAsync("GET", "/rate_limit", null)).Json["rate"]);
        Assert.Equal(400, (await github.SendAsync("GET", "/rate_limit", null, null, ("X-GitHub-Api-Version", "1999-01-01"))).Status);
        Assert.Equal(403, (await NoAgentAsync(github)).Status);

        await github.FaultAsync("api.ghes", new JsonObject { ["version"] = "3.13" });
        Assert.Equal(400, (await github.SendAsync("GET", "/rate_limit", null, null, ("X-GitHub-Api-Version", "2026-03-10"))).Status);
        var ghes = await github.AppAsync("GET", "/app");
        Assert.Equal((401, "3.13"), (ghes.Status, ghes.Header("X-GitHub-Enterprise-Version")));
        await github.CommitAsync("x", new JsonObject { ["a"] = "1" });
        await github.IdleAsync();
        Assert.Equal("3.13", github.Receiver.Of("push").Single().Headers["X-GitHub-Enterprise-Version"]);
    }

    [Fact]
    public async Task The_newer_version_leaves_the_rate_out()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await simulator.SetFaultAsync("api.version", new JsonObject { ["version"] = "2026-03-10" });
        using var client = new HttpClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1");

        Assert.Null(JsonNode.Parse(await client.GetStringAsync(simulator.ApiUrl + "/rate_limit"))!["rate"]);
        client.DefaultRequestHeaders.Add("X-GitHub-Api-Version", "2022-11-28");
        Assert.NotNull(JsonNode.Parse(await client.GetStringAsync(simulator.ApiUrl + "/rate_limit"))!["rate"]);
        await simulator.SetFaultAsync("api.version", new JsonObject { ["only"] = true });
        Assert.Equal(400, (int)(await client.GetAsync(simulator.ApiUrl + "/rate_limit")).StatusCode);
    }

    [Fact]
    public async Task The_primary_limit_counts_down_refuses_and_resets()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        Assert.Equal(("5000", "4999", "core"), Rate(await github.SendAsync("GET", Models, token)));
        await github.FaultAsync("limits.primary", new JsonObject { ["remaining"] = 1, ["status"] = 429 });
        Assert.Equal("0", (await github.SendAsync("GET", Models, token)).Header("X-RateLimit-Remaining"));
        var refused = await github.SendAsync("GET", Models, token);
        Assert.Equal(429, refused.Status);
        Assert.Equal(github.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(), refused.Header("X-RateLimit-Reset"));
        Assert.Equal(200, (await github.SendAsync("GET", "/rate_limit", token)).Status);
        github.Clock.Advance(TimeSpan.FromMinutes(59));
        var other = await github.TokenAsync();
        Assert.Equal(429, (await github.SendAsync("GET", Models, other)).Status);
        github.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await github.SendAsync("GET", Models, other)).Status);

        static (string, string, string) Rate(Reply reply) => (reply.Header("X-RateLimit-Limit"), reply.Header("X-RateLimit-Remaining"), reply.Header("X-RateLimit-Resource"));
    }

    [Fact]
    public async Task The_secondary_limit_may_name_a_time_or_not()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("limits.secondary", new JsonObject { ["seconds"] = 7, ["times"] = 1 });
        var with = await github.SendAsync("GET", Models, token);
        Assert.Equal((403, "7"), (with.Status, with.Header("Retry-After")));
        Assert.Contains("secondary rate limit", with.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await github.SendAsync("GET", Models, token)).Status);
        await github.FaultAsync("limits.secondary", new JsonObject { ["header"] = false, ["status"] = 429 });
        var without = await github.SendAsync("GET", Models, token);
        Assert.Equal((429, ""), (without.Status, without.Header("Retry-After")));
    }

    [Fact]
    public async Task An_unchanged_answer_is_304_and_free()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        var first = await github.SendAsync("GET", Models + "/git/ref/heads/main", token);
        var again = await github.SendAsync("GET", Models + "/git/ref/heads/main", token, null, ("If-None-Match", first.Header("ETag")));
        Assert.Equal((304, ""), (again.Status, again.Text));
        Assert.Equal(first.Header("X-RateLimit-Remaining"), again.Header("X-RateLimit-Remaining"));
        await github.CommitAsync("x", new JsonObject { ["a"] = "1" });
        Assert.Equal(200, (await github.SendAsync("GET", Models + "/git/ref/heads/main", token, null, ("If-None-Match", first.Header("ETag")))).Status);
        await github.FaultAsync("api.etags", new JsonObject { ["on"] = false });
        Assert.Equal("", (await github.SendAsync("GET", Models + "/git/ref/heads/main", token)).Header("ETag"));
    }

    [Fact]
    public async Task The_log_of_requests_tells_who_and_never_the_secret()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.SendAsync("GET", Models, token, null, ("X-GitHub-Api-Version", "2022-11-28"));
        await github.GitOkAsync(github.Scratch, "ls-remote", github.Remote("acme/models", token));

        var log = (await github.ControlAsync("GET", "/log")).AsArray();
        Assert.Equal(log.Select(entry => entry!["sequence"]!.GetValue<long>()).Order(), log.Select(entry => entry!["sequence"]!.GetValue<long>()));
        Assert.DoesNotContain(token, log.ToJsonString(), StringComparison.Ordinal);
        var read = log.Single(entry => entry!["path"]!.ToString() == Models)!;
        Assert.Equal(("GET /repos/{owner}/{repo}", $"installation:{github.Installation}", "2022-11-28", 200), (read["operation"]!.ToString(), read["caller"]!.ToString(), read["apiVersion"]!.ToString(), read["status"]!.GetValue<int>()));
        var git = log.Last(entry => entry!["kind"]!.ToString() == "git")!;
        Assert.Equal(read["token"]!.ToString(), git["token"]!.ToString());
        await github.ControlAsync("DELETE", "/log");
        Assert.Empty((await github.ControlAsync("GET", "/log")).AsArray());
    }

    private static async Task<Reply> NoAgentAsync(SimulatedGitHub github)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(github.Host.ApiUrl + "/rate_limit");
        return await Reply.ReadAsync(response);
    }
}
