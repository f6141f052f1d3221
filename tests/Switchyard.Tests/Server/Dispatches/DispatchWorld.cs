using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Switchyard.GitHub;
using Switchyard.Server;
using Switchyard.Server.Dispatches;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;
using Switchyard.Simulator;
using Switchyard.Tests.Infrastructure;
using Switchyard.Tests.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>
/// The services of the real server, not started: its lanes are drained by hand, by a clock that the test moves. On the other side
/// a simulated GitHub by the same clock, with the App on acme: acme/the-app is a source, acme/the-tests a target.
/// </summary>
internal sealed class DispatchWorld : IAsyncDisposable
{
    public const string Target = "acme/the-tests";
    public const string Source = "acme/the-app";
    public const string Rule = "integration-tests";

    private readonly SimulatorHost github;
    private readonly DatabasePlace place;
    private readonly HttpClient control;
    private WebApplication app;
    private long pendings;

    private DispatchWorld(SimulatorHost github, DatabasePlace place, FakeTime time)
    {
        this.github = github;
        this.place = place;
        Time = time;
        control = new HttpClient { BaseAddress = github.Url };
        app = null!;
    }

    public FakeTime Time { get; }

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    public long Provider { get; private set; }

    public long Installation { get; private set; }

    public string Sha { get; private set; } = "";

    public Database Database => Get<Database>();

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<DispatchWorld> StartAsync(string kind, JsonObject? files = null, JsonObject? permissions = null, IReadOnlyList<string>? events = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var place = await DatabasePlace.CreateAsync(Enum.Parse<DatabaseKind>(kind, ignoreCase: true));
        var time = new FakeTime();
        var world = new DispatchWorld(await SimulatorHost.StartAsync(new SimulatorOptions { Time = time }), place, time);
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            world.Settings[name] = value;
        }

