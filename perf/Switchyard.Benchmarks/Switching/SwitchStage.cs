using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Benchmarks.Harness;
using Switchyard.Benchmarks.Intake;
using Switchyard.Server.Access;

namespace Switchyard.Benchmarks.Switching;

/// <summary>
/// A simulated GitHub with many accounts, each with one repository and an installation of the App, and a server with a rule for
/// each of them: each in a process of its own. The rules send repository_dispatch, which costs the simulated GitHub, with which the
/// server shares the machine, the least.
/// </summary>
internal sealed class SwitchStage : IAsyncDisposable
{
    public const string WebhookPath = "/webhooks/switch";

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly string folder = Directory.CreateTempSubdirectory("switchyard-switch-").FullName;
    private readonly IntakeStage stage;

    private SwitchStage(IntakeStage stage) => this.stage = stage;

    public DatabaseReader Tables => stage.Tables;

    public ServerProcess GitHub { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>A push to a branch of each repository that the mirror does not follow.</summary>
    public List<byte[]> Pushes { get; } = [];

    public static async Task<SwitchStage> StartAsync(DatabaseKind kind, int accounts)
    {
        var stage = new SwitchStage(await IntakeStage.CreateAsync(kind.Administration));
        try
        {
            var token = "";
            await stage.stage.SeedAsync(async services => token = (await services.GetRequiredService<TokenStore>().CreateAsync("benchmark", Role.Admin, TimeSpan.FromDays(1), CancellationToken.None)).Token);
            stage.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var port = ServerProcess.FreePort();
            stage.GitHub = await ServerProcess.StartAsync(ServerProcess.Switchyard, ["simulator", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(stage.folder, "github")], port);
            stage.Server = await stage.stage.StartServerAsync(more: new Dictionary<string, string> { ["Dispatches:LoopBrake"] = "1000000" });
            await stage.FillAsync(accounts);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var process in new[] { Server, GitHub }.OfType<ServerProcess>())
        {
            await process.DisposeAsync();
        }

        await stage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task FillAsync(int accounts)
    {
        var owners = Enumerable.Range(0, accounts).Select(number => $"team-{number}").ToList();
        foreach (var owner in owners)
        {
            var made = await SendAsync(HttpMethod.Post, GitHub, "_simulator/repositories", new JsonObject { ["fullName"] = owner + "/service", ["files"] = new JsonObject { ["README.md"] = "# Service" } });
            Pushes.Add(PushPayload.Of(made!["id"]!.GetValue<long>(), owner, "service"));
        }

        // Without a webhook: what is delivered is what the load sends, and the runs of the simulated GitHub send nothing.
        var app = await SendAsync(HttpMethod.Post, GitHub, "_simulator/apps", new JsonObject
        {
            ["name"] = "switch",
            ["permissions"] = new JsonObject { ["contents"] = "write", ["actions"] = "write", ["metadata"] = "read" },
            ["events"] = new JsonArray("push"),
        });
        await SendAsync(HttpMethod.Put, GitHub, "_simulator/plan", new JsonObject { ["manual"] = true });
        foreach (var owner in owners)
        {
            await SendAsync(HttpMethod.Post, GitHub, $"_simulator/apps/{app!["id"]}/installations", new JsonObject { ["account"] = owner });
        }

        await SendAsync(HttpMethod.Post, Server, "api/v1/providers", new JsonObject
        {
            ["name"] = "switch",
            ["apiUrl"] = $"http://127.0.0.1:{GitHub.Port}/api/v3/",
            ["webUrl"] = $"http://127.0.0.1:{GitHub.Port}/",
            ["appId"] = app!["id"]!.GetValue<long>(),
            ["privateKey"] = app["pem"]!.ToString(),
            ["webhookSecret"] = IntakeStage.Secret,
        });
        await Sync.Hub.UntilAsync(
            async () => (await Tables.ReadAsync("select count(*) from repositories where linked = 1 and synced_at is not null"))[0] == accounts ? "all" : null, TimeSpan.FromMilliseconds(250), "the first Syncs");
        await SendAsync(HttpMethod.Post, Server, "api/v1/targets", new JsonObject { ["provider"] = "switch", ["pattern"] = "*/service" });
        var rules = string.Concat(owners.Select(owner =>
            $"  - name: {owner}\n    on: {{ push: {{ repositories: [{owner}/service] }} }}\n    report: none\n    do: [{{ dispatch: {{ repository: {owner}/service, event_type: upstream-changed }} }}]\n"));
        await SendAsync(HttpMethod.Put, Server, "api/v1/rule-sources/local/many", new JsonObject { ["provider"] = "switch", ["text"] = "version: 1\nrules:\n" + rules });
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, ServerProcess to, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{to.Port}/{path}") { Content = JsonContent.Create(body) };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return !response.IsSuccessStatusCode ? throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {text}")
            : text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
