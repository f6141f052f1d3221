using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>A running simulator with one App installed on "acme", a receiver for its deliveries, and short ways to use them.</summary>
internal sealed class SimulatedGitHub : IAsyncDisposable
{
    public const string WebhookSecret = "a secret of the tests";
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("switchyard-simulated-");
    private RSA key = RSA.Create();

    private SimulatedGitHub(SimulatorHost host, DeliveryReceiver receiver, TestClock clock)
    {
        Host = host;
        Receiver = receiver;
        Clock = clock;
    }

    public SimulatorHost Host { get; }

    public DeliveryReceiver Receiver { get; }

    public TestClock Clock { get; }

    public long AppId { get; private set; }

    public string ClientId { get; private set; } = "";

    public long Installation { get; private set; }

    public string Scratch => scratch.FullName;

    public static async Task<SimulatedGitHub> StartAsync(string? openApiFile = null, IReadOnlyList<SimulatedRepository>? repositories = null, IReadOnlyList<SimulatedToken>? tokens = null, bool install = true, JsonObject? permissions = null, IReadOnlyList<string>? events = null)
    {
        var receiver = await DeliveryReceiver.StartAsync();
        var clock = new TestClock();
        var host = await SimulatorHost.StartAsync(new SimulatorOptions { OpenApiFile = openApiFile ?? SharedOpenApi(), Time = clock, Repositories = repositories ?? [], Tokens = tokens ?? [] });
        var github = new SimulatedGitHub(host, receiver, clock);
        if (repositories is null)
        {
            await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/models", ["files"] = new JsonObject { ["README.md"] = "# Models\n", ["data/a.json"] = "{}\n" } });
        }

        if (install)
        {
            await github.RegisterAsync(permissions, events);
        }

        return github;
    }

    public async Task RegisterAsync(JsonObject? permissions = null, IReadOnlyList<string>? events = null)
    {
        var app = await ControlAsync("POST", "/apps", new JsonObject
        {
            ["name"] = "Tests",
            ["webhookUrl"] = Receiver.Url.ToString(),
            ["webhookSecret"] = WebhookSecret,
            ["permissions"] = permissions ?? new JsonObject { ["contents"] = "write", ["repository_hooks"] = "write" },
            ["events"] = events is null ? null : new JsonArray([.. events.Select(name => JsonValue.Create(name))]),
            ["install"] = new JsonObject { ["account"] = "acme" },
        });
        AppId = app["id"]!.GetValue<long>();
        ClientId = app["clientId"]!.ToString();
        Installation = app["installation"]!["id"]!.GetValue<long>();
        UseKey(app["pem"]!.ToString());
        await IdleAsync();
    }

    public void UseKey(string pem)
    {
        key = RSA.Create();
        key.ImportFromPem(pem);
    }

    public string Jwt(int issued = -60, int expires = 540, string? issuer = null, string algorithm = "RS256")
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }.ToJsonString()));
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["iat"] = now + issued, ["exp"] = now + expires, ["iss"] = issuer ?? ClientId }.ToJsonString()));
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    public Task<Reply> AppAsync(string method, string path, JsonNode? body = null) => SendAsync(method, path, Jwt(), body);

    public async Task<string> TokenAsync(JsonObject? scope = null, string? format = null)
    {
        var reply = await SendAsync("POST", $"/app/installations/{Installation}/access_tokens", Jwt(), scope, ("X-GitHub-Stateless-S2S-Token", format ?? ""));
        Assert.Equal(201, reply.Status);
        return reply.Json["token"]!.ToString();
    }

    public async Task<Reply> SendAsync(string method, string path, string? token, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith("http", StringComparison.Ordinal) ? path : Host.ApiUrl + path);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("switchyard-tests", "1"));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers.Where(header => header.Value.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    public async Task<Reply> PageAsync(HttpMethod method, string path, IEnumerable<KeyValuePair<string, string>>? form = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Host.Url, path)) { Content = form is null ? null : new FormUrlEncodedContent(form) };
        using var response = await client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    public async Task<JsonNode> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Host.Url, "/_simulator" + path))
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request);
        var reply = await Reply.ReadAsync(response);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }

    public Task FaultAsync(string name, JsonObject? arguments = null) => ControlAsync("PUT", "/faults/" + name, arguments ?? []);

    public Task ClearAsync(string name) => ControlAsync("DELETE", "/faults/" + name);

    public async Task<string> CommitAsync(string message, JsonObject files, string repository = "acme/models", string? branch = null)
    {
        var made = await ControlAsync("POST", $"/repositories/{repository}/commits", new JsonObject { ["message"] = message, ["branch"] = branch, ["files"] = files });
        return made["sha"]!.ToString();
    }

    /// <summary>Waits until everything that is not held has been delivered.</summary>
    public Task IdleAsync() => ControlAsync("POST", "/idle");

    public async Task<JsonArray> AttemptsAsync() => (await ControlAsync("GET", "/deliveries")).AsArray();

    public string Remote(string repository, string token) => $"http://x-access-token:{token}@{Host.Url.Authority}/{repository}.git";

    public string Folder(string name) => Path.Combine(Scratch, name);

    /// <summary>Runs git and returns what it wrote; the exit code decides nothing.</summary>
    public async Task<(int Exit, string Output)> GitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "user.name=Tester", "-c", "user.email=tester@example.test", "-c", "init.defaultBranch=main", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    public async Task<string> GitOkAsync(string folder, params string[] arguments)
    {
        var (exit, output) = await GitAsync(folder, arguments);
        Assert.True(exit == 0, output);
        return output;
    }

    /// <summary>Without the shared folder the tests run, unchecked; <see cref="OpenApiTests"/> reports the skip.</summary>
    private static string? SharedOpenApi()
    {
        var file = Path.Combine(TestEnvironment.Shared ?? Path.Combine(SharedFolder.RepositoryRoot, "..", "shared"), "github", "openapi.json");
        return File.Exists(file) ? file : null;
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever a test is about: no answer may differ from GitHub's description.
        var wrong = Host.Violations.Where(violation => violation.Part == "response").ToArray();
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
        client.Dispose();
        key.Dispose();
        scratch.Delete(recursive: true);
        Assert.Empty(wrong);
    }
}

internal sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["message"]!.ToString();

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public static async Task<Reply> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
