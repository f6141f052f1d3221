using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>
/// Each protection is switched off once, and the damage that it prevents must show: otherwise the rows that count no damage
/// would prove nothing.
/// </summary>
public sealed class Controls
{
    private const string StoredBeforeAnswered = "stored-before-answered";
    private const string UniqueGuid = "unique-guid";
    private const string Sweep = "sweep";
    private const string DeliveryLog = "delivery-log";
    private const string CursorInBatch = "history-cursor-in-batch";
    private const string RewrittenFallback = "rewritten-fallback";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    /// <summary>Every protection that has a control row here.</summary>
    internal static IReadOnlyList<string> All { get; } = [StoredBeforeAnswered, UniqueGuid, Sweep, DeliveryLog, CursorInBatch, RewrittenFallback];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Intake_without_its_protections_loses_doubles_or_forgets(string kind)
    {
        await using var stage = await Stage.StartAsync(kind, new StageOptions { Unprotected = StoredBeforeAnswered });
        var rows = new FaultRows(kind);

        // An answer before the row is on disk: what was acknowledged and not yet written is lost.
        stage.Faults.Hold("delivery-before-store");
        var source = new DeliverySource();
        await source.SendAsync([.. Enumerable.Range(0, 40).Select(i => $"early-{i}")], [stage.Port], 4, insist: true, CancellationToken.None);
        await stage.KillAsync();
        stage.Faults.Release();
        await stage.StartServerAsync(UniqueGuid);
        var lost = source.Acknowledged.Except((await IntakeKills.OfAsync(stage, "early")).Select(row => row.Guid), StringComparer.Ordinal).Count();
        rows.Add($"CONTROL without {StoredBeforeAnswered}: kill -9 before the store", "40 of 40 acknowledged lost", $"{lost} of {source.AcknowledgedCount} acknowledged lost");

        // Without the unique GUID a copy is another row and another effect.
        var copies = new DeliverySource();
        await copies.SendAsync(["copy-0"], [stage.Port], 1, insist: true, CancellationToken.None);
        await new DeliverySource().SendAsync(["copy-0"], [stage.Port], 1, insist: true, CancellationToken.None);
        var doubled = (await IntakeKills.OfAsync(stage, "copy")).Count;
        rows.Add($"CONTROL without {UniqueGuid}: the same delivery twice", "2 rows", $"{doubled} rows");

        // Without the sweep a Delivery that was stored when the process ended is never worked off.
        await stage.StartServerAsync();
        stage.Faults.Arm("delivery-committed");
        await new DeliverySource().SendAsync(["forgotten-0"], [stage.Port], 1, insist: false, CancellationToken.None);
        await stage.FallAsync(Limit);
        await stage.StartServerAsync(Sweep);
        var forgotten = await StateAfterAnotherLaneAsync(stage, "forgotten");
        await stage.StartServerAsync();
        await IntakeKills.WorkedOffAsync(stage);
        var found = (await IntakeKills.OfAsync(stage, "forgotten")).Single().State;
        rows.Add($"CONTROL without {Sweep}: kill -9 at delivery-committed", "Received for ever; Handled once it sweeps again", $"{forgotten} for ever; {found} once it sweeps again");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_the_walk_over_the_delivery_log_what_was_sent_during_an_outage_is_never_seen(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        await stage.AddRepositoryAsync("models", files: new JsonObject { ["README.md"] = "# Models\n" });
        await stage.GitHub.IdleAsync();
        await stage.KillAsync();
        await stage.GitHub.CommitAsync("acme/models", new JsonObject { ["README.md"] = "# More models\n" });
        await stage.GitHub.IdleAsync();
        var missed = (await stage.GitHub.AttemptsAsync()).Last(attempt => attempt["event"]!.ToString() == "push")["guid"]!.ToString();

        await stage.StartServerAsync(DeliveryLog);
        await stage.Hub.PostAsync("/api/v1/deliveries/recover");
        var without = await stage.Hub.CountAsync("/api/v1/deliveries?guid=" + missed);
        await stage.StartServerAsync();
        await stage.Hub.PostAsync("/api/v1/deliveries/recover");
        var with = await stage.Hub.CountAsync("/api/v1/deliveries?guid=" + missed);

        var rows = new FaultRows(kind);
        rows.Add($"CONTROL without {DeliveryLog}: a push during an outage", "0 rows; 1 row once the log is walked", $"{without} rows; {with} row once the log is walked");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_sync_without_its_protections_misses_versions_or_keeps_what_a_forced_push_dropped(string kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var stage = world.Stage;
        var rows = new FaultRows(kind);

        // The cursor is written before its batch: what was between them is never read.
        await stage.StartServerAsync(CursorInBatch);
        stage.Faults.Arm("sync-history-cursor-alone");
        await world.AddAsync("cursor");
        await stage.FallAsync(Stage.Patience);
        await stage.StartServerAsync();
        await stage.QuietAsync(SyncWorld.NameOf("cursor"));
        var compared = await world.CompareAsync("cursor");
        rows.Add($"CONTROL without {CursorInBatch}: kill -9 at sync-history-cursor-alone", "differs from an undisturbed run", compared, compared != SyncWorld.Same);

        // A forced push is walked as if it were a step forward.
        await stage.StartServerAsync(RewrittenFallback);
        var name = SyncWorld.NameOf("forced");
        await stage.GitHub.AddAsync(name, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        await stage.GitHub.CommitAsync(name, new JsonObject { ["b.hck.json"] = SyncWorld.SmallModel("b") });
        await stage.QuietAsync(name);
        await stage.GitHub.CommitAsync(name, new JsonObject { ["c.hck.json"] = SyncWorld.SmallModel("c") }, "Rewrite", new JsonObject { ["parent"] = "none", ["force"] = true });
        await stage.QuietAsync(name);
        var active = await ActiveAsync(stage, name);
        rows.Add($"CONTROL without {RewrittenFallback}: a forced push", "models that are gone stay active", string.Join(", ", active), active.Count > 1);
        rows.Verify();
    }

    private static async Task<List<string>> ActiveAsync(Stage stage, string repository) =>
        [.. (await stage.Hub.ListAsync("/api/v1/models?repository=" + Uri.EscapeDataString(repository)))
            .Where(model => model["state"]!.ToString() == "Active").Select(model => model["path"]!.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>The state of a Delivery when one of another lane, sent later, has come through.</summary>
    private static async Task<string> StateAfterAnotherLaneAsync(Stage stage, string prefix)
    {
        await new DeliverySource().SendAsync(["later-0"], [stage.Port], 1, insist: true, CancellationToken.None, firstSubject: 1);
        await Waiting.UntilAsync(
            async () => (await IntakeKills.OfAsync(stage, "later")).Single().State, state => state == "Handled", Limit, "the later delivery is handled");
        return (await IntakeKills.OfAsync(stage, prefix)).Single().State;
    }
}
