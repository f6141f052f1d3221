using System.Text;
using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>Deliveries as GitHub really sends them: late, twice, in any order, not at all, or so that they must be refused.</summary>
public sealed class DeliveryFaults
{
    private const int Pushes = 10;

    private static readonly (string What, string Fault, JsonObject Arguments, bool Refused)[] Switches =
    [
        ("30 % dropped", "deliveries.drop", new() { ["rate"] = 0.3, ["event"] = "push" }, false),
        ("all hung up on after sending", "deliveries.cutAfter", new() { ["seconds"] = 0 }, false),
        ("shuffled", "deliveries.shuffle", new() { ["window"] = 6 }, false),
        ("doubled at once", "deliveries.duplicate", new() { ["copies"] = 3, ["concurrent"] = true }, false),
        ("two failed attempts before each", "deliveries.manyAttempts", new() { ["count"] = 2 }, false),
        ("unsigned", "deliveries.unsigned", [], true),
        ("signed with SHA-1 only", "deliveries.unsigned", new() { ["sha1Only"] = true }, true),
        ("a bad signature", "deliveries.badSignature", [], true),
        ("another secret", "deliveries.oldSecret", new() { ["secret"] = "long forgotten" }, true),
        ("form encoded", "deliveries.form", [], false),
        ("sparse", "deliveries.sparse", [], false),
        ("unknown events between", "deliveries.unknownEvent", [], false),
    ];

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_push_is_one_row_and_one_effect_however_it_arrives(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = $"{Stage.Account}/models";
        await stage.GitHub.AddAsync(repository, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        await stage.QuietAsync(repository);
        foreach (var (what, fault, arguments, refused) in Switches)
        {
            var before = (await stage.GitHub.AttemptsAsync()).Count;
            await stage.GitHub.FaultAsync(fault, (JsonObject)arguments.DeepClone());
            await PushAsync(stage, repository, what);
            await stage.GitHub.ClearAsync(fault);
            await stage.GitHub.IdleAsync();
            await stage.Hub.PostAsync("/api/v1/deliveries/recover");
            await stage.QuietAsync(repository);
            var attempts = (await stage.GitHub.AttemptsAsync()).Skip(before).Where(attempt => attempt["event"]!.ToString() == "push").ToList();
            rows.Add(
                $"deliveries: {what}",
                $"{Pushes} pushes, {Pushes} rows, each handled in one attempt, {(refused ? Pushes : 0)} refused with 401, Synced at GitHub's head",
                await CountAsync(stage, repository, attempts));
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_handled_is_not_handled_again_and_what_a_person_replays_is(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = $"{Stage.Account}/models";
        await stage.GitHub.AddAsync(repository, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        await PushAsync(stage, repository, "redelivered");
        await stage.QuietAsync(repository);
        var pushes = await RecoveryKills.PushesAsync(stage);
        foreach (var guid in pushes)
        {
            await stage.GitHub.ControlAsync("POST", $"/deliveries/{guid}/redeliver");
        }

        await stage.QuietAsync(repository);
        rows.Add("deliveries: each redelivered by hand", RecoveryKills.Expected(pushes), await RecoveryKills.CountedAsync(stage, pushes));

        var first = (await stage.Hub.DeliveriesAsync()).First(row => row.Event == "push");
        await stage.Hub.PostAsync($"/api/v1/deliveries/{first.Id}/replay");
        await stage.QuietAsync(repository);
        var replayed = (await stage.Hub.DeliveriesAsync()).Single(row => row.Guid == first.Guid);
        rows.Add("deliveries: one replayed by a person", "Handled in attempt 2", $"{replayed.State} in attempt {replayed.Attempts}");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_rotated_secret_of_a_repository_hook_is_taken_until_the_next_rotation(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var poster = new Poster(stage.Server);
        var hook = await stage.Hub.PostAsync($"/api/v1/providers/{Stage.Slug}/hooks", new JsonObject { ["name"] = "by hand" });
        var old = hook["secret"]!.ToString();
        var statuses = new List<int> { await SendAsync(poster, old, "first") };
        var next = (await stage.Hub.PostAsync($"/api/v1/providers/{Stage.Slug}/hooks/{hook["id"]}/rotate"))["secret"]!.ToString();
        statuses.Add(await SendAsync(poster, old, "old-while-rotating"));
        statuses.Add(await SendAsync(poster, next, "new"));
        await stage.Hub.PostAsync($"/api/v1/providers/{Stage.Slug}/hooks/{hook["id"]}/rotate");
        statuses.Add(await SendAsync(poster, old, "old-after"));
        statuses.Add(await SendAsync(poster, next, "previous"));
        rows.Add("deliveries: secret rotated twice (first, old, new, oldest, previous)", "202 202 202 401 202", string.Join(' ', statuses));
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_GitHub_never_sends_is_found_by_the_poll(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = $"{Stage.Account}/models";
        await stage.GitHub.AddAsync(repository, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        await stage.QuietAsync(repository);
        foreach (var (what, fault, arguments) in (List<(string, string, JsonObject)>)
        [
            ("an event above 25 MB, neither sent nor in the log", "deliveries.oversize", new() { ["event"] = "push", ["bytes"] = 10 }),
            ("a push of so many branches that none is told", "push.suppress", new() { ["branches"] = 1 }),
            ("all dropped and not in the log", "deliveries.drop", new() { ["event"] = "push", ["logged"] = false }),
        ])
        {
            rows.Add($"deliveries: {what}", "0 deliveries, Synced at GitHub's head", await SilentAsync(stage, repository, fault, arguments));
        }

        var huge = new byte[26 * 1024 * 1024];
        var (status, text) = await new Poster(stage.Server).PostAsync(huge, "push", "huge", Poster.Sign(huge));
        rows.Add("deliveries: 26 MB sent all the same", "413, says why, 0 rows", $"{status}, {(text.Contains("26214400", StringComparison.Ordinal) ? "says why" : text)}, {await stage.Hub.CountAsync("/api/v1/deliveries?guid=huge")} rows");

        var tagged = await stage.GitHub.HeadAsync(repository);
        await stage.GitHub.ControlAsync("PUT", $"/repositories/{repository}/refs", new JsonObject
        {
            ["refs"] = new JsonArray([.. Enumerable.Range(0, 5).Select(i => new JsonObject { ["ref"] = $"refs/tags/v{i}", ["sha"] = tagged })]),
        });
        await PushAsync(stage, repository, "after five tags");
        await stage.QuietAsync(repository);
        rows.Add("deliveries: five tags in one push, told by none", $"Synced {await stage.GitHub.HeadAsync(repository)}", await stage.StatusAsync(repository));
        rows.Verify();
    }

    private static async Task<string> SilentAsync(Stage stage, string repository, string fault, JsonObject arguments)
    {
        var before = await stage.Hub.CountAsync("/api/v1/deliveries?event=push");
        await stage.GitHub.FaultAsync(fault, (JsonObject)arguments.DeepClone());
        await stage.GitHub.CommitAsync(repository, new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a " + fault + arguments.ToJsonString()) });
        await stage.QuietAsync(repository);
        await stage.GitHub.ClearAsync(fault);
        return $"{await stage.Hub.CountAsync("/api/v1/deliveries?event=push") - before} deliveries, Synced at GitHub's head";
    }

    private static async Task PushAsync(Stage stage, string repository, string what)
    {
        for (var i = 0; i < Pushes; i++)
        {
            await stage.GitHub.CommitAsync(repository, new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel($"{what} {i}") });
        }
    }

    private static async Task<int> SendAsync(Poster poster, string secret, string guid)
    {
        var body = Encoding.UTF8.GetBytes("{\"zen\":\"" + guid + "\"}");
        return (await poster.PostAsync(body, "ping", guid, Poster.Sign(body, secret), path: "/gateway/sync")).Status;
    }

    private static async Task<string> CountAsync(Stage stage, string repository, List<JsonNode> attempts)
    {
        var pushes = attempts.Select(attempt => attempt["guid"]!.ToString()).ToHashSet(StringComparer.Ordinal);
        var stored = (await stage.Hub.DeliveriesAsync()).Where(row => pushes.Contains(row.Guid)).ToList();
        var once = stored.TrueForAll(row => row is { State: "Handled", Attempts: 1 });
        var head = await stage.GitHub.HeadAsync(repository);
        var status = await stage.StatusAsync(repository);
        return $"{pushes.Count} pushes, {stored.Count} rows, {(once ? "each handled in one attempt" : string.Join(", ", stored.Where(row => row is not { State: "Handled", Attempts: 1 })))}, " +
            $"{attempts.Count(attempt => attempt["status_code"]!.GetValue<int>() == 401)} refused with 401, {(status == "Synced " + head ? "Synced at GitHub's head" : status)}";
    }
}
