using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended while it walks GitHub's delivery log, and while it lists installations.</summary>
public sealed class RecoveryKills
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_never_arrived_is_recovered_once_wherever_the_walk_is_cut_off(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        await stage.AddRepositoryAsync("models", files: new JsonObject { ["README.md"] = "# Models\n" });
        await stage.GitHub.IdleAsync();
        var rows = new FaultRows(kind);
        foreach (var point in KillPoints.Recovery)
        {
            await stage.KillAsync();
            for (var i = 0; i < 5; i++)
            {
                await stage.GitHub.CommitAsync("acme/models", new JsonObject { ["README.md"] = $"# Models, {point} {i}\n" });
            }

            await stage.GitHub.IdleAsync();
            stage.Faults.Arm(point);
            await stage.StartServerToFallAsync();
            var fell = await stage.FallAsync(Limit);
            await stage.StartServerAsync();
            var expected = await PushesAsync(stage);
            await Waiting.UntilAsync(() => stage.Hub.CountAsync("/api/v1/deliveries?event=push"), count => count >= expected.Count, Limit, "all pushes are recovered");
            await IntakeKills.WorkedOffAsync(stage);
            rows.Add($"kill -9 at {point}", $"ended there; {Expected(expected)}", $"{(fell ? "ended there" : "NOT ended")}; {await CountedAsync(stage, expected)}");
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Installations_are_as_GitHub_lists_them_wherever_the_listing_is_cut_off(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var accounts = new List<string> { Stage.Account };
        foreach (var point in KillPoints.Installations)
        {
            stage.Faults.Arm(point);
            accounts.Add("account-" + point);
            await stage.InstallAsync(accounts[^1]);
            var fell = await stage.FallAsync(Limit);
            await stage.StartServerAsync();
            await Waiting.UntilAsync(() => stage.Hub.ListAsync("/api/v1/installations"), list => list.Count >= accounts.Count, Limit, "the installation is listed");
            var listed = (await stage.Hub.ListAsync("/api/v1/installations")).Select(item => $"{item["account"]} {item["state"]}").Order(StringComparer.Ordinal);
            rows.Add(
                $"kill -9 at {point}",
                "ended there; " + string.Join(", ", accounts.Select(name => name + " Active").Order(StringComparer.Ordinal)),
                $"{(fell ? "ended there" : "NOT ended")}; {string.Join(", ", listed)}");
        }

        rows.Verify();
    }

    /// <summary>The GUIDs of all pushes GitHub made deliveries of, from its own log.</summary>
    internal static async Task<HashSet<string>> PushesAsync(Stage stage) =>
        [.. (await stage.GitHub.AttemptsAsync()).Where(attempt => attempt["event"]!.ToString() == "push").Select(attempt => attempt["guid"]!.ToString())];

    internal static string Expected(HashSet<string> pushes) => $"{pushes.Count} pushes, {pushes.Count} rows, each handled in one attempt";

    internal static async Task<string> CountedAsync(Stage stage, HashSet<string> pushes)
    {
        var rows = (await stage.Hub.DeliveriesAsync()).Where(row => row.Event == "push").ToList();
        var there = pushes.Count(guid => rows.Exists(row => row.Guid == guid));
        var once = rows.TrueForAll(row => row is { State: "Handled", Attempts: 1 });
        return $"{there} pushes, {rows.Count} rows, {(once ? "each handled in one attempt" : string.Join(", ", rows.Where(row => row is not { State: "Handled", Attempts: 1 })))}";
    }
}
