using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Tests.Server.Providers;
using Switchyard.Tests.Server.Rules;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Server.Access;

/// <summary>
/// A server that reads as GitHub lets people read, with an App on acme of a simulated GitHub. Ann is a viewer who may read
/// acme/open-book and the central rules. Everything of acme/sealed-vermilion has that last word in it. acme/open-air is public.
/// </summary>
internal sealed class ReadWorld : IAsyncDisposable
{
    public const string Open = "acme/open-book";
    public const string Public = "acme/open-air";
    public const string Sealed = "acme/sealed-vermilion";
    public const string Word = "vermilion";

    private const string Provider = "acme-models";

    private const string CentralRules =
        """
        version: 1
        rules:
          - name: for-each
            on:
              push: { repositories: ["acme/open-*", "acme/sealed-*"], branches: [main] }
            do:
              - workflow: { repository: acme/open-book, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
          - name: for-all
            on:
              push: { repositories: ["acme/open-*", "acme/sealed-*"], branches: [main] }
            quiet: { for: 1h, max: 10h, key: together }
            do:
              - workflow: { repository: acme/open-book, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
        """;

    private const string OwnRules =
        """
        version: 1
        rules:
          - name: vermilion-rule
            on:
              push: { repositories: [acme/sealed-vermilion], branches: [main] }
            do:
              - workflow: { repository: acme/sealed-vermilion, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
        """;

    private ReadWorld(GitHubFlow flow) => Flow = flow;

    public GitHubFlow Flow { get; }

    public ServerFixture Server => Flow.Server;

    public static async Task<ReadWorld> StartAsync(string kind, bool withActivity = false)
    {
        var flow = await GitHubFlow.StartAsync(
            kind, settings: new Dictionary<string, string?> { ["Access:ReadPermission"] = "github", ["Signals:Settle"] = "00:00:00", ["Reports:Interval"] = "00:00:00" });
        var world = new ReadWorld(flow);
        await world.AddAsync(Open, isPrivate: true, "paper", null);
        await world.AddAsync(Public, isPrivate: false, "wind", null);
        await world.AddAsync(Sealed, isPrivate: true, Word, OwnRules);
        await flow.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/.github", ["files"] = new JsonObject { ["switchyard.yml"] = CentralRules } });
        await flow.ConnectAsync();
        await flow.ControlAsync("POST", "apps/acme-models/installations", new JsonObject { ["account"] = "acme" });
        await flow.ControlAsync("PUT", "organizations/acme/members/ann", new JsonObject());
        await flow.ControlAsync("PUT", $"repositories/{Open}/collaborators/ann", new JsonObject());
        await flow.ControlAsync("PUT", "repositories/acme/.github/collaborators/ann", new JsonObject());
        using var granted = await flow.Server.Http.PostAsJsonAsync("/api/v1/access/grants", new { provider = Provider, kind = "organization", account = "acme", role = "viewer" });
        Assert.True(granted.IsSuccessStatusCode, await granted.Content.ReadAsStringAsync());
        await world.UntilAsync("/api/v1/repositories", list => Items(list).Count(item => Text(item, "status") == "Synced") >= 4);
        if (withActivity)
        {
            await world.ActAsync();
        }

        return world;
    }

