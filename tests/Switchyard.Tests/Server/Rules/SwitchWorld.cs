using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Rules;

/// <summary>
/// The real server with an App on a simulated GitHub that has the-app, the-lib and the-tests of acme: sources and a target,
/// driven by HTTP on both sides.
/// </summary>
internal sealed class SwitchWorld : IAsyncDisposable
{
    public const string Workflow =
        """
        name: integration
        run-name: integration ${{ inputs.switchyard_id }}
        on:
          workflow_dispatch:
            inputs:
              sha: { required: false }
              sources: { required: false }
              switchyard_id: { required: false }
          repository_dispatch:
            types: [upstream-changed]
        jobs:
          test:
            runs-on: ubuntu-latest
            steps: [{ run: "true" }]
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Events =
        ["push", "repository", "create", "delete", "pull_request", "release", "check_run", "check_suite", "status", "workflow_run", "workflow_dispatch", "repository_dispatch"];

    private static readonly JsonObject Permissions = new()
    {
        ["contents"] = "write",
        ["actions"] = "write",
        ["checks"] = "write",
        ["statuses"] = "read",
        ["pull_requests"] = "read",
        ["metadata"] = "read",
    };

    private readonly HttpClient control;

    private SwitchWorld(SimulatorHost github, ServerFixture server)
    {
        GitHub = github;
        Server = server;
        control = new HttpClient { BaseAddress = github.Url };
    }

    public SimulatorHost GitHub { get; }

    public ServerFixture Server { get; }

    public string AppId { get; private set; } = "";

    /// <param name="kind">The database.</param>
    /// <param name="rules">The central file.</param>
    /// <param name="settings">Of the server.</param>
    /// <param name="events">What the App is subscribed to; null: all; none: it has no webhook either.</param>
    public static async Task<SwitchWorld> StartAsync(string kind, string? rules = null, IReadOnlyDictionary<string, string?>? settings = null, IReadOnlyList<string>? events = null)
    {
        var github = await SimulatorHost.StartAsync(new SimulatorOptions());
        var world = new SwitchWorld(github, await ServerFixture.StartAsync(kind, settings));
        await world.AddRepositoryAsync("acme/the-app", ("src/app.cs", "1"));
        await world.AddRepositoryAsync("acme/the-lib", ("src/lib.cs", "1"));
        await world.AddRepositoryAsync("acme/the-tests", (".github/workflows/integration.yml", Workflow));
        await world.AddRepositoryAsync("acme/.github", ("README.md", "rules"), ("switchyard.yml", rules));
        var app = await world.ControlAsync(
            "POST",
            "apps",
            new JsonObject
            {
                ["name"] = "switch",
                ["webhookSecret"] = "the-webhook-secret",
                ["webhookUrl"] = events is [] ? null : new Uri(world.Server.Http.BaseAddress!, "/webhooks/switch").ToString(),
                ["permissions"] = Permissions.DeepClone(),
                ["events"] = new JsonArray([.. (events ?? Events).Select(name => JsonValue.Create(name))]),
                ["install"] = new JsonObject { ["account"] = "acme" },
            });
        world.AppId = app!["id"]!.ToString();
        using var added = await world.Server.Http.PostAsJsonAsync(
            "/api/v1/providers",
            new { name = "switch", apiUrl = github.ApiUrl, webUrl = github.Url, appId = app["id"]!.GetValue<long>(), privateKey = app["pem"]!.GetValue<string>(), webhookSecret = "the-webhook-secret" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        await world.UntilAsync("/api/v1/repositories", list => Items(list).Count(item => Text(item, "status") == "Synced") == 4);
        return world;
    }

    public static IEnumerable<JsonElement> Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    public static string? Text(JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null ? null : element.GetProperty(name).ToString();

    public Task AddRepositoryAsync(string fullName, params (string Path, string? Text)[] files) =>
        ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = fullName, ["files"] = Files(files) });

    /// <summary>Makes a commit, which GitHub tells of by a delivery; gives its SHA.</summary>
    public async Task<string> PushAsync(string repository, string path, string text, string branch = "main") =>
        (await ControlAsync("POST", $"repositories/{repository}/commits", new JsonObject { ["branch"] = branch, ["message"] = "Change " + path, ["files"] = Files([(path, text)]) }))!["sha"]!.ToString();

    /// <summary>Makes a commit whose delivery is lost; gives its SHA and the GUID of the delivery.</summary>
    public async Task<(string Sha, string Guid)> PushUntoldAsync(string repository, string path, string text)
    {
        await ControlAsync("PUT", "faults/deliveries.drop", new JsonObject { ["event"] = "push" });
        var sha = await PushAsync(repository, path, text);
        await ControlAsync("POST", "idle");
        await ControlAsync("DELETE", "faults/deliveries.drop");
        var lost = (await ControlAsync("GET", "deliveries"))!.AsArray().Last(attempt => attempt!["event"]!.ToString() == "push")!;
        return (sha, lost["guid"]!.ToString());
    }

    /// <summary>Pushes the central file and waits until it was read.</summary>
    public async Task<JsonElement> RulesAsync(string yaml, string state = "Loaded")
    {
        var sha = await PushAsync("acme/.github", "switchyard.yml", yaml);
        return await UntilAsync("/api/v1/rule-sources", list => Items(list).Any(item => Text(item, "commit") == sha && Text(item, "state") == state));
    }

    /// <summary>What GitHub counted: every accepted dispatch.</summary>
    public async Task<List<JsonNode>> EffectsAsync(string kinds = "workflow_dispatch,repository_dispatch") =>
        [.. (await ControlAsync("GET", "effects?kind=" + kinds))!.AsArray().Select(node => node!)];

    public async Task<JsonNode?> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_simulator/" + path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await control.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public Task<JsonElement> GetAsync(string path) => Server.Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
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
            Assert.Fail($"{path} never became so; at last it was {last}\n{await DescribeAsync()}");
            return last;
        }
    }

    /// <summary>Waits until GitHub counted so many accepted dispatches and nothing is under way any more; then there must be so many and no more.</summary>
    public async Task<List<JsonNode>> DispatchedAsync(int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        while ((await EffectsAsync()).Count < count)
        {
            Assert.False(limit.IsCancellationRequested, $"Only {(await EffectsAsync()).Count} of {count} were dispatched. {await DescribeAsync()}");
            await Task.Yield();
        }

        await IdleAsync();
        var effects = await EffectsAsync();
        Assert.True(effects.Count == count, $"{effects.Count} were dispatched in place of {count}. {await DescribeAsync()}");
        return effects;
    }

    /// <summary>Waits until the check run of that name on the commit has ended; gives it.</summary>
    public async Task<JsonNode> EndedCheckAsync(string repository, string sha, string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        JsonNode? last = null;
        while (last?["status"]?.ToString() != "completed")
        {
            Assert.False(limit.IsCancellationRequested, $"\"{name}\" on {sha} has not ended; it is {last}. {await DescribeAsync()}");
            last = (await ControlAsync("GET", $"repositories/{repository}/checks?sha={sha}"))!.AsArray().SingleOrDefault(run => run!["name"]!.ToString() == name);
        }

        return last;
    }

    /// <summary>Waits until every Delivery, Signal and Dispatch is worked off; what waits for quiet or checks may wait.</summary>
    public async Task IdleAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await Server.Database.ReadAsync(
            session => session.ScalarAsync<long>(
                """
                select (select count(*) from deliveries where state in ('Received', 'Failed')) + (select count(*) from signals where evaluated_at is null)
                  + (select count(*) from dispatches where state in ('Pending', 'Sending', 'Retrying', 'Unconfirmed'))
                  + (select count(*) from reports where wanted > written and due_at <= @now)
                  + (select count(*) from pendings where state in ('Quiet', 'Checks') and due_at <= @now)
                """,
                new { now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() }),
            limit.Token) > 0)
        {
            Assert.False(limit.IsCancellationRequested, await DescribeAsync());
            await Task.Yield();
        }
    }

    /// <summary>What there is, for a test that failed.</summary>
    public async Task<string> DescribeAsync() => string.Join('\n', await Server.Database.ReadAsync(
        session => session.QueryAsync<string>(
            """
            select 'delivery ' || event || ' ' || state || ' ' || coalesce(outcome, '') || coalesce(error, '') from deliveries
            union all select 'signal ' || kind || ' ' || coalesce(repository_name, '') || ' ' || coalesce(evaluated_at, 0) from signals
            union all select 'evaluation ' || result || ' ' || coalesce(reason, '') from evaluations
            union all select 'pending ' || state || ' ' || coalesce(detail, '') || ', looked at ' || looks || ' times, due at ' || due_at from pendings
            union all select 'dispatch ' || state || ' ' || coalesce(error, '') from dispatches
            union all select 'report ' || name || ' ' || sha || ' ' || wanted || '/' || written || ' ' || coalesce(check_run_id, 0) || ' ' || coalesce(error, '') from reports
            union all select 'source ' || s.name || ' ' || s.state || ' ' || v.problems from rule_sources s left join rule_revisions v on v.id = s.read_revision_id
            """),
        CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await Server.DisposeAsync();
        await GitHub.DisposeAsync();
    }

    private static JsonObject Files((string Path, string? Text)[] files) =>
        new(files.Where(file => file.Text is not null).Select(file => KeyValuePair.Create(file.Path, (JsonNode?)JsonValue.Create(file.Text))));
}
