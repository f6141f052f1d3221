using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Secrets;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Secrets and variables of Actions. Without libsodium the simulator says so, and these tests fail: it is needed.</summary>
public sealed class SecretTests
{
    private const string Repository = WorkflowWorld.Tests + "/actions/secrets";
    private const string Environment = WorkflowWorld.Tests + "/environments/production/secrets";
    private const string Organization = "/orgs/acme/actions/secrets";

    [Theory]
    [InlineData(Repository, "repository", "acme/the-tests")]
    [InlineData(Environment, "environment", "acme/the-tests")]
    [InlineData(Organization, "organization", "acme")]
    public async Task A_sealed_secret_is_opened_kept_and_never_told(string path, string scope, string of)
    {
        await using var github = await StartAsync();
        var token = await github.TokenAsync();
        const string Value = "geheim: ü\n2";

        Assert.Equal(201, (await PutAsync(github, path, "azure_credentials", "first")).Status);
        Assert.Equal(204, (await PutAsync(github, path, "AZURE_CREDENTIALS", Value)).Status);

        var kept = Assert.Single((await github.ControlAsync("GET", "/secrets")).AsArray())!;
        Assert.Equal((scope, of, "AZURE_CREDENTIALS", Value, 2), (kept["scope"]!.ToString(), kept["of"]!.ToString(), kept["name"]!.ToString(), kept["value"]!.ToString(), kept["writes"]!.GetValue<int>()));
        Assert.Equal(scope == "organization" ? "all" : null, kept["visibility"]?.ToString());
        var shown = await github.SendAsync("GET", path + "/azure_credentials", token);
        Assert.Equal((200, "AZURE_CREDENTIALS"), (shown.Status, shown.Json["name"]!.ToString()));
        Assert.DoesNotContain("geheim", shown.Text, StringComparison.Ordinal);
        Assert.Equal((1, "AZURE_CREDENTIALS"), ((await github.SendAsync("GET", path, token)).Json is var list ? (list["total_count"]!.GetValue<int>(), list["secrets"]![0]!["name"]!.ToString()) : default));
        var log = await github.ControlAsync("GET", "/log");
        Assert.DoesNotContain("geheim", log.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(204, (await github.SendAsync("DELETE", path + "/AZURE_CREDENTIALS", token)).Status);
        Assert.Equal(404, (await github.SendAsync("DELETE", path + "/AZURE_CREDENTIALS", token)).Status);
        Assert.Equal(["set", "set", "deleted"], (await github.EffectsAsync("secret")).Select(effect => effect!["act"]!.ToString()));
    }

    [Fact]
    public async Task What_is_not_sealed_for_the_key_is_refused()
    {
        await using var github = await StartAsync();
        var token = await github.TokenAsync();
        var key = (await github.SendAsync("GET", Repository + "/public-key", token)).Json;
        var other = (await github.SendAsync("GET", Environment + "/public-key", token)).Json;
        Assert.Equal(32, Convert.FromBase64String(key["key"]!.ToString()).Length);
        Assert.NotEqual(key["key"]!.ToString(), other["key"]!.ToString());
        Task<Reply> PutRawAsync(string name, string value, string keyId) => github.SendAsync("PUT", $"{Repository}/{name}", token, new JsonObject { ["encrypted_value"] = value, ["key_id"] = keyId });
        var sealedForOther = Seal("x", other["key"]!.ToString());
        var good = Seal("x", key["key"]!.ToString());

        Assert.Equal("Improperly encrypted secret", (await PutRawAsync("A", sealedForOther, key["key_id"]!.ToString())).Message);
        Assert.Equal("Improperly encrypted secret", (await PutRawAsync("A", "aGVsbG8=", key["key_id"]!.ToString())).Message);
        Assert.Equal(422, (await PutRawAsync("A", good, "1")).Status);
        Assert.Equal(422, (await PutRawAsync("GITHUB_A", good, key["key_id"]!.ToString())).Status);
        Assert.Equal(422, (await PutRawAsync("1A", good, key["key_id"]!.ToString())).Status);
        Assert.Equal(422, (await PutRawAsync("A", Seal(new string('x', 49_153), key["key"]!.ToString()), key["key_id"]!.ToString())).Status);
        Assert.Empty((await github.ControlAsync("GET", "/secrets")).AsArray());
        Assert.Equal(201, (await PutRawAsync("A", good, key["key_id"]!.ToString())).Status);
    }

    [Fact]
    public async Task Each_scope_has_its_own_permission()
    {
        await using var github = await StartAsync();
        var token = await github.TokenAsync();
        foreach (var (path, permission) in new[] { (Repository, "secrets"), (Environment, "environments"), (Organization, "organization_secrets") })
        {
            await github.FaultAsync("permissions.withhold", new JsonObject { ["name"] = permission });
            var refused = await github.SendAsync("GET", path + "/public-key", token);
            Assert.Equal((403, permission + "=read"), (refused.Status, refused.Header("X-Accepted-GitHub-Permissions")));
        }

        Assert.Equal(404, (await github.SendAsync("GET", "/orgs/other/actions/secrets/public-key", token)).Status);
        Assert.Equal(404, (await github.SendAsync("GET", WorkflowWorld.Tests + "/environments/absent/secrets/public-key", token)).Status);
        Assert.Equal(401, (await github.SendAsync("GET", Organization + "/public-key", null)).Status);
    }

    [Fact]
    public async Task An_organisations_secret_says_who_may_see_it()
    {
        await using var github = await StartAsync();
        Assert.Equal(422, (await PutAsync(github, Organization, "A", "x", [])).Status);
        Assert.Equal(201, (await PutAsync(github, Organization, "A", "x", new JsonObject { ["visibility"] = "selected", ["selected_repository_ids"] = new JsonArray(1001, 1002) })).Status);
        Assert.Equal("[1001,1002]", (await github.ControlAsync("GET", "/secrets"))[0]!["repositories"]!.ToJsonString());
    }

    [Fact]
    public async Task Variables_are_made_changed_and_read()
    {
        await using var github = await StartAsync();
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = "github_pat_1", ["owner"] = "acme", ["permissions"] = new JsonObject { ["actions_variables"] = "write" } });
        const string Path = WorkflowWorld.Tests + "/actions/variables";
        Task<Reply> SendAsync(string method, string path, JsonObject? body = null) => github.SendAsync(method, Path + path, "github_pat_1", body);

