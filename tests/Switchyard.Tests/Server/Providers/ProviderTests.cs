using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Providers;

public sealed class ProviderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_App_is_registered_by_its_manifest_and_its_installation_is_noticed(string kind)
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions { Repositories = [new SimulatedRepository("acme/models")] });
        await using var server = await ServerFixture.StartAsync(kind);
        using var began = await server.Http.PostAsJsonAsync(
            "/api/v1/providers/manifest",
            new { name = "Acme models", organization = "acme", webUrl = github.Url, apiUrl = github.ApiUrl, publicUrl = server.Http.BaseAddress, redirectUrl = "http://127.0.0.1/callback" });
        var form = await began.Content.ReadFromJsonAsync<JsonElement>();

        var code = await PostManifestAsync(form);
        var conversion = new { code, state = form.GetProperty("state").GetString() };
        using var completed = await server.Http.PostAsJsonAsync("/api/v1/providers/manifest/conversions", conversion);
        Assert.Equal(HttpStatusCode.Created, completed.StatusCode);
        var provider = await completed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("acme-models", provider.GetProperty("slug").GetString());
        var secrets = provider.GetProperty("secrets").EnumerateArray().Select(secret => secret.GetProperty("name").GetString());
        Assert.Equal(["client_secret", "private_key", "webhook_secret"], secrets);

        // The state is used up: the same answer of GitHub is not taken twice.
        using var again = await server.Http.PostAsJsonAsync("/api/v1/providers/manifest/conversions", conversion);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);

        using var control = new HttpClient { BaseAddress = github.Url };
        (await control.PostAsJsonAsync($"/_simulator/apps/{provider.GetProperty("appSlug").GetString()}/installations", new { account = "acme" })).EnsureSuccessStatusCode();
        await UntilAsync(server, installations => installations.Count == 1 && installations[0].GetProperty("state").GetString() == "Active");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Suspended_removed_and_installed_again_are_seen_as_such(string kind)
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions { Repositories = [new SimulatedRepository("acme/models")] });
        await using var server = await ServerFixture.StartAsync(kind);
        var installation = await AddAppAsync(github, server);
        await UntilAsync(server, rows => rows.Count == 1);

        using var control = new HttpClient { BaseAddress = github.Url };
        await control.PostAsync($"/_simulator/installations/{installation}/suspend", null);
        await ListAgainAsync(server);
        await UntilAsync(server, rows => rows[0].GetProperty("state").GetString() == "Suspended" && rows[0].GetProperty("reason").GetString()!.Contains("unsuspend", StringComparison.Ordinal));

        await control.PostAsync($"/_simulator/installations/{installation}/unsuspend", null);
        await ListAgainAsync(server);
        await UntilAsync(server, rows => rows[0].GetProperty("state").GetString() == "Active");

        await control.PostAsync($"/_simulator/installations/{installation}/reinstall", null);
        await ListAgainAsync(server);
        await UntilAsync(server, rows => rows.Count == 2 && rows[0].GetProperty("state").GetString() == "Removed" && rows[1].GetProperty("state").GetString() == "Active");
    }

    [Fact]
    public async Task An_App_whose_key_GitHub_does_not_know_is_refused_and_nothing_is_stored()
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        using var refused = await server.Http.PostAsJsonAsync(
            "/api/v1/providers", new { name = "x", apiUrl = github.ApiUrl, webUrl = github.Url, appId = 4242, privateKey = rsa.ExportRSAPrivateKeyPem() });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("CredentialsRefused", "/privateKey"), (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("pointer").GetString()));
        Assert.Equal(0, (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/providers")).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("""{"name":"x","appId":1}""")]
    [InlineData("""{"name":"x","appId":1,"privateKey":"no key","token":"both"}""")]
    [InlineData("""{"name":"x","appId":1,"privateKey":"no key"}""")]
    [InlineData("""{"name":"x","apiUrl":"http://example.com","token":"github_pat_x"}""")]
    public async Task What_cannot_be_registered_is_a_422_that_says_why(string request)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var content = new StringContent(request, System.Text.Encoding.UTF8, "application/json");
        using var refused = await server.Http.PostAsync("/api/v1/providers", content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.NotEmpty((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_fine_grained_token_stands_in_for_an_App()
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Repositories = [new SimulatedRepository("acme/models")],
            Tokens = [new SimulatedToken("github_pat_standing_in", "acme")],
        });
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var refused = await server.Http.PostAsJsonAsync("/api/v1/providers", new { name = "pat", apiUrl = github.ApiUrl, webUrl = github.Url, token = "github_pat_unknown" });
        Assert.Equal("CredentialsRefused", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

        using var added = await server.Http.PostAsJsonAsync("/api/v1/providers", new { name = "pat", apiUrl = github.ApiUrl, webUrl = github.Url, token = "github_pat_standing_in" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        using var limit = new CancellationTokenSource(Limit);
        while ((await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/repositories?status=Synced", limit.Token)).GetProperty("total").GetInt64() == 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Secrets_are_in_no_answer()
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerFixture.StartAsync("sqlite");
        await AddAppAsync(github, server);
        var answer = await server.Http.GetStringAsync("/api/v1/providers");
        Assert.DoesNotContain("BEGIN", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("the-webhook-secret", answer, StringComparison.Ordinal);
        Assert.Contains("SHA256:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_App_is_not_registered_twice_and_a_hook_is_nobody_elses()
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var control = new HttpClient { BaseAddress = github.Url };
        using var made = await control.PostAsJsonAsync("/_simulator/apps", new { name = "once" });
        var app = await made.Content.ReadFromJsonAsync<JsonElement>();
        var request = new { name = "once", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app.GetProperty("id").GetInt64(), privateKey = app.GetProperty("pem").GetString() };
        using var first = await server.Http.PostAsJsonAsync("/api/v1/providers", request);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await server.Http.PostAsJsonAsync("/api/v1/providers", request);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);

        using var nameless = await server.Http.PostAsJsonAsync("/api/v1/providers/once/hooks", new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nameless.StatusCode);
        using var hook = await server.Http.PostAsJsonAsync("/api/v1/providers/once/hooks", new { name = "acme/models" });
        var id = (await hook.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.PostAsync($"/api/v1/providers/other/hooks/{id}/rotate", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.PostAsync($"/api/v1/providers/once/hooks/{id}/rotate", null)).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_registration_that_was_not_finished_gives_its_slug_to_the_next(string kind)
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerFixture.StartAsync(kind);
        async Task<JsonElement> BeginAsync()
        {
            using var began = await server.Http.PostAsJsonAsync(
                "/api/v1/providers/manifest", new { name = "Acme", webUrl = github.Url, apiUrl = github.ApiUrl, publicUrl = server.Http.BaseAddress, redirectUrl = "http://127.0.0.1/callback" });
            return await began.Content.ReadFromJsonAsync<JsonElement>();
        }

        var abandoned = await BeginAsync();
        var second = await BeginAsync();
        Assert.Contains("/webhooks/acme\"", second.GetProperty("manifest").GetString(), StringComparison.Ordinal);
        using var late = await server.Http.PostAsJsonAsync(
            "/api/v1/providers/manifest/conversions", new { code = "any", state = abandoned.GetProperty("state").GetString() });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        using var completed = await server.Http.PostAsJsonAsync(
            "/api/v1/providers/manifest/conversions", new { code = await PostManifestAsync(second), state = second.GetProperty("state").GetString() });
        Assert.Equal("acme", (await completed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("slug").GetString());
    }

    [Theory]
    [InlineData(null, "actions=write checks=write contents=write metadata=read pull_requests=read statuses=read", 12)]
    [InlineData(true, "contents=read metadata=read", 2)]
    public async Task The_manifest_asks_for_what_switching_takes_or_for_reading_alone(bool? mirrorOnly, string permissions, int events)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var began = await server.Http.PostAsJsonAsync(
            "/api/v1/providers/manifest", new { name = "Acme", webUrl = "http://127.0.0.1:9", apiUrl = "http://127.0.0.1:9/api", publicUrl = "https://switchyard.example.com", mirrorOnly });
        var form = await began.Content.ReadFromJsonAsync<JsonElement>();
        var manifest = JsonSerializer.Deserialize<JsonElement>(form.GetProperty("manifest").GetString()!);
        Assert.Equal(permissions, string.Join(' ', manifest.GetProperty("default_permissions").EnumerateObject().Select(one => $"{one.Name}={one.Value}").Order(StringComparer.Ordinal)));
        Assert.Equal(events, manifest.GetProperty("default_events").GetArrayLength());
    }

    [Fact]
    public async Task The_fingerprint_of_a_key_is_the_one_that_GitHub_shows()
    {
        await using var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var control = new HttpClient { BaseAddress = github.Url };
        using var made = await control.PostAsJsonAsync("/_simulator/apps", new { name = "keys" });
        var app = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportFromPem(app.GetProperty("pem").GetString());

        // openssl rsa -in KEY -pubout -outform DER | openssl sha256 -binary | openssl base64
        var expected = "SHA256:" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()));
        using var added = await server.Http.PostAsJsonAsync(
            "/api/v1/providers", new { name = "keys", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app.GetProperty("id").GetInt64(), privateKey = app.GetProperty("pem").GetString() });

        var secrets = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secrets").EnumerateArray();
        Assert.Equal(expected, secrets.Single(secret => secret.GetProperty("name").GetString() == "private_key").GetProperty("fingerprint").GetString());
    }

    private static async Task<long> AddAppAsync(SimulatorHost github, ServerFixture server)
    {
        using var control = new HttpClient { BaseAddress = github.Url };
        using var made = await control.PostAsJsonAsync(
            "/_simulator/apps", new { name = "by-hand", webhookSecret = "the-webhook-secret", webhookUrl = new Uri(server.Http.BaseAddress!, "/webhooks/by-hand"), install = new { account = "acme" } });
        var app = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var added = await server.Http.PostAsJsonAsync(
            "/api/v1/providers",
            new { name = "by-hand", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app.GetProperty("id").GetInt64(), privateKey = app.GetProperty("pem").GetString(), webhookSecret = "the-webhook-secret" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        return app.GetProperty("installation").GetProperty("id").GetInt64();
    }

    private static async Task<string> PostManifestAsync(JsonElement form)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var content = new FormUrlEncodedContent([new("manifest", form.GetProperty("manifest").GetString()!)]);
        using var answer = await browser.PostAsync(form.GetProperty("postUrl").GetString(), content);
        var location = answer.Headers.Location;
        if (location is null)
        {
            // GitHub shows a page with a button first; the simulator's has one form.
            using var document = new StringContent(await answer.Content.ReadAsStringAsync());
            Assert.Fail("The manifest page did not redirect: " + await document.ReadAsStringAsync());
        }

        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(location.Query)["code"].ToString();
    }

    private static async Task ListAgainAsync(ServerFixture server) => (await server.Http.PostAsync("/api/v1/installations/sync", null)).EnsureSuccessStatusCode();

    private static async Task UntilAsync(ServerFixture server, Func<List<JsonElement>, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var rows = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/installations", limit.Token)).GetProperty("items").EnumerateArray().ToList();
            if (rows.Count > 0 && isSo(rows))
            {
                return;
            }

            await Task.Yield();
        }
    }
}
