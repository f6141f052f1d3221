using System.Text.Json.Nodes;
using System.Web;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class ManifestTests
{
    private static JsonObject Good(string hook = "http://127.0.0.1:1/hook") => new()
    {
        ["name"] = "An App",
        ["url"] = "https://app.example",
        ["redirect_url"] = "http://127.0.0.1:1/back",
        ["hook_attributes"] = new JsonObject { ["url"] = hook, ["active"] = false },
        ["default_permissions"] = new JsonObject { ["contents"] = "read" },
    };

    [Fact]
    public async Task Hook_url_is_mandatory_and_a_secret_is_refused()
    {
        await using var github = await SimulatedGitHub.StartAsync(install: false);
        var withoutUrl = Good();
        withoutUrl["hook_attributes"] = new JsonObject { ["active"] = false };
        var withSecret = Good();
        withSecret["hook_attributes"]!["secret"] = "s";
        var withUnknown = Good();
        withUnknown["webhook"] = "x";

        Assert.Contains("Error &quot;url&quot; wasn&#39;t supplied", (await PostAsync(github, withoutUrl.ToJsonString(), 422)).Text, StringComparison.Ordinal);
        Assert.Contains("&quot;secret&quot; is not a permitted key", (await PostAsync(github, withSecret.ToJsonString(), 422)).Text, StringComparison.Ordinal);
        Assert.Contains("&quot;webhook&quot; is not a permitted key", (await PostAsync(github, withUnknown.ToJsonString(), 422)).Text, StringComparison.Ordinal);
        await PostAsync(github, "no json", 422);
        await PostAsync(github, Good().ToJsonString(), 302);
        Assert.Contains("Name is already in use", (await PostAsync(github, Good().ToJsonString(), 422)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_hooks_pass_unless_the_switch_refuses_them()
    {
        await using var github = await SimulatedGitHub.StartAsync(install: false);
        await github.FaultAsync("manifest.refuseUrl");
        Assert.Contains("localhost", (await PostAsync(github, Good("http://localhost:8080/webhooks").ToJsonString(), 422)).Text, StringComparison.Ordinal);
        await PostAsync(github, Good("https://public.example/webhooks").ToJsonString(), 302);
    }

    [Theory]
    [InlineData("manifest.codeUsed")]
    [InlineData("manifest.codeExpired")]
    public async Task A_code_can_be_refused(string name)
    {
        await using var github = await SimulatedGitHub.StartAsync(install: false);
        var code = await CodeAsync(github);
        await github.FaultAsync(name);

        Assert.Equal(404, (await github.SendAsync("POST", $"/app-manifests/{code}/conversions", null)).Status);
    }

    [Fact]
    public async Task A_code_lives_one_hour_and_the_secret_may_be_missing()
    {
        await using var github = await SimulatedGitHub.StartAsync(install: false);
        var late = await CodeAsync(github);
        github.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(404, (await github.SendAsync("POST", $"/app-manifests/{late}/conversions", null)).Status);

        await github.FaultAsync("manifest.nullSecret");
        var second = Good();
        second["name"] = "Another";
        var code = HttpUtility.ParseQueryString(new Uri((await PostAsync(github, second.ToJsonString(), 302)).Header("Location")).Query)["code"];
        var app = await github.SendAsync("POST", $"/app-manifests/{code}/conversions", null);
        Assert.Equal(201, app.Status);
        Assert.Null(app.Json["webhook_secret"]);
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", app.Json["pem"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("integration_manifest", app.Header("X-RateLimit-Resource"));
    }

    [Fact]
    public async Task Pages_are_there_for_people()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        foreach (var (path, text) in new[] { ("/", "acme/models"), ("/acme/models", "git clone"), ("/settings/apps/new", "manifest"), ("/apps/tests", "Install"), ("/apps/tests/installations/new", "acme/models"), ($"/settings/installations/{github.Installation}", "acme/models") })
        {
            var page = await github.PageAsync(HttpMethod.Get, path);
            Assert.Equal(200, page.Status);
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(404, (await github.PageAsync(HttpMethod.Get, "/no/such/page")).Status);
        Assert.Equal(404, (await github.PageAsync(HttpMethod.Get, "/apps/none/installations/new")).Status);
        Assert.Equal(422, (await github.PageAsync(HttpMethod.Post, "/apps/tests/installations/new", [new("account", "acme"), new("repository_selection", "selected")])).Status);
        var updated = await github.PageAsync(HttpMethod.Post, "/apps/tests/installations/new", [new("account", "acme"), new("repository_selection", "selected"), new("repositories", "acme/models")]);
        Assert.EndsWith($"/settings/installations/{github.Installation}", updated.Header("Location"), StringComparison.Ordinal);
    }

    private static async Task<string> CodeAsync(SimulatedGitHub github) =>
        HttpUtility.ParseQueryString(new Uri((await PostAsync(github, Good().ToJsonString(), 302)).Header("Location")).Query)["code"]!;

    private static async Task<Reply> PostAsync(SimulatedGitHub github, string manifest, int status)
    {
        var reply = await github.PageAsync(HttpMethod.Post, "/settings/apps/new", [new("manifest", manifest)]);
        Assert.True(reply.Status == status, reply.Text);
        return reply;
    }
}
