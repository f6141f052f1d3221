using System.Text;
using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>Pushes of which GitHub tells late, twice, in any order or not at all: each is one fact, and starts what it starts once.</summary>
public sealed class SwitchDeliveryFaults
{
    private const int Pushes = 5;
    private const string NewestAlone = "1 workflow started for the newest push, 0 for older ones";

    /// <summary>Each commit counts for itself.</summary>
    private static readonly Route All = new("all") { More = "quiet: { for: 10m, max: 1h, keep: all }" };

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_push_starts_a_workflow_once_however_it_is_told(string kind)
    {
        await using var world = await StartAsync(kind);
        var rows = new FaultRows(kind);
        var drop = new JsonObject { ["event"] = "push" };
        rows.Add("push: the delivery is dropped, and found in the log", SwitchWorld.Once, await FaultedAsync(world, "deliveries.drop", drop, () => world.Stage.Hub.PostAsync("/api/v1/deliveries/recover")));
        drop["logged"] = false;
        rows.Add("push: the delivery is dropped and not in the log, and found by the poll of refs", SwitchWorld.Once, await FaultedAsync(world, "deliveries.drop", drop));
        rows.Add("push: the delivery comes three times at once", SwitchWorld.Once, await FaultedAsync(world, "deliveries.duplicate", new() { ["copies"] = 3, ["concurrent"] = true }));
        rows.Add("push: the answer to the delivery is lost, and it is sent again", SwitchWorld.Once, await FaultedAsync(world, "deliveries.cutAfter", new() { ["seconds"] = 0 }, async () =>
        {
            await world.GitHub.IdleAsync();
            await world.GitHub.ControlAsync("POST", $"/deliveries/{await LastGuidAsync(world)}/redeliver");
        }));

        var sha = await world.PushAsync(Route.Straight, "another way");
        await world.RestAsync(sha);
        await TellAgainAsync(world, sha);
        await world.RestAsync();
        rows.Add("push: the same fact by another GUID, by a repository hook and by a replay", SwitchWorld.Once, await world.CountAsync(sha));
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pushes_in_any_order_start_a_workflow_for_the_newest_or_for_each(string kind)
    {
        await using var world = await StartAsync(kind);
        var rows = new FaultRows(kind);

        // The older one arrives when the newer one waits already.
        await world.GitHub.FaultAsync("deliveries.drop", new JsonObject { ["event"] = "push", ["times"] = 1 });
        var older = await world.PushAsync(Route.Quiet, "older");
        await world.GitHub.IdleAsync();
        var late = await LastGuidAsync(world);
        var newer = await world.PushAsync(Route.Quiet, "newer");
        await world.WaitsAsync(Route.Quiet, "Quiet");
        await world.GitHub.ClearAsync("deliveries.drop");
        await world.GitHub.ControlAsync("POST", $"/deliveries/{late}/redeliver");
        rows.Add("pushes: the older one arrives after the newer one, keep: latest", NewestAlone, await ReleasedAsync(world, Route.Quiet, [older, newer]));

        rows.Add($"pushes: {Pushes} shuffled, keep: latest", NewestAlone, await ReleasedAsync(world, Route.Quiet, await ShuffledAsync(world, Route.Quiet)));
        var all = await ShuffledAsync(world, All);
        await world.Stage.QuietAsync();
        await LifeCycle.LastAsync(() => world.Stage.Hub.CountAsync($"/api/v1/pendings?rule={All.Name}&state=Quiet"), count => count == Pushes);
        await world.NowAsync(All);
        foreach (var sha in all)
        {
            await world.RestAsync(sha, All);
        }

        var counts = new List<string>();
        foreach (var sha in all)
        {
            counts.Add(await world.CountAsync(sha, All));
        }

        rows.Add($"pushes: {Pushes} shuffled and each doubled, keep: all", $"{Pushes} times: {SwitchWorld.Once}", $"{counts.Count} times: {string.Join(" | ", counts.Distinct(StringComparer.Ordinal))}");
        rows.Verify();
    }

    private static Task<SwitchWorld> StartAsync(string kind) =>
        SwitchWorld.StartAsync(kind, [Route.Straight, Route.Quiet, All], settings: new Dictionary<string, string> { ["SWITCHYARD_Signals__PollInterval"] = "00:00:03" });

    private static async Task<string> FaultedAsync(SwitchWorld world, string fault, JsonObject arguments, Func<Task>? then = null)
    {
        await world.GitHub.FaultAsync(fault, (JsonObject)arguments.DeepClone());
        var sha = await world.PushAsync(Route.Straight, fault + arguments.ToJsonString());
        await world.GitHub.IdleAsync();
        await world.GitHub.ClearAsync(fault);
        await (then?.Invoke() ?? Task.CompletedTask);
        await world.RestAsync(sha);
        return await world.CountAsync(sha);
    }

    private static async Task<string> LastGuidAsync(SwitchWorld world) =>
        (await world.GitHub.AttemptsAsync()).Last(attempt => attempt["event"]!.ToString() == "push")["guid"]!.ToString();

    /// <summary>The payload of the push once more: under another GUID, by the hook of a repository, and worked off again by a person.</summary>
    private static async Task TellAgainAsync(SwitchWorld world, string sha)
    {
        var hub = world.Stage.Hub;
        var guid = await LastGuidAsync(world);
        var id = (await hub.DeliveriesAsync()).Single(delivery => delivery.Guid == guid).Id;
        var payload = await hub.GetAsync($"/api/v1/deliveries/{id}/payload");
        Assert.Equal(sha, payload["after"]!.ToString());
        await world.GitHub.ControlAsync("POST", "/deliveries", new JsonObject { ["app"] = Stage.Slug, ["event"] = "push", ["payload"] = payload.DeepClone() });
        var hook = await hub.PostAsync($"/api/v1/providers/{Stage.Slug}/hooks", new JsonObject { ["name"] = "by hand" });
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        await new Poster(world.Stage.Server).PostAsync(body, "push", "by-hand", Poster.Sign(body, hook["secret"]!.ToString()), path: "/gateway/sync");
        await hub.PostAsync($"/api/v1/deliveries/{id}/replay");
        await world.GitHub.IdleAsync();
        Assert.Equal(3, (await hub.DeliveriesAsync()).Count(delivery => delivery.Guid == guid || delivery.Guid == "by-hand" || delivery.Event == "push" && long.Parse(delivery.Id) > long.Parse(id)));
    }

    /// <summary>Several pushes, told in a random order, each twice.</summary>
    private static async Task<List<string>> ShuffledAsync(SwitchWorld world, Route route)
    {
        await world.GitHub.FaultAsync("deliveries.shuffle", new JsonObject { ["window"] = 100 });
        await world.GitHub.FaultAsync("deliveries.duplicate");
        var pushed = new List<string>();
        for (var i = 0; i < Pushes; i++)
        {
            pushed.Add(await world.PushAsync(route, $"push {i}"));
        }

        await world.GitHub.ClearAsync("deliveries.shuffle");
        await world.GitHub.IdleAsync();
        await world.GitHub.ClearAsync("deliveries.duplicate");
        return pushed;
    }

    private static async Task<string> ReleasedAsync(SwitchWorld world, Route route, List<string> pushed)
    {
        await world.WaitsAsync(route, "Quiet");
        await world.Stage.QuietAsync();
        await Waiting.UntilAsync(
            async () => (await world.Stage.Hub.ListAsync("/api/v1/signals")).Count(signal => signal["evaluatedAt"] is null), count => count == 0, Stage.Patience, "every signal is evaluated");
        await world.NowAsync(route);
        await world.RestAsync();
        var (newest, older) = (await world.StartsAsync(pushed[^1]), 0);
        foreach (var sha in pushed.SkipLast(1))
        {
            older += await world.StartsAsync(sha);
        }

        return $"{newest} workflow{(newest == 1 ? "" : "s")} started for the newest push, {older} for older ones";
    }
}
