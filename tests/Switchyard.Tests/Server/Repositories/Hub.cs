using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Repositories;

/// <summary>The real server with an App on a simulated GitHub that has acme/models: driven by HTTP on both sides.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly HttpClient control;

    private Hub(SimulatorHost github, ServerFixture server)
    {
        GitHub = github;
        Server = server;
        control = new HttpClient { BaseAddress = github.Url };
    }

    public SimulatorHost GitHub { get; }

    public ServerFixture Server { get; }

    public long Installation { get; private set; }

    public string Repository { get; private set; } = "";

    public static Task<Hub> StartAsync(string kind, params (string Path, string? Text)[] files) => StartAsync(kind, null, files);

    /// <param name="kind">The database.</param>
    /// <param name="more">Services beside those of the features.</param>
    /// <param name="files">What the repository holds.</param>
    public static async Task<Hub> StartAsync(string kind, Action<IServiceCollection>? more, params (string Path, string? Text)[] files)
    {
        var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        var hub = new Hub(github, await ServerFixture.StartAsync(kind, new Dictionary<string, string?> { ["Signals:Settle"] = "00:00:00" }, more));
        var content = new JsonObject();
        foreach (var (path, text) in files)
        {
            content[path] = text;
        }

        await hub.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/models", ["files"] = content });
        var app = await hub.ControlAsync(
            "POST",
            "apps",
            new JsonObject
            {
                ["name"] = "by-hand",
                ["webhookSecret"] = "the-webhook-secret",
                ["webhookUrl"] = new Uri(hub.Server.Http.BaseAddress!, "/webhooks/by-hand").ToString(),
                ["events"] = new JsonArray("push", "repository", "pull_request", "release", "check_run", "check_suite", "status"),
                ["permissions"] = new JsonObject { ["contents"] = "read", ["metadata"] = "read", ["checks"] = "read", ["statuses"] = "read", ["pull_requests"] = "read" },
                ["install"] = new JsonObject { ["account"] = "acme" },
            });
        hub.Installation = app!["installation"]!["id"]!.GetValue<long>();
        using var added = await hub.Server.Http.PostAsJsonAsync(
            "/api/v1/providers",
            new { name = "by-hand", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app["id"]!.GetValue<long>(), privateKey = app["pem"]!.GetValue<string>(), webhookSecret = "the-webhook-secret" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        hub.Repository = (await hub.UntilAsync("/api/v1/repositories", list => Items(list).Any(item => Text(item, "status") == "Synced")))
            .GetProperty("items")[0].GetProperty("id").GetString()!;
        return hub;
    }

    public static IEnumerable<JsonElement> Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    public static string? Text(JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null ? null : element.GetProperty(name).ToString();

    public async Task<JsonNode?> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_simulator/" + path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await control.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Makes a commit on the simulated GitHub, which tells of it by a delivery.</summary>
    public async Task PushAsync(params (string Path, string? Text)[] files)
    {
        var content = new JsonObject();
        foreach (var (path, text) in files)
        {
            content[path] = text;
        }

        await ControlAsync("POST", "repositories/acme/models/commits", new JsonObject { ["branch"] = "main", ["message"] = "Change", ["files"] = content });
    }

    /// <summary>Somebody else's check of a commit ends.</summary>
    public Task<JsonNode?> CheckAsync(string sha, string name, string conclusion) =>
        ControlAsync("POST", "repositories/acme/models/checks", new JsonObject { ["sha"] = sha, ["name"] = name, ["conclusion"] = conclusion });

    public Task<JsonElement> GetAsync(string path) => Server.Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> PostAsync(string path, object? body, HttpStatusCode expected = HttpStatusCode.Accepted, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (prefer is not null)
        {
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
        }

        using var answer = await Server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"POST {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Asks again until the answer is so.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        var last = default(JsonElement);
        try
        {
            while (true)
            {
                last = await Server.Http.GetFromJsonAsync<JsonElement>(path, limit.Token);
                if (isSo(last))
                {
                    return last;
                }

                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{path} never became so; at last it was {last}");
            return last;
        }
    }

    /// <summary>Links by name; one that is still being unlinked is asked for again.</summary>
    public async Task<JsonElement> LinkUntilAsync(string provider, string repository)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            using var answer = await Server.Http.PostAsJsonAsync("/api/v1/repositories", new { provider, repository }, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                return JsonSerializer.Deserialize<JsonElement>(text);
            }

            Assert.Contains("still being unlinked", text, StringComparison.Ordinal);
            await Task.Yield();
        }
    }

    public Task<JsonElement> RepositoryUntilAsync(Func<JsonElement, bool> isSo) => UntilAsync("/api/v1/repositories/" + Repository, isSo);

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await Server.DisposeAsync();
        await GitHub.DisposeAsync();
    }
}
