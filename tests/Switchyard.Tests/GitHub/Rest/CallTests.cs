using System.Text;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed class CallTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task Pages_are_followed_by_the_Link_header()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path switch
        {
            "/app/installations?per_page=100" => ScriptedGitHub.Json(
                200,
                """[{"id":1,"account":{"login":"acme","id":9,"type":"Organization"},"permissions":{"contents":"read"},"repository_selection":"all"},{"id":2,"suspended_at":"2026-01-02T03:04:05Z","account":null}]""",
                ("Link", "<https://api.github.com/app/installations?per_page=100&page=2>; rel=\"next\", <https://api.github.com/app/installations?page=9>; rel=\"last\"")),
            _ => ScriptedGitHub.Json(200, """[{"id":3}]""", ("Link", "<https://api.github.com/app/installations?page=1>; rel=\"first\"")),
        };
        using var connection = gitHub.Connect();

        var installations = await connection.App.ListInstallationsAsync().ToListAsync();

        Assert.Equal([1L, 2, 3], installations.Select(installation => installation.Id));
        Assert.Equal("read", installations[0].Permissions["contents"]);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), installations[1].SuspendedAt);
        Assert.Empty(installations[2].Permissions);
        Assert.Equal("/app/installations?per_page=100&page=2", gitHub.Requests.Last().Path);
    }

    [Fact]
    public async Task A_next_page_on_another_host_is_not_asked_for()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, "[]", ("Link", "<https://evil.test/2>; rel=\"next\"")) };
        using var connection = gitHub.Connect();

        await Assert.ThrowsAsync<GitHubException>(async () => await connection.App.ListInstallationsAsync().ToListAsync());

        Assert.Single(gitHub.Requests);
    }

    [Fact]
    public async Task The_installation_of_an_owner_or_repository_is_found()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path switch
        {
            "/repos/acme/old/installation" => ScriptedGitHub.Json(301, "", ("Location", "https://api.github.com/repositories/1/installation")),
            "/repositories/1/installation" or "/users/ann/installation" or "/orgs/acme/installation" => ScriptedGitHub.Json(200, """{"id":11}"""),
            _ => ScriptedGitHub.Json(404, """{"message":"Not Found"}"""),
        };
        using var connection = gitHub.Connect();

        Assert.Equal(11, (await connection.App.FindRepositoryInstallationAsync("acme", "old"))!.Id);
        Assert.Equal(11, (await connection.App.FindOwnerInstallationAsync("acme"))!.Id);
        Assert.Equal(11, (await connection.App.FindOwnerInstallationAsync("ann"))!.Id);
        Assert.Null(await connection.App.FindOwnerInstallationAsync("nobody"));
        Assert.Equal(GitHubErrorKind.InstallationGone, (await Assert.ThrowsAsync<GitHubException>(() => connection.App.GetInstallationAsync(99))).Kind);
    }

    [Fact]
    public async Task Names_are_percent_encoded()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, """{"ref":"refs/heads/x","object":{"sha":"a"}}""") };
        using var connection = gitHub.Connect();
        var api = connection.Installation(5, TokenScope.All);

        await api.GetRefAsync("acme", "models", "heads/feature/a#1%2é");
        await api.Files.GetContentAsync("acme", "models", "dir/a b?.json", "feature/x");
        await api.Files.CompareAsync("acme", "models", "a/b", "c#d");

        Assert.Equal(
            [
                "/repos/acme/models/git/ref/heads/feature/a%231%252%C3%A9",
                "/repos/acme/models/contents/dir/a%20b%3F.json?ref=feature%2Fx",
                "/repos/acme/models/compare/a%2Fb...c%23d?per_page=100",
            ],
            gitHub.Calls.Select(asked => asked.Path));
        Assert.Equal("application/vnd.github.raw+json", gitHub.Calls.ElementAt(1).Header("Accept"));
    }

    [Fact]
    public async Task The_delivery_log_is_read_back_to_a_moment()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Path switch
        {
            "/app/hook/deliveries?per_page=100" => ScriptedGitHub.Json(200, """[{"id":9007199254740993,"guid":"g2","delivered_at":"2026-11-21T08:59:00Z","redelivery":true,"duration":0.27,"status":"OK","status_code":202,"event":"push","action":null,"installation_id":5,"repository_id":1,"throttled_at":null,"extra":{}}]""", ("Link", "<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_2>; rel=\"next\"")),
            "/app/hook/deliveries?per_page=100&cursor=v1_2" => ScriptedGitHub.Json(200, """[{"id":2,"guid":"g1","delivered_at":"2026-11-21T08:58:00Z","status_code":502},{"id":1,"guid":"g0","delivered_at":"2026-11-21T07:00:00Z","status_code":200}]""", ("Link", "<https://api.github.com/app/hook/deliveries?cursor=never>; rel=\"next\"")),
            "/app/hook/deliveries/2" => ScriptedGitHub.Json(200, """{"id":2,"guid":"g1","delivered_at":"2026-11-21T08:58:00Z","status_code":502,"event":"push","url":"https://x","request":{"headers":{"X-GitHub-Event":"push"},"payload":{"ref": "refs/heads/é"}},"response":{"headers":{},"payload":null}}"""),
            "/app/hook/deliveries/2/attempts" => ScriptedGitHub.Json(202, "{}"),
            _ => ScriptedGitHub.Json(404, ""),
        };
        using var connection = gitHub.Connect();

        var deliveries = await connection.App.ListDeliveriesAsync(since: time.GetUtcNow().AddHours(-1)).ToListAsync();
        var detail = await connection.App.GetDeliveryAsync(2);
        await connection.App.RedeliverAsync(2);

        Assert.Equal([(9007199254740993, "g2", true, true), (2L, "g1", false, false)], deliveries.Select(delivery => (delivery.Id, delivery.Guid, delivery.Redelivery, delivery.Succeeded)));
        Assert.Equal(("push", "{\"ref\": \"refs/heads/é\"}"), (detail.Request!.Header("x-github-event"), Encoding.UTF8.GetString(detail.Request.PayloadBytes())));
        Assert.Empty(detail.Response!.PayloadBytes());
    }

    [Fact]
    public async Task The_hook_is_configured_with_what_is_given_only()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, """{"url":"https://x","content_type":"json","secret":"********","insecure_ssl":0}""") };
        using var connection = gitHub.Connect();

        var config = await connection.App.UpdateHookConfigAsync(contentType: "json", secret: "geheim");

        Assert.Equal(("PATCH", """{"content_type":"json","secret":"geheim"}"""), (gitHub.Requests.Last().Method, gitHub.Requests.Last().Body));
        Assert.Equal("0", config.InsecureSsl);
    }

    [Fact]
    public async Task A_manifest_is_converted_without_authorization()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = _ => ScriptedGitHub.Json(201, """{"id":7,"client_id":"Iv23","client_secret":"cs","slug":"sw","name":"SW","webhook_secret":null,"pem":"-----BEGIN RSA PRIVATE KEY-----","owner":{"login":"acme","type":"Organization","id":1},"html_url":"https://github.com/apps/sw","permissions":{"contents":"read"},"events":["push"]}""");

        var registration = await GitHubConnection.ConvertManifestAsync(GitHubHost.DotCom, "a/b", gitHub.Options());

        var asked = Assert.Single(gitHub.Requests);
        Assert.Equal(("POST", "/app-manifests/a%2Fb/conversions", null), (asked.Method, asked.Path, asked.Header("Authorization")));
        Assert.Equal((7L, "Iv23", null, "acme", "Organization"), (registration.Id, registration.ClientId, registration.WebhookSecret, registration.OwnerLogin, registration.OwnerType));
        Assert.DoesNotContain("cs", registration.ToString(), StringComparison.Ordinal);

        gitHub.Answer = _ => ScriptedGitHub.Json(404, """{"message":"Not Found"}""");
        Assert.Equal(GitHubErrorKind.NotFound, (await Assert.ThrowsAsync<GitHubException>(() => GitHubConnection.ConvertManifestAsync(GitHubHost.DotCom, "used", gitHub.Options()))).Kind);
    }

    [Fact]
    public async Task A_stand_in_token_lists_what_it_reaches()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, """[{"id":1,"full_name":"acme/models","name":"models"}]""") };
        using var connection = GitHubConnection.ForToken(new GitHubHost(new Uri("http://127.0.0.1:9001/api/v3/"), new Uri("http://127.0.0.1:9001")), "github_pat_x", gitHub.Options());

        var repository = Assert.Single(await connection.Installation(0, TokenScope.All).ListRepositoriesAsync().ToListAsync());

        Assert.Equal("acme/models", repository.FullName);
        Assert.Equal("http://127.0.0.1:9001/api/v3/user/repos?per_page=100", gitHub.Requests.Single().Url.AbsoluteUri);
        Assert.Equal("github_pat_x", gitHub.Requests.Single().Bearer);
    }

    [Fact]
    public async Task A_call_by_hand_stays_on_its_host()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(404, """{"message":"Not Found"}""") };
        using var connection = gitHub.Connect();

        Assert.Equal(404, (await connection.App.SendAsync("get", "/nowhere")).Status);
        await Assert.ThrowsAsync<ArgumentException>(() => connection.App.SendAsync("GET", "https://evil.test/"));
    }

    [Theory]
    [InlineData(null, null, "https://api.github.com/", "https://github.com/")]
    [InlineData(null, "github.com", "https://api.github.com/", "https://github.com/")]
    [InlineData("https://ghe.acme.test/api/v3/", null, "https://ghe.acme.test/api/v3", "https://ghe.acme.test/")]
    [InlineData(null, "https://ghe.acme.test", "https://ghe.acme.test/api/v3", "https://ghe.acme.test/")]
    [InlineData("https://api.acme.ghe.com", null, "https://api.acme.ghe.com/", "https://acme.ghe.com/")]
    [InlineData(null, "acme.ghe.com", "https://api.acme.ghe.com/", "https://acme.ghe.com/")]
    [InlineData("http://127.0.0.1:9001/api/v3", null, "http://127.0.0.1:9001/api/v3", "http://127.0.0.1:9001/")]
    public void Hosts_are_read_as_people_write_them(string? api, string? web, string expectedApi, string expectedWeb)
    {
        var host = GitHubHost.Parse(api, web);

        Assert.Equal((expectedApi, expectedWeb), (host.Api.AbsoluteUri, host.Web.AbsoluteUri));
        Assert.Equal(expectedWeb.TrimEnd('/') + "/acme/models.git", host.Remote("acme", "models").AbsoluteUri);
    }

    [Theory]
    [InlineData("http://ghe.acme.test/api/v3")]
    [InlineData("ftp://ghe.acme.test")]
    [InlineData("https://user:pass@ghe.acme.test")]
    [InlineData("file:///etc/passwd")]
    public void Hosts_without_a_safe_way_are_refused(string api)
    {
        var error = Assert.Throws<ArgumentException>(() => GitHubHost.Parse(api));
        Assert.DoesNotContain("pass@", error.Message, StringComparison.Ordinal);
    }
}
