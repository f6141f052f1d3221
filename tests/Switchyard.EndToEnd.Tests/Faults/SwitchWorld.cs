using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>A stage with sources, a target and rules between them; what it counts is what GitHub has seen.</summary>
internal sealed class SwitchWorld : IAsyncDisposable
{
    public const string Once = "1 workflow started, 1 check run";
    public const string RuleFile = "switchyard.yml";
    public const string Central = "acme/.github";

    private static readonly string[] Echoes = ["workflow_run", "workflow_dispatch", "repository_dispatch"];

    private SwitchWorld(Stage stage) => Stage = stage;

    public Stage Stage { get; }

    public SimulatedGitHub GitHub => Stage.GitHub;

    /// <param name="kind"><c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="routes">Each gets a source repository and a rule.</param>
    /// <param name="echoes">Whether the App is told of dispatches and runs.</param>
    /// <param name="settings">Further settings of the server.</param>
    public static async Task<SwitchWorld> StartAsync(string kind, Route[] routes, bool echoes = true, IReadOnlyDictionary<string, string>? settings = null)
    {
        var world = new SwitchWorld(await Stage.StartAsync(kind, new StageOptions { App = App(echoes), Install = false, Environment = Settings(settings) }));
        try
        {
            foreach (var source in routes.Select(route => route.Source).Distinct(StringComparer.Ordinal))
            {
                await world.GitHub.AddAsync(source, files: (JsonObject)Route.Workflows.DeepClone());
            }

            foreach (var target in routes.Select(route => route.Target).Except(routes.Select(route => route.Source), StringComparer.Ordinal))
            {
                await world.GitHub.AddAsync(target, files: (JsonObject)Route.Workflows.DeepClone());
            }

            await world.GitHub.AddAsync(Central, files: new JsonObject { [RuleFile] = Route.File(routes) });
            await world.Stage.InstallAsync();
            await world.Stage.QuietAsync([.. routes.Select(route => route.Source), Central]);
            await world.RulesAsync(routes.Length);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public Task RulesAsync(int wanted) => Waiting.UntilAsync(() => Stage.Hub.CountAsync("/api/v1/rules"), count => count == wanted, Stage.Patience, $"{wanted} rules are in force");

    /// <summary>Pushes one commit to the source of a route; gives its id, which no other repository has.</summary>
    public Task<string> PushAsync(Route route, string what) => GitHub.CommitAsync(route.Source, new JsonObject { ["change.txt"] = $"{route.Name}: {what}" }, what);

    /// <summary>Waits until the workflow is started, its end is shown on the commit, and nothing is under way.</summary>
    /// <param name="sha">The commit.</param>
    /// <param name="shown">Whether the end shows soon: where GitHub tells nothing of runs it takes a while.</param>
    /// <param name="source">Where the commit is; the straight route's source when left out.</param>
    public async Task RestAsync(string sha, Route? source = null, bool shown = true)
    {
        await Waiting.UntilAsync(() => StartsAsync(sha), starts => starts > 0, Stage.Patience, $"a workflow is started for {sha}");
        await Waiting.UntilAsync(
            () => ChecksAsync(source ?? Route.Straight, sha),
            checks => checks.Exists(status => status == "completed" || !shown),
            Stage.Patience,
            $"the check run on {sha} is {(shown ? "completed" : "there")}");
        await RestAsync();
    }

    /// <summary>Waits until nothing is under way: what GitHub sent is evaluated, what waited has gone on, what was to be sent is sent.</summary>
    public async Task RestAsync()
    {
        await Stage.QuietAsync();
        await Waiting.UntilAsync(async () => (await Stage.Hub.ListAsync("/api/v1/signals")).Count(signal => signal["evaluatedAt"] is null), count => count == 0, Stage.Patience, "every signal is evaluated");
        await NoneAsync("pendings", "Quiet", "Checks");
        await NoneAsync("dispatches", "Pending", "Sending", "Unconfirmed", "Retrying");
    }

    public async Task<string> CountAsync(string sha, Route? source = null)
    {
        var (starts, checks) = (await StartsAsync(sha), (await ChecksAsync(source ?? Route.Straight, sha)).Count);
        return $"{starts} workflow{(starts == 1 ? "" : "s")} started, {checks} check run{(checks == 1 ? "" : "s")}";
    }

    /// <summary>Counted by GitHub: every dispatch that it accepted for the commit.</summary>
    public async Task<int> StartsAsync(string sha) =>
        (await StartedAsync()).Count(effect => (effect["inputs"] ?? effect["payload"])?["sha"]?.ToString() == sha);

    /// <summary>Every dispatch that GitHub accepted.</summary>
    public async Task<IReadOnlyList<JsonNode>> StartedAsync() =>
        [.. (await GitHub.ControlAsync("GET", "/effects?kind=workflow_dispatch,repository_dispatch")).AsArray().Select(effect => effect!)];

    /// <summary>What waits for the source of a route, once it is in the state.</summary>
    public async Task<JsonNode> WaitsAsync(Route route, string state) =>
        (await Waiting.UntilAsync(() => Stage.Hub.ListAsync($"/api/v1/pendings?rule={route.Name}&state={state}"), list => list.Count > 0, Stage.Patience, $"{route.Name} waits: {state}"))[0];

    /// <summary>Does not wait for quiet any longer.</summary>
    public async Task NowAsync(Route route)
    {
        foreach (var pending in await Stage.Hub.ListAsync($"/api/v1/pendings?rule={route.Name}&state=Quiet"))
        {
            await Stage.Hub.PostAsync($"/api/v1/pendings/{pending["id"]}/now");
        }
    }

    /// <summary>The check <c>build</c> of a commit has passed.</summary>
    public Task PassAsync(Route route, string sha) => GitHub.ControlAsync("POST", $"/repositories/{route.Source}/checks", new JsonObject { ["sha"] = sha, ["name"] = "build" });

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    private static JsonObject App(bool echoes) => new()
    {
        ["permissions"] = new JsonObject { ["contents"] = "write", ["actions"] = "write", ["checks"] = "write", ["statuses"] = "read", ["pull_requests"] = "read", ["metadata"] = "read" },
        ["events"] = new JsonArray([.. ((string[])["push", "pull_request", "repository", "check_run", "check_suite", "status", .. echoes ? Echoes : []]).Select(name => JsonValue.Create(name))]),
    };

    private static Dictionary<string, string> Settings(IReadOnlyDictionary<string, string>? more)
    {
        var settings = new Dictionary<string, string>
        {
            ["SWITCHYARD_Dispatches__SendTimeout"] = "00:00:02",
            ["SWITCHYARD_Dispatches__LookFor"] = "00:00:05",
            ["SWITCHYARD_Signals__Settle"] = "00:00:01",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return settings;
    }

    private Task<int> NoneAsync(string what, params string[] states) => Waiting.UntilAsync(
        async () => (await Stage.Hub.ListAsync("/api/v1/" + what)).Count(item => states.Contains(item["state"]!.ToString())), count => count == 0, Stage.Patience, $"no {what} are {string.Join(" or ", states)}");

    private async Task<List<string>> ChecksAsync(Route source, string sha) =>
        [.. (await GitHub.ControlAsync("GET", $"/repositories/{source.Source}/checks?sha={sha}")).AsArray()
            .Where(check => check!["name"]!.ToString().StartsWith("Switchyard /", StringComparison.Ordinal)).Select(check => check!["status"]!.ToString())];
}
