using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed partial class TokenTests
{
    [Fact]
    public async Task A_token_reaches_only_its_repositories_and_permissions()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/other", ["files"] = new JsonObject { ["x"] = "1" } });
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "strangers/secret" });
        var one = await github.TokenAsync(new JsonObject { ["repositories"] = new JsonArray("models"), ["permissions"] = new JsonObject { ["metadata"] = "read" } });
        var all = await github.TokenAsync();

        Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/models", one)).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/other", one)).Status);
        var refused = await github.SendAsync("GET", "/repos/acme/models/git/trees/main", one);
        Assert.Equal((403, "Resource not accessible by integration"), (refused.Status, refused.Message));
        Assert.Equal("contents=read", refused.Header("X-Accepted-GitHub-Permissions"));
        Assert.Equal(1, (await github.SendAsync("GET", "/installation/repositories", one)).Json["total_count"]!.GetValue<int>());
        Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/other", all)).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/strangers/secret", all)).Status);
        Assert.Equal(2, (await github.SendAsync("GET", "/installation/repositories", all)).Json["total_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Minting_refuses_what_was_not_granted()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        async Task<Reply> MintAsync(JsonObject scope) => await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens", scope);

        Assert.Equal((422, "There is at least one repository that does not exist or is not accessible to the parent installation."), Outcome(await MintAsync(new JsonObject { ["repositories"] = new JsonArray("absent") })));
        Assert.Equal((422, "The permissions requested are not granted to this installation."), Outcome(await MintAsync(new JsonObject { ["permissions"] = new JsonObject { ["issues"] = "read" } })));
        Assert.Equal(404, (await github.AppAsync("POST", "/app/installations/999/access_tokens")).Status);

        await github.FaultAsync("permissions.withhold", new JsonObject { ["name"] = "contents" });
        Assert.Equal(422, (await MintAsync(new JsonObject { ["permissions"] = new JsonObject { ["contents"] = "read" } })).Status);
        await github.ClearAsync("permissions.withhold");

        await github.FaultAsync("installation.hideRepo", new JsonObject { ["repository"] = "acme/models" });
        Assert.Equal(422, (await MintAsync(new JsonObject { ["repositories"] = new JsonArray("models") })).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/models", await github.TokenAsync())).Status);
    }

    [Fact]
    public async Task Both_formats_are_minted_on_demand_by_header_or_by_switch()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        Assert.Matches(Classic(), await github.TokenAsync());
        var stateless = await github.TokenAsync(format: "enabled");
        Assert.Matches(Stateless(), stateless);
        Assert.InRange(stateless.Length, 480, 560);
        Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/models", stateless)).Status);

        await github.FaultAsync("tokens.format", new JsonObject { ["format"] = "stateless" });
        Assert.Matches(Stateless(), await github.TokenAsync());
        Assert.Matches(Classic(), await github.TokenAsync(format: "disabled"));
        await github.FaultAsync("tokens.format", new JsonObject { ["format"] = "mixed" });
        string[] two = [await github.TokenAsync(), await github.TokenAsync()];
        Assert.Single(two, Classic().IsMatch);
        Assert.Single(two, Stateless().IsMatch);
    }

    [Fact]
    public async Task Tokens_die_and_can_be_revoked()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        github.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/models", token)).Status);
        github.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((401, "Bad credentials"), Outcome(await github.SendAsync("GET", "/repos/acme/models", token)));
        Assert.Equal(401, (await github.SendAsync("DELETE", "/installation/token", token)).Status);

        await github.FaultAsync("tokens.ttl", new JsonObject { ["seconds"] = 5 });
        var brief = await github.TokenAsync();
        github.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(401, (await github.SendAsync("GET", "/repos/acme/models", brief)).Status);

        var revoked = await github.TokenAsync();
        Assert.Equal(204, (await github.SendAsync("DELETE", "/installation/token", revoked)).Status);
        Assert.Equal(401, (await github.SendAsync("GET", "/repos/acme/models", revoked)).Status);
    }

    [Fact]
    public async Task A_fresh_token_is_refused_for_a_while_by_rest_and_git()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("tokens.lag", new JsonObject { ["ms"] = 3000 });
        var token = await github.TokenAsync();
        Assert.Equal(401, (await github.SendAsync("GET", "/repos/acme/models", token)).Status);
        Assert.NotEqual(0, (await github.GitAsync(github.Scratch, "ls-remote", github.Remote("acme/models", token))).Exit);
        github.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/models", token)).Status);
        await github.GitOkAsync(github.Scratch, "ls-remote", github.Remote("acme/models", token));

        await github.FaultAsync("tokens.lag", new JsonObject { ["uses"] = 2 });
        var other = await github.TokenAsync();
        int[] seen = [(await github.SendAsync("GET", "/repos/acme/models", other)).Status, (await github.SendAsync("GET", "/repos/acme/models", other)).Status, (await github.SendAsync("GET", "/repos/acme/models", other)).Status];
        Assert.Equal([401, 401, 200], seen);
    }

    [Fact]
    public async Task A_fine_grained_token_opens_repositories_of_its_owner_but_is_no_installation()
    {
        await using var github = await SimulatedGitHub.StartAsync(
            repositories: [new SimulatedRepository("jo/one") { OwnerIsOrganization = false }, new SimulatedRepository("jo/two"), new SimulatedRepository("acme/models")],
            tokens: [new SimulatedToken("github_pat_x", "jo", ["jo/one"])]);

        Assert.Equal(200, (await github.SendAsync("GET", "/repos/jo/one", "github_pat_x")).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/jo/two", "github_pat_x")).Status);
        Assert.Equal("jo/one", (await github.SendAsync("GET", "/user/repos", "github_pat_x")).Json.AsArray().Single()!["full_name"]!.ToString());
        Assert.Equal(403, (await github.SendAsync("GET", "/installation/repositories", "github_pat_x")).Status);
        Assert.Equal((403, "Resource not accessible by personal access token"), Outcome(await github.SendAsync("GET", "/repos/jo/one/hooks", "github_pat_x")));
        await github.GitOkAsync(github.Scratch, "ls-remote", github.Remote("jo/one", "github_pat_x"));
    }

    [Fact]
    public async Task Permissions_that_wait_for_approval_are_shown_but_not_granted()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("permissions.pendingApproval", new JsonObject { ["permissions"] = new JsonObject { ["checks"] = "write" } });

        Assert.Equal("write", (await github.AppAsync("GET", "/app")).Json["permissions"]!["checks"]!.ToString());
        Assert.Null((await github.AppAsync("GET", $"/app/installations/{github.Installation}")).Json["permissions"]!["checks"]);
        Assert.Equal(422, (await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens", new JsonObject { ["permissions"] = new JsonObject { ["checks"] = "write" } })).Status);
    }

    private static (int Status, string Message) Outcome(Reply reply) => (reply.Status, reply.Message);

    [GeneratedRegex("^ghs_[A-Za-z0-9]{36}$", RegexOptions.None, 1000)]
    private static partial Regex Classic();

    [GeneratedRegex(@"^ghs_\d+_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", RegexOptions.None, 1000)]
    private static partial Regex Stateless();
}
