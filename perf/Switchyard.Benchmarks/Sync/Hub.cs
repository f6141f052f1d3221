using System.Net;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Benchmarks.Harness;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Benchmarks.Sync;

/// <summary>A simulated GitHub and a real server, each in a process of its own, spoken to over HTTP as anybody would.</summary>
internal sealed class Hub : IAsyncDisposable
{
    /// <summary>The slug of the App at the simulated GitHub.</summary>
    public const string App = "benchmark";

    private readonly string folder = Directory.CreateTempSubdirectory("switchyard-sync-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private string installUrl = "";

    public ServerProcess GitHub { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The server's database.</summary>
    public string DatabaseFile => Path.Combine(FileOf("data"), "switchyard.db");

    private Uri GitHubUrl => new($"http://127.0.0.1:{GitHub.Port}/");

    private Uri ServerUrl => new($"http://127.0.0.1:{Server.Port}/");

    /// <summary>Starts both and registers an App by its manifest; it is installed nowhere yet.</summary>
    public static async Task<Hub> StartAsync(IReadOnlyDictionary<string, string> repositories, params string[] settings)
    {
        var hub = new Hub();
        try
        {
            var port = ServerProcess.FreePort();
            var program = ServerProcess.Switchyard;
            hub.GitHub = await ServerProcess.StartAsync(
                program,
                ["simulator", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", hub.FileOf("github"), .. repositories.SelectMany(pair => new[] { "--repository", $"{pair.Key}={pair.Value}" })],
                port);
            var token = await CreateTokenAsync(hub.FileOf("data"));
            port = ServerProcess.FreePort();
            hub.Server = await ServerProcess.StartAsync(
                program, ["serve", "--data", hub.FileOf("data"), "--url", $"http://127.0.0.1:{port}", .. settings.SelectMany(setting => new[] { "--set", setting })], port);
            hub.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            await hub.RegisterAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    public string FileOf(string name) => Path.Combine(folder, name);

    /// <summary>The git URL of a repository, with the password of the simulated person who may read everything.</summary>
    public Uri RemoteOf(string fullName) => new UriBuilder(new Uri(GitHubUrl, fullName + ".git")) { UserName = "developer", Password = "developer" }.Uri;

    public async Task InstallAsync(string owner)
    {
        using var form = new FormUrlEncodedContent([new("account", owner), new("repository_selection", "all")]);
        using var response = await http.PostAsync(new Uri(installUrl), form);
        if ((int)response.StatusCode != 302)
        {
            throw new InvalidOperationException($"The App could not be installed: {(int)response.StatusCode}.");
        }
    }

    public async Task<JsonNode> GetAsync(string path) => await FindAsync(path) ?? throw new InvalidOperationException($"{path} is not there.");

    /// <summary>Null where it is not there (yet).</summary>
    public async Task<JsonNode?> FindAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(ServerUrl, "api/v1/" + path));
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>();
    }

    public Task<JsonNode> PostAsync(string path, JsonNode body) => SendAsync(new Uri(ServerUrl, "api/v1/" + path), body);

    /// <summary>Speaks to the control API of the simulated GitHub.</summary>
    public Task<JsonNode> ControlAsync(string path, JsonNode body) => SendAsync(new Uri(GitHubUrl, "_simulator/" + path), body);

    /// <summary>Asks every few milliseconds until the answer is not null.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> ask, TimeSpan pause, string what)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(5))
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            await Task.Delay(pause, TimeProvider.System);
        }

        throw new TimeoutException($"Waited five minutes in vain for {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var process in new[] { Server, GitHub }.OfType<ServerProcess>())
        {
            await process.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> CreateTokenAsync(string data)
    {
        await using var server = Switchyard.Server.SwitchyardHost.Build(["--Logging:LogLevel:Default=Warning"], new Dictionary<string, string?> { ["Storage:DataFolder"] = data });
        await server.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        await server.Services.GetRequiredService<Migrations>().ApplyAsync(CancellationToken.None);
        return (await server.Services.GetRequiredService<TokenStore>().CreateAsync("benchmark", Role.Admin, TimeSpan.FromDays(1), CancellationToken.None)).Token;
    }

    private async Task RegisterAsync()
    {
        var form = await PostAsync("providers/manifest", new JsonObject
        {
            ["name"] = "Benchmark",
            ["organization"] = "acme",
            ["apiUrl"] = new Uri(GitHubUrl, "api/v3/").AbsoluteUri,
            ["webUrl"] = GitHubUrl.AbsoluteUri,
            ["publicUrl"] = ServerUrl.AbsoluteUri.TrimEnd('/'),
            ["redirectUrl"] = new Uri(ServerUrl, "callback").AbsoluteUri,
        });
        using var manifest = new FormUrlEncodedContent([new("manifest", form["manifest"]!.ToString())]);
        using var back = await http.PostAsync(new Uri(form["postUrl"]!.ToString()), manifest);
        var location = back.Headers.Location ?? throw new InvalidOperationException($"The manifest was refused with {(int)back.StatusCode}: {await back.Content.ReadAsStringAsync()}");
        var query = QueryHelpers.ParseQuery(location.Query);
        var provider = await PostAsync(
            "providers/manifest/conversions", new JsonObject { ["code"] = query["code"].ToString(), ["state"] = query["state"].ToString() });
        installUrl = provider["installUrl"]!.ToString();
    }

    private async Task<JsonNode> SendAsync(Uri url, JsonNode body)
    {
        using var response = await http.PostAsJsonAsync(url, body);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{url.AbsolutePath} answered {(int)response.StatusCode}: {text}");
    }
}
