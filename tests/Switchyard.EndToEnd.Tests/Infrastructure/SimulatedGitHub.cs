using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>The simulated GitHub in this process, driven and counted through its control address as from any other process.</summary>
internal sealed class SimulatedGitHub : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    private SimulatedGitHub(SimulatorHost host) => Host = host;

    public SimulatorHost Host { get; }

    public static async Task<SimulatedGitHub> StartAsync(SimulatorOptions options) => new(await SimulatorHost.StartAsync(options));

    public async Task<JsonNode> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Host.Url, "/_simulator" + path))
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} /_simulator{path}: {(int)response.StatusCode} {text}");
    }

    public Task FaultAsync(string name, JsonObject? arguments = null) => ControlAsync("PUT", "/faults/" + name, arguments ?? []);

    public Task ClearAsync(string name) => ControlAsync("DELETE", "/faults/" + name);

    public Task ClearAllAsync() => ControlAsync("DELETE", "/faults");

    /// <summary>Makes a repository; the installation of its owner on all repositories sees it at once.</summary>
    public Task AddAsync(string fullName, string? source = null, string? startAt = null, JsonObject? files = null) =>
        ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = fullName, ["source"] = source, ["startAt"] = startAt, ["files"] = files });

    /// <summary>Pushes one commit and gives its id. A file is a text, <c>{"base64"}</c>, <c>{"symlink"}</c>, or null to remove it.</summary>
    public async Task<string> CommitAsync(string repository, JsonObject files, string message = "Change models", JsonObject? more = null)
    {
        var body = new JsonObject { ["message"] = message, ["files"] = files, ["date"] = "2026-01-02T03:04:05Z" };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return (await ControlAsync("POST", $"/repositories/{repository}/commits", body))["sha"]!.ToString();
    }

    /// <summary>Moves a ref to a commit that is there; null deletes it. That is a push.</summary>
    public Task MoveAsync(string repository, string reference, string? sha) =>
        ControlAsync("PUT", $"/repositories/{repository}/refs", new JsonObject { ["ref"] = reference, ["sha"] = sha });

    public Task ActAsync(string repository, string verb, JsonObject? body = null) =>
        ControlAsync("POST", $"/repositories/{repository}/{verb}", body ?? []);

    public async Task<JsonObject> FindAsync(string repository) => (await ControlAsync("GET", $"/repositories/{repository}")).AsObject();

    /// <summary>The commit a branch of the repository is at.</summary>
    public async Task<string> HeadAsync(string repository, string? branch = null)
    {
        var facts = await FindAsync(repository);
        return (await Git.RunAsync(facts["folder"]!.ToString(), "rev-parse", "refs/heads/" + (branch ?? facts["defaultBranch"]!.ToString()))).Trim();
    }

    /// <summary>Waits until everything that is not held back has been delivered.</summary>
    public Task IdleAsync() => ControlAsync("POST", "/idle");

    public async Task<IReadOnlyList<JsonNode>> AttemptsAsync() => [.. (await ControlAsync("GET", "/deliveries")).AsArray().Select(item => item!)];

    /// <summary>The requests it got: <c>?kind=rest|git&amp;contains=PATH</c>.</summary>
    public async Task<IReadOnlyList<JsonNode>> LogAsync(string query = "") => [.. (await ControlAsync("GET", "/log" + query)).AsArray().Select(item => item!)];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        client.Dispose();
    }
}