    public static IEnumerable<JsonElement> Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    public static string? Text(JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null ? null : element.GetProperty(name).ToString();

    /// <summary>Signs in with GitHub as it is done in a browser.</summary>
    public async Task<PanelClient> SignInAsync(string login)
    {
        var browser = PanelClient.Anonymous(Server.Http.BaseAddress!);
        await SignInAsync(browser, login);
        return browser;
    }

    public async Task SignInAsync(PanelClient browser, string login)
    {
        using var begun = await browser.Http.GetAsync(new Uri($"/login/{Provider}?to=/", UriKind.Relative));
        var back = (await Flow.PostOnGitHubAsync(begun.Headers.Location!.AbsoluteUri, ("login", login), ("decision", "authorize")))!.PathAndQuery;
        using var answer = await browser.Http.GetAsync(new Uri(back, UriKind.Relative));
        Assert.True((int)answer.StatusCode == 302, await answer.Content.ReadAsStringAsync());
    }

    public async Task<string[]> RepositoriesAsync(HttpClient client) =>
        [.. Items(await client.GetFromJsonAsync<JsonElement>("/api/v1/repositories")).Select(item => Text(item, "fullName")!).Order(StringComparer.Ordinal)];

    /// <summary>Looks until the person sees these and no others.</summary>
    public async Task SeesAsync(HttpClient client, params string[] expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string[] seen;
        while (!(seen = await RepositoriesAsync(client)).SequenceEqual(expected.Order(StringComparer.Ordinal)))
        {
            Assert.False(limit.IsCancellationRequested, $"They see {string.Join(", ", seen)} in place of {string.Join(", ", expected)}.");
            await Task.Yield();
        }
    }

    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var last = await Server.Http.GetFromJsonAsync<JsonElement>(path);
            if (isSo(last))
            {
                return last;
            }

            Assert.False(limit.IsCancellationRequested, $"{path} never became so; at last it was {last}");
            await Task.Yield();
        }
    }

    /// <summary>GitHub tells the App of something; who may do what on GitHub is not changed by it.</summary>
    public Task TellAsync(string name, JsonObject payload) => Flow.ControlAsync("POST", "deliveries", new JsonObject { ["app"] = "acme-models", ["event"] = name, ["payload"] = payload });

    public async Task<JsonObject> MemberAsync(string action, string repository, string login)
    {
        var (person, found) = (await Flow.ControlAsync("PUT", $"organizations/acme/members/{login}", new JsonObject()), await Flow.ControlAsync("GET", $"repositories/{repository}"));
        return new JsonObject
        {
            ["action"] = action,
            ["member"] = new JsonObject { ["id"] = person!["id"]!.GetValue<long>(), ["login"] = login },
            ["repository"] = new JsonObject { ["id"] = found!["id"]!.GetValue<long>(), ["full_name"] = repository, ["owner"] = new JsonObject { ["login"] = "acme" } },
            ["sender"] = new JsonObject { ["login"] = "boss" },
        };
    }

    public ValueTask DisposeAsync() => Flow.DisposeAsync();

    /// <summary>A push to both, and all that comes of it.</summary>
    private async Task ActAsync()
    {
        await UntilAsync("/api/v1/rules", list => Items(list).Count() == 3);
        foreach (var (repository, word) in new[] { (Open, "paper"), (Sealed, Word) })
        {
            await Flow.ControlAsync(
                "POST", $"repositories/{repository}/commits", new JsonObject { ["branch"] = "main", ["message"] = $"More {word}", ["files"] = new JsonObject { [$"{word}.hck.json"] = Files.Hackolade(word, word + "_orders", word + "_more") } });
        }

        await UntilAsync("/api/v1/dispatches", list => Items(list).Count(item => Text(item, "state") == "Sent") == 3);
        await UntilAsync("/api/v1/pendings?state=Quiet", list => Items(list).Any(item => item.GetProperty("sources").GetArrayLength() == 2));
        await UntilAsync("/api/v1/syncs", _ => Server.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from models where version_count = 2"), CancellationToken.None).GetAwaiter().GetResult() == 2);
        await Flow.ControlAsync("POST", "idle");
        await Server.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync($"insert into repository_hooks (provider_id, name, created_at) select id, '{Sealed}', 0 from providers");
                await session.ExecuteAsync($"insert into targets (provider_id, pattern, created_by, created_at) select id, '{Sealed}', 'administrator', 0 from providers");
            },
            CancellationToken.None);
    }

    private Task<JsonNode?> AddAsync(string fullName, bool isPrivate, string word, string? rules)
    {
        var files = new JsonObject
        {
            [$"{word}.hck.json"] = Files.Hackolade(word, word + "_orders"),
            [$"{word}/{word}.avsc"] = "{",
            [".switchyardignore"] = "drafts/\n",
            [$"drafts/{word}.avsc"] = "{",
            [".github/workflows/integration.yml"] = SwitchWorld.Workflow,
        };
        if (rules is not null)
        {
            files[".github/switchyard.yml"] = rules;
        }

        return Flow.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = fullName, ["private"] = isPrivate, ["files"] = files });
    }
}
