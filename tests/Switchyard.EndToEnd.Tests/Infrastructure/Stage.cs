using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.EndToEnd.Tests.Secrets;
using Switchyard.Server;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;
using Switchyard.Simulator;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>How a <see cref="Stage"/> is set up.</summary>
internal sealed record StageOptions
{
    public IReadOnlyList<SimulatedRepository> Repositories { get; init; } = [];

    /// <summary>Further environment of the server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The protections that a control run switches off, separated by commas.</summary>
    public string? Unprotected { get; init; }

    /// <summary>False: the App is registered at the server, but installed nowhere.</summary>
    public bool Install { get; init; } = true;

    /// <summary>What the App may do, and what it is told of, beyond what a mirror needs.</summary>
    public JsonObject? App { get; init; }

    /// <summary>The App's hook in GitHub goes nowhere: what the server learns, it finds by itself.</summary>
    public bool Deaf { get; init; }
}

/// <summary>
/// All that a run needs: a simulated GitHub in this process, an empty database, a real <c>switchyard serve</c>, an App that is
/// registered there and installed on the account <c>acme</c>. The server may be ended and started again as often as wanted.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Account = "acme";
    public const string Slug = "stage";

    /// <summary>GitHub's documented example, with which the signature vectors are made.</summary>
    public const string WebhookSecret = "It's a Secret to Everybody";

    /// <summary>How long anything may take on a machine that is busy with other tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo folder;
    private readonly TestDatabase database;
    private readonly StageOptions options;
    private readonly List<string> errors = [];
    private SwitchyardProcess? server;

    private Stage(string kind, SimulatedGitHub github, TestDatabase database, StageOptions options)
    {
        folder = Directory.CreateTempSubdirectory("switchyard-stage-");
        Kind = kind;
        GitHub = github;
        this.database = database;
        this.options = options;
        Port = SwitchyardProcess.FreePort();
        Faults = new FaultFolder(Path.Combine(folder.FullName, "faults"));
        Directory.CreateDirectory(Faults.Location);
    }

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public string Kind { get; }

    public SimulatedGitHub GitHub { get; }

    public FaultFolder Faults { get; }

    public int Port { get; }

    public string DataFolder => Path.Combine(folder.FullName, "data");

    public TestDatabase Database => database;

    public string Token { get; private set; } = "";

    public string AppId { get; private set; } = "";

    public string PrivateKey { get; private set; } = "";

    public long Installation { get; private set; }

    public SwitchyardProcess Server => server ?? throw new InvalidOperationException("The server is not running.");

    public Hub Hub => new(Server.Http);

    /// <summary>What all servers of this stage wrote to standard error.</summary>
    public string Errors => string.Join('\n', [.. errors, server?.Errors ?? ""]);

    /// <param name="kind"><c>sqlite</c> or <c>postgresql</c>; the test is skipped where there is no PostgreSQL.</param>
    public static async Task<Stage> StartAsync(string kind, StageOptions? options = null)
    {
        options ??= new StageOptions();
        var empty = await TestDatabase.CreateAsync(kind);
        var github = await SimulatedGitHub.StartAsync(new SimulatorOptions { Repositories = options.Repositories, OpenApiSample = 0 });
        var stage = new Stage(kind, github, empty, options);
        try
        {
            await stage.CreateTokenAsync();
            await stage.StartServerAsync();
            await stage.RegisterAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server that was ended before; other protections may be off from now on.</summary>
    public async Task StartServerAsync(string? unprotected = null)
    {
        await EndServerAsync();
        server = Serve(DataFolder, Port, unprotected);
        await server.WaitUntilReadyAsync();
    }

    /// <summary>Starts the server without waiting: it may end itself at a fault point before it is ready.</summary>
    public async Task StartServerToFallAsync()
    {
        await EndServerAsync();
        server = Serve(DataFolder, Port, null);
    }

    /// <summary>Another node on the same PostgreSQL.</summary>
    public async Task<SwitchyardProcess> StartNodeAsync()
    {
        var node = Serve(Path.Combine(folder.FullName, "node-" + Guid.NewGuid().ToString("N")), SwitchyardProcess.FreePort(), null);
        await node.WaitUntilReadyAsync();
        return node;
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => EndServerAsync();

    /// <summary>Waits until the server has ended itself at the fault point that was armed, and disarms it.</summary>
    public async Task<bool> FallAsync(TimeSpan limit)
    {
        try
        {
            await Server.WaitForExitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Faults.Disarm();
        }
    }

    /// <summary>A repository of the account from a bundle or a folder; the server is told by a delivery.</summary>
    public Task AddRepositoryAsync(string name, string? source = null, string? startAt = null, JsonObject? files = null) =>
        GitHub.AddAsync($"{Account}/{name}", source, startAt, files);

    /// <summary>Waits until nothing is under way: all deliveries are sent and worked off, and each repository is synchronized at GitHub's head.</summary>
    public async Task QuietAsync(params string[] repositories)
    {
        await GitHub.IdleAsync();
        await Waiting.UntilAsync(Hub.PendingDeliveriesAsync, pending => pending == 0, Patience, "all deliveries are worked off");
        foreach (var repository in repositories)
        {
            var head = await GitHub.HeadAsync(repository);
            await Waiting.UntilAsync(
                () => StatusAsync(repository), status => status == $"Synced {head}", Patience, $"{repository} is synchronized at {head}");
        }
    }

    /// <summary>Status and head as the API shows them.</summary>
    public async Task<string> StatusAsync(string repository)
    {
        try
        {
            var shown = await Hub.RepositoryAsync(repository);
            return $"{shown["status"]} {shown["syncedHead"]}";
        }
        catch (HubException missing) when (missing.Status == 404)
        {
            return "not linked";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndServerAsync();
        // Whatever a run does, its log tells none of the secrets it used.
        var told = PrivateKey.Length == 0 ? [] : SecretSearch.InText("the log", Errors, [new("webhook secret", WebhookSecret), new("API token", Token), .. SecretSearch.KeyLines(PrivateKey), .. SecretSearch.TokensOf(GitHub)]).ToList();
        if (Environment.GetEnvironmentVariable("SWITCHYARD_TEST_LOGS") is { } logs)
        {
            // For whoever looks into a row that is wrong.
            await File.WriteAllTextAsync(Path.Combine(logs, $"{folder.Name}-{Kind}.log"), Errors);
        }

        await GitHub.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
        Xunit.Assert.Empty(told);
    }

    private SwitchyardProcess Serve(string data, int port, string? unprotected)
    {
        var environment = new Dictionary<string, string>(database.Environment)
        {
            ["SWITCHYARD_TEST_FAULTS"] = Faults.Location,
            // The clock is the machine's: what recurs, recurs within the test.
            ["SWITCHYARD_Webhooks__RecoveryInterval"] = "00:00:10",
            ["SWITCHYARD_Providers__ListInterval"] = "00:00:10",
            ["SWITCHYARD_Repositories__PollInterval"] = "00:00:02",
        };
        foreach (var (name, value) in options.Environment)
        {
            environment[name] = value;
        }

        if ((unprotected ?? options.Unprotected) is { } off)
        {
            environment["SWITCHYARD_TEST_UNPROTECTED"] = off;
        }

        return SwitchyardProcess.Serve(data, port, Token, environment);
    }

    private async Task EndServerAsync()
    {
        if (server is not null)
        {
            await server.KillAsync();
            errors.Add(server.Errors);
            await server.DisposeAsync();
            server = null;
        }
    }

    /// <summary>What is in the database.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var host = await OpenAsync();
        return await host.Services.GetRequiredService<Database>().ReadAsync(session => session.QueryAsync<T>(sql), CancellationToken.None);
    }

    /// <summary>What <c>switchyard admin token create --data</c> does, without a process for it.</summary>
    private async Task CreateTokenAsync()
    {
        await using var host = await OpenAsync();
        await host.Services.GetRequiredService<Migrations>().ApplyAsync(CancellationToken.None);
        (Token, _) = await host.Services.GetRequiredService<TokenStore>().CreateAsync("tests", Role.Admin, TimeSpan.FromDays(1), CancellationToken.None);
    }

    private async Task<WebApplication> OpenAsync()
    {
        var settings = new Dictionary<string, string?> { ["Storage:DataFolder"] = DataFolder, ["Logging:LogLevel:Default"] = "Error" };
        foreach (var (name, value) in database.Environment)
        {
            settings[name["SWITCHYARD_".Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        var host = SwitchyardHost.Build([], settings);
        await host.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        return host;
    }

    private async Task RegisterAsync()
    {
        var wanted = new JsonObject
        {
            ["name"] = Slug,
            ["webhookUrl"] = options.Deaf ? "http://127.0.0.1:9/" : $"http://127.0.0.1:{Port}/webhooks/{Slug}",
            ["webhookSecret"] = WebhookSecret,
        };
        foreach (var (name, value) in options.App ?? [])
        {
            wanted[name] = value?.DeepClone();
        }

        var app = await GitHub.ControlAsync("POST", "/apps", wanted);
        AppId = app["id"]!.ToString();
        PrivateKey = app["pem"]!.ToString();
        await Hub.PostAsync("/api/v1/providers", new JsonObject
        {
            ["name"] = Slug,
            ["apiUrl"] = GitHub.Host.ApiUrl.ToString(),
            ["webUrl"] = GitHub.Host.Url.ToString(),
            ["appId"] = app["id"]!.GetValue<long>(),
            ["privateKey"] = PrivateKey,
            ["webhookSecret"] = WebhookSecret,
        });
        if (options.Install)
        {
            await InstallAsync();
        }
    }

    /// <summary>Installs the App on all repositories of an account.</summary>
    public async Task<long> InstallAsync(string account = Account)
    {
        var installation = await GitHub.ControlAsync("POST", $"/apps/{AppId}/installations", new JsonObject { ["account"] = account });
        return Installation = installation["id"]!.GetValue<long>();
    }
}