        await world.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = Target, ["files"] = files ?? WorkflowWorld.Files });
        var source = await world.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = Source, ["files"] = new JsonObject { ["README.md"] = "# App\n" } });
        var made = await world.ControlAsync(
            "POST",
            "apps",
            new JsonObject
            {
                ["name"] = "switch",
                ["webhookSecret"] = "s",
                ["webhookUrl"] = "http://127.0.0.1:1/webhooks/switch",
                ["permissions"] = permissions ?? WorkflowWorld.Permissions,
                ["events"] = new JsonArray([.. (events ?? WorkflowWorld.Events).Select(name => JsonValue.Create(name))]),
                ["install"] = new JsonObject { ["account"] = "acme" },
            });
        world.Installation = made!["installation"]!["id"]!.GetValue<long>();
        await world.RestartAsync();
        var host = GitHubHost.Parse(github(world).ApiUrl.ToString(), github(world).Url.ToString());
        world.Provider = (await world.Get<ProviderRegistration>().AddAppAsync(
            host, "switch", made["id"]!.ToString(), made["pem"]!.GetValue<string>(), "s", null, "test", CancellationToken.None)).Id;
        await world.DrainAsync("installations");
        await world.DrainAsync("installation-repositories");
        world.Sha = (await world.ControlAsync("POST", "repositories/acme/the-app/commits", new JsonObject { ["message"] = "Change", ["files"] = new JsonObject { ["a.txt"] = "1" } }))!["sha"]!.GetValue<string>();
        Assert.NotNull(source);
        await world.ControlAsync("DELETE", "effects");
        return world;

        static SimulatorHost github(DispatchWorld world) => world.github;
    }

    /// <summary>The process ends and another one begins: only what is in the database is left.</summary>
    public async Task RestartAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        var settings = new Dictionary<string, string?>(Settings, StringComparer.Ordinal)
        {
            ["Storage:DataFolder"] = place.Folder,
            ["Storage:PostgreSql"] = place.PostgreSql,
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "None",
            ["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]),
        };
        app = SwitchyardHost.Build([], settings, services => services.AddSingleton<TimeProvider>(Time));
        await app.Services.GetServices<IHostedService>().OfType<PrepareDatabase>().Single().StartingAsync(CancellationToken.None);
    }

    public async Task<JsonNode?> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_simulator/" + path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await control.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public Task FaultAsync(string name, JsonObject? arguments = null) => ControlAsync("PUT", "faults/" + name, arguments ?? []);

    public Task ClearFaultAsync(string name) => ControlAsync("DELETE", "faults/" + name);

    /// <summary>What GitHub says has been brought about: <c>workflow_dispatch</c>, <c>repository_dispatch</c>, <c>run</c>, <c>check_run</c>.</summary>
    public async Task<List<JsonNode>> EffectsAsync(string kind) => [.. (await ControlAsync("GET", "effects?kind=" + kind))!.AsArray().Select(effect => effect!)];

    /// <summary>Works off all lanes of a kind that are due, until none is.</summary>
    public async Task DrainAsync(string kind)
    {
        var worker = app.Services.GetServices<LaneWorker>().Single(worker => worker.Kind == kind);
        while (await worker.FindDueLanesAsync(CancellationToken.None) is { Count: > 0 } lanes)
        {
            foreach (var lane in lanes)
            {
                await worker.DrainAsync(lane, CancellationToken.None);
            }
        }
    }

    public async Task DrainAsync()
    {
        await DrainAsync("dispatches");
        await DrainAsync("runs");
        await DrainAsync("reports");
    }

    /// <summary>Lets time pass in small steps, in which everything that is due is done.</summary>
    public async Task PassAsync(TimeSpan time, bool deliveries = false)
    {
        var step = TimeSpan.FromSeconds(time > TimeSpan.FromSeconds(30) ? 5 : 1);
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Time.Advance(left < step ? left : step);
            if (deliveries)
            {
                await DeliverAsync();
            }

            await DrainAsync();
        }
    }

    /// <summary>Takes in everything that GitHub has told so far, and works it off.</summary>
    public async Task DeliverAsync()
    {
        await ControlAsync("POST", "idle");
        await Get<RecoverMissedDeliveries>().WalkAllAsync(CancellationToken.None);
        await DrainAsync("deliveries");
    }

    public Task<long> DispatchWorkflowAsync(string workflow = "integration.yml", string? reference = null, params (string Name, string Value)[] inputs) =>
        AddAsync(DispatchKind.Workflow, workflow, null, reference, new JsonObject((inputs.Length > 0 ? inputs : [("sha", Sha)]).Select(input => KeyValuePair.Create(input.Name, (JsonNode?)input.Value))), Target);

    public Task<long> DispatchEventAsync(string type = "upstream-changed", string target = Target) => AddAsync(DispatchKind.Dispatch, null, type, null, new JsonObject { ["source"] = new JsonObject { ["repo"] = Source } }, target);

    /// <summary>A pending that was released, with one intent: what rules would have written.</summary>
    public async Task<long> AddAsync(string kind, string? workflow, string? eventType, string? reference, JsonObject body, string target)
    {
        var token = DispatchIntents.NewToken();
        if (kind == DispatchKind.Dispatch)
        {
            body["switchyard"] = new JsonObject { ["dispatch"] = token, ["hop"] = 1 };
        }

        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        return await Database.WriteAsync(
            async session =>
            {
                var (pending, rule, signal) = await SeedAsync(session, now);
                var row = await RepositoryAccess.FindMirroredAsync(session, Provider, target);
                var source = await RepositoryAccess.FindMirroredAsync(session, Provider, Source);
                return await session.ScalarAsync<long>(
                    """
                    insert into dispatches (provider_id, token, pending_id, action, rule_id, revision_id, signal_id, kind, target_name, target_github_id, workflow, event_type, ref, body, hop,
                      github_repository_id, repository_name, reported, lane, state, due_at, created_at)
                    values (@Provider, @token, @pending, 0, @rule, 1, @signal, @kind, @target, @id, @workflow, @eventType, @reference, @body, 1, @source, @Source, 1, @lane, 'Pending', @now, @now)
                    returning id
                    """,
                    new
                    {
                        Provider,
                        token,
                        pending,
                        rule,
                        signal,
                        kind,
                        target,
                        id = row?.GithubId,
                        workflow,
                        eventType,
                        reference,
                        body = body.ToJsonString(),
                        source = source!.GithubId,
                        Source,
                        lane = DispatchIntents.LaneOf(Provider, row?.GithubId, target),
                        now,
                    });
            },
            CancellationToken.None);
    }

    public async Task<(long Pending, long Rule, long Signal)> SeedAsync(DbSession session, long now)
    {
        var source = await RepositoryAccess.FindMirroredAsync(session, Provider, Source);
        var file = await session.ScalarAsync<long>(
            "insert into rule_sources (provider_id, kind, name, path, state, updated_at) values (@Provider, 'Local', 'local', 'local', 'Good', @now) on conflict (provider_id, kind, name) do update set updated_at = excluded.updated_at returning id",
            new { Provider, now });
        var rule = await session.ScalarAsync<long>(
            "insert into rules (source_id, name, position, created_at) values (@file, @Rule, 0, @now) on conflict (source_id, name) do update set position = 0 returning id", new { file, Rule, now });
        var number = (++pendings).ToString(CultureInfo.InvariantCulture);
        var signal = await session.ScalarAsync<long>(
            """
            insert into signals (provider_id, identity, kind, github_repository_id, repository_name, ref, sha, actor, lane, source, facts, occurred_at, recorded_at)
            values (@Provider, @number, 'push', @GithubId, @Source, 'refs/heads/main', @Sha, 'ann', 'x', 'Webhook', '{}', @now, @now) returning id
            """,
            new { Provider, number, source!.GithubId, Source, Sha, now });
        var pending = await session.ScalarAsync<long>(
            """
            insert into pendings (provider_id, rule_id, revision_id, key, slot, lane, state, signal_id, first_at, last_at, due_at, ended_at)
            values (@Provider, @rule, 1, @number, @number, 'x', 'Released', @signal, @now, @now, @now, @now) returning id
            """,
            new { Provider, rule, number, signal, now });
        await session.ExecuteAsync(
            "insert into pending_sources (pending_id, github_repository_id, ref, repository_name, sha, signal_id) values (@pending, @GithubId, 'refs/heads/main', @Source, @Sha, @signal)",
            new { pending, source.GithubId, Source, Sha, signal });
        return (pending, rule, signal);
    }

    public async Task<Dispatch> FindAsync(long id) => (await Get<DispatchStore>().FindAsync(id, CancellationToken.None))!;

    /// <summary>The one check run on the source commit, as GitHub shows it.</summary>
    public async Task<JsonNode> CheckRunAsync()
    {
        var source = (await Get<RepositoryAccess>().FindAsync(Provider, Source, CancellationToken.None)).Found!;
        var api = await Get<RepositoryAccess>().OpenAsync(source, CancellationToken.None, ("checks", "read"));
        var answer = await api.SendAsync("GET", $"repos/{Source}/commits/{Sha}/check-runs");
        return Assert.Single(JsonNode.Parse(answer.Body.Span)!["check_runs"]!.AsArray())!;
    }

    public async Task<RunRow?> RunAsync(long id) => await Get<RunStore>().FindAsync(id, CancellationToken.None);

    public Task<List<AttemptRow>> AttemptsAsync(long id) =>
        Database.ReadAsync(session => session.QueryAsync<AttemptRow>("select * from dispatch_attempts where dispatch_id = @id order by number", new { id }), CancellationToken.None);

    public Task<List<ReportRow>> ReportsAsync() => Database.ReadAsync(session => session.QueryAsync<ReportRow>($"select {ReportStore.Columns} from reports order by id"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await app.DisposeAsync();
        await github.DisposeAsync();
        await place.DisposeAsync();
    }
}
