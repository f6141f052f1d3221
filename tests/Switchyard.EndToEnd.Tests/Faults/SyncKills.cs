using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended at each boundary of a Sync, and at random moments of one.</summary>
public sealed class SyncKills
{
    private const int Moments = 10;

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_each_named_boundary_the_result_equals_that_of_an_undisturbed_run(string kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var rows = new FaultRows(kind);
        foreach (var point in (string[])[.. KillPoints.Linking, .. KillPoints.Sync])
        {
            var stage = world.Stage;
            stage.Faults.Arm(point);
            await world.AddAsync(point);
            var fell = await stage.FallAsync(Stage.Patience);
            await stage.StartServerAsync();
            await stage.QuietAsync(SyncWorld.NameOf(point));
            rows.Add($"kill -9 at {point}", SyncWorld.Expected, $"{(fell ? "ended there" : "NOT ended")}, {await world.CompareAsync(point)}");
        }

        foreach (var point in KillPoints.Heavy)
        {
            var stage = world.Stage;
            stage.Faults.Arm(point);
            await world.AddHeavyAsync(point);
            var fell = await stage.FallAsync(Stage.Patience);
            await stage.StartServerAsync();
            await stage.QuietAsync(SyncWorld.NameOf(point));

            // The undisturbed run comes second: contents that the hub knows already would not be stored again.
            await world.AddHeavyAsync("heavy");
            await stage.QuietAsync(SyncWorld.NameOf("heavy"));
            var compared = SyncWorld.Compare(await stage.Hub.DumpAsync(SyncWorld.NameOf("heavy")), await stage.Hub.DumpAsync(SyncWorld.NameOf(point)));
            rows.Add($"kill -9 at {point}", SyncWorld.Expected, $"{(fell ? "ended there" : "NOT ended")}, {compared}");
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_each_named_boundary_of_a_rewritten_history_the_result_equals_that_of_an_undisturbed_run(string kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var rows = new FaultRows(kind);
        var undisturbed = "";
        foreach (var point in (string[])["", .. KillPoints.Rewriting])
        {
            var stage = world.Stage;
            var name = SyncWorld.NameOf("rewritten-" + point);
            await stage.GitHub.AddAsync(name, world.Source);
            await stage.QuietAsync(name);
            var chain = await Git.FirstParentsAsync((await stage.GitHub.FindAsync(name))["folder"]!.ToString(), "HEAD");
            if (point.Length > 0)
            {
                stage.Faults.Arm(point);
            }

            await stage.GitHub.CommitAsync(name, new() { ["other/forked.hck.json"] = SyncWorld.SmallModel("forked") }, "Fork", new() { ["parent"] = chain[^3], ["force"] = true });
            var fell = point.Length == 0 || await stage.FallAsync(Stage.Patience);
            if (point.Length > 0)
            {
                await stage.StartServerAsync();
            }

            await stage.QuietAsync(name);
            var dump = await stage.Hub.DumpAsync(name);
            undisturbed = point.Length == 0 ? dump : undisturbed;
            if (point.Length > 0)
            {
                rows.Add($"kill -9 at {point} of a forced push", SyncWorld.Expected, $"{(fell ? "ended there" : "NOT ended")}, {SyncWorld.Compare(undisturbed, dump)}");
            }
        }

        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task At_ten_random_moments_of_a_sync_the_result_equals_that_of_an_undisturbed_run(string kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var random = new Random(20);
        var rows = new FaultRows(kind);
        var hits = new List<string>();
        var right = 0;
        for (var i = 0; i < Moments; i++)
        {
            var stage = world.Stage;
            stage.Faults.ReachedSince();
            await world.AddAsync($"moment-{i}");
            await Task.Delay(world.Undisturbed * random.NextDouble(), TimeProvider.System);
            await stage.KillAsync();
            hits.Add(stage.Faults.ReachedSince() is [.., var last] ? last : "nothing");
            await stage.StartServerAsync();
            await stage.QuietAsync(SyncWorld.NameOf($"moment-{i}"));
            var compared = await world.CompareAsync($"moment-{i}");
            right += compared == SyncWorld.Same ? 1 : 0;
            hits[^1] += compared == SyncWorld.Same ? "" : $" ({compared})";
        }

        rows.Add($"kill -9 at {Moments} random moments of a sync", $"{Moments} of {Moments} equal to an undisturbed run", $"{right} of {Moments} equal to an undisturbed run; last points: {string.Join(", ", hits)}", right == Moments);
        rows.Verify();
    }
}
