using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>A GitHub that refuses, lags, limits or answers half: nothing is lost for it, and the API says why it waits.</summary>
public sealed class GitHubFaults
{
    private static readonly (string What, string Fault, JsonObject Arguments)[] Passing =
    [
        ("a fresh token is refused twice", "tokens.lag", new() { ["uses"] = 2 }),
        ("a fresh token is not known to git", "tokens.lag", new() { ["uses"] = 1, ["gitStatus"] = 404 }),
        ("tokens of 40 characters", "tokens.format", new() { ["format"] = "classic" }),
        ("tokens of 500 characters", "tokens.format", new() { ["format"] = "stateless" }),
        ("tokens of both formats", "tokens.format", new() { ["format"] = "mixed" }),
        ("tokens that live 20 seconds", "tokens.ttl", new() { ["seconds"] = 20 }),
        ("GitHub's clock is 5 minutes ahead", "jwt.clockSkew", new() { ["seconds"] = 300 }),
        ("GitHub's clock is 5 minutes behind", "jwt.clockSkew", new() { ["seconds"] = -300 }),
        ("the secondary limit, 403 with retry-after", "limits.secondary", new() { ["seconds"] = 1, ["times"] = 2 }),
        ("the secondary limit, 429 with retry-after", "limits.secondary", new() { ["seconds"] = 1, ["times"] = 2, ["status"] = 429 }),
        ("the API fails now and then", "api.error", new() { ["status"] = 502, ["route"] = "/api/v3/", ["every"] = 3 }),
        ("no ETags", "api.etags", new() { ["on"] = false }),
        ("recursive trees are truncated", "api.truncateTree", new() { ["entries"] = 1 }),
        ("comparisons are cut", "api.compareCap", new() { ["files"] = 1 }),
        ("an older GitHub Enterprise Server", "api.ghes", new() { ["version"] = "3.13" }),
    ];

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_passes_by_itself_costs_nothing(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var number = 0;
        foreach (var (what, fault, arguments) in Passing)
        {
            // Another repository each time, so that its tokens are fresh and nothing is known of it.
            await stage.GitHub.FaultAsync(fault, (JsonObject)arguments.DeepClone());
            var repository = $"{Stage.Account}/models-{number++}";
            await stage.GitHub.AddAsync(repository, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a"), ["b.hck.json"] = SyncWorld.SmallModel("b") });
            await stage.GitHub.CommitAsync(repository, new JsonObject { ["b.hck.json"] = SyncWorld.SmallModel("b again") });
            await LifeCycle.ShowsAsync(rows, stage, $"GitHub: {what}", repository, "Synced Healthy, 2 models");
            await stage.GitHub.ClearAsync(fault);
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_lasts_is_said_keeps_everything_and_heals(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = await LifeCycle.NewAsync(stage, "models");
        foreach (var (what, fault, arguments, reason) in (List<(string, string, JsonObject, string)>)
        [
            ("git fails", "api.error", new() { ["status"] = 500, ["route"] = "git /acme/models" }, "SyncFailed"),
            ("the contents permission is withheld", "permissions.withhold", new() { ["name"] = "contents" }, "PermissionDenied"),
        ])
        {
            await stage.GitHub.FaultAsync(fault, (JsonObject)arguments.DeepClone());
            await stage.GitHub.CommitAsync(repository, new JsonObject { ["b.hck.json"] = SyncWorld.SmallModel(what) });
            var said = await LifeCycle.LastAsync(() => stage.Hub.SentenceAsync(repository, reason), sentence => sentence.Length > 0);
            var shown = await stage.Hub.RepositoryAsync(repository);
            rows.Add($"GitHub: {what}", $"2 models, Degraded, {reason} in a sentence", $"{shown["models"]} models, {shown["health"]}, {(said.Length > 20 ? reason + " in a sentence" : "NO sentence: " + shown["reasons"]!.ToJsonString())}");
            await stage.GitHub.ClearAsync(fault);
            await stage.Hub.PostAsync($"/api/v1/repositories/{shown["id"]}/sync", new JsonObject { ["mode"] = "recent" });
            await LifeCycle.ShowsAsync(rows, stage, $"GitHub: {what}, and no longer", repository, "Synced Healthy, 2 models");
        }

        await stage.GitHub.FaultAsync("api.error", new JsonObject { ["status"] = 500, ["route"] = "/installation/repositories" });
        await stage.Hub.PostAsync("/api/v1/installations/sync");
        await stage.GitHub.CommitAsync(repository, new JsonObject { ["b.hck.json"] = SyncWorld.SmallModel("listing") });
        await stage.QuietAsync(repository);
        await LifeCycle.ShowsAsync(rows, stage, "GitHub: the list of repositories fails", repository, "Synced Healthy, 2 models");
        await stage.GitHub.ClearAsync("api.error");

        await stage.GitHub.FaultAsync("installation.hideRepo", new JsonObject { ["repository"] = repository });
        await stage.Hub.PostAsync("/api/v1/installations/sync");
        const string Hidden = "Missing, 2 models, RepositoryMissing";
        var hidden = await LifeCycle.LastAsync(() => stage.Hub.ShowAsync(repository), text => text.EndsWith(Hidden, StringComparison.Ordinal));
        rows.Add("GitHub: the repository is hidden from the App", Hidden, hidden, hidden.EndsWith(Hidden, StringComparison.Ordinal));
        await stage.GitHub.ClearAsync("installation.hideRepo");
        await stage.Hub.PostAsync("/api/v1/installations/sync");
        await LifeCycle.ShowsAsync(rows, stage, "GitHub: the repository is shown again", repository, "Synced Healthy, 2 models");
        rows.Verify();
    }

    [Fact]
    public async Task A_repository_that_answers_for_ever_holds_up_no_other_and_can_be_cancelled()
    {
        await using var stage = await Stage.StartAsync("sqlite");
        var rows = new FaultRows("sqlite");
        await stage.GitHub.FaultAsync("git.stall", new JsonObject { ["route"] = "/acme/stalled" });
        await stage.GitHub.AddAsync("acme/stalled", files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        var other = await LifeCycle.NewAsync(stage, "other");
        rows.Add("GitHub: one repository stalls, another does not", "Synced Healthy, 2 models", await stage.Hub.ShowAsync(other));
        var id = (await stage.Hub.RepositoryAsync("acme/stalled"))["id"];
        await stage.Hub.PostAsync($"/api/v1/repositories/{id}/cancel");
        var ended = await LifeCycle.LastAsync(async () => (await stage.Hub.RepositoryAsync("acme/stalled"))["lastSync"]?["state"]?.ToString(), state => state == "Cancelled");
        rows.Add("GitHub: a stalled Sync is cancelled", "Cancelled", ended ?? "nothing");
        await stage.GitHub.ClearAsync("git.stall");
        await stage.Hub.PostAsync($"/api/v1/repositories/{id}/sync", new JsonObject { ["mode"] = "recent" });
        await LifeCycle.ShowsAsync(rows, stage, "GitHub: it stalls no longer", "acme/stalled", "Synced Healthy, 1 models");
        rows.Verify();
    }

    /// <summary>Each of these in a repository of its own: one hostile model must not take the good one beside it away.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_hostile_file_costs_at_most_itself(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var number = 0;
        foreach (var (what, path, content) in (List<(string, string, JsonNode)>)
        [
            ("a name of a million characters", "a.hck.json", SyncWorld.SmallModel(new string('x', 1_000_000))),
            ("a name of random characters, too long for an index", "a.hck.json", SyncWorld.SmallModel(Convert.ToBase64String(Noise(9_000)))),
            ("a name with a zero character", "a.hck.json", SyncWorld.SmallModel("a\0b")),
            ("a name with half a surrogate pair", "a.hck.json", SyncWorld.SmallModel("@").Replace("@", "\\ud800", StringComparison.Ordinal)),
            ("100,000 arrays in each other", "a.hck.json", string.Concat(Enumerable.Repeat("[", 100_000))),
            ("conflict markers", "a.hck.json", "<<<<<<< ours\n" + SyncWorld.SmallModel("a") + "\n=======\n{}\n>>>>>>> theirs\n"),
            ("binary", "a.hck.json", new JsonObject { ["base64"] = Convert.ToBase64String(Noise(5_000)) }),
            ("a symlink", "a.hck.json", new JsonObject { ["symlink"] = "/etc/passwd" }),
            ("a file name with every odd character", "ü #%&+;='\"\\\t\u00a0模型\u202e.hck.json", SyncWorld.SmallModel("odd")),
            ("a path of 3,000 random characters", string.Join('/', Enumerable.Range(0, 15).Select(i => Convert.ToHexStringLower(Noise(100 + i)))) + "/a.hck.json", SyncWorld.SmallModel("deep")),
        ])
        {
            var repository = $"{Stage.Account}/hostile-{number++}";
            await stage.GitHub.AddAsync(repository, files: new JsonObject { ["good.hck.json"] = SyncWorld.SmallModel("good"), [path] = content.DeepClone() });
            await stage.GitHub.CommitAsync(repository, new JsonObject { ["good.hck.json"] = SyncWorld.SmallModel("good again") });
            var shown = await LifeCycle.LastAsync(() => GoodAsync(stage, repository), text => text == "Synced, good again with 2 versions");
            rows.Add($"hostile file: {what}", "Synced, good again with 2 versions", shown);
        }

        rows.Verify();
    }

    private static async Task<string> GoodAsync(Stage stage, string repository)
    {
        var shown = await stage.StatusAsync(repository);
        if (shown == "not linked")
        {
            return shown;
        }

        var good = (await stage.Hub.ListAsync("/api/v1/models?repository=" + Uri.EscapeDataString(repository))).Find(model => model["path"]!.ToString() == "good.hck.json");
        return $"{shown.Split(' ')[0]}, " + (good is null ? "no good model" : $"{good["name"]} with {good["versionCount"]} versions");
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }
}