        Assert.Equal(201, (await SendAsync("POST", "", new JsonObject { ["name"] = "azure_client_id", ["value"] = "1" })).Status);
        Assert.Equal(409, (await SendAsync("POST", "", new JsonObject { ["name"] = "AZURE_CLIENT_ID", ["value"] = "2" })).Status);
        Assert.Equal(204, (await SendAsync("PATCH", "/AZURE_CLIENT_ID", new JsonObject { ["value"] = "3" })).Status);
        Assert.Equal("3", (await SendAsync("GET", "/AZURE_CLIENT_ID")).Json["value"]!.ToString());
        Assert.Equal(404, (await SendAsync("PATCH", "/ABSENT", new JsonObject { ["value"] = "3" })).Status);
        Assert.Equal(404, (await SendAsync("GET", "/ABSENT")).Status);
        Assert.Equal(422, (await SendAsync("POST", "", new JsonObject { ["name"] = "no spaces", ["value"] = "1" })).Status);
        Assert.Equal(403, (await github.SendAsync("GET", Path + "/AZURE_CLIENT_ID", await github.TokenAsync())).Status);
    }

    private static async Task<SimulatedGitHub> StartAsync()
    {
        Assert.Null(Sodium.Missing);
        var github = await WorkflowWorld.StartAsync();
        await github.ControlAsync("PUT", WorkflowWorld.Control + "/environments/production");
        return github;
    }

    private static async Task<Reply> PutAsync(SimulatedGitHub github, string path, string name, string value, JsonObject? more = null)
    {
        var token = await github.TokenAsync();
        var key = (await github.SendAsync("GET", path + "/public-key", token)).Json;
        var body = more ?? (path == Organization ? new JsonObject { ["visibility"] = "all" } : []);
        body["encrypted_value"] = Seal(value, key["key"]!.ToString());
        body["key_id"] = key["key_id"]!.ToString();
        return await github.SendAsync("PUT", $"{path}/{name}", token, body);
    }

    /// <summary>What a client does, by the library that GitHub names.</summary>
    private static string Seal(string value, string key)
    {
        var message = Encoding.UTF8.GetBytes(value);
        var box = new byte[message.Length + 48];
        Assert.Equal(0, BoxSeal(box, message, (ulong)message.Length, Convert.FromBase64String(key)));
        return Convert.ToBase64String(box);
    }

    [DllImport("libsodium.so.23", EntryPoint = "crypto_box_seal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int BoxSeal(byte[] box, byte[] message, ulong length, byte[] publicKey);
}
