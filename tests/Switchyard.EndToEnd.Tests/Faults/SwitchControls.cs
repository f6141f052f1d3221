using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The protections of the switch, each switched off once: what GitHub counts must then be wrong.</summary>
public sealed class SwitchControls
{
    private const string Lookup = "dispatch-lookup";
    private const string Id = "dispatch-id";
    private const string ReportLookup = "report-lookup";

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    /// <summary>Every protection that has a control row here, or beside the row that it protects.</summary>
    internal static IReadOnlyList<string> All { get; } = [Lookup, Id, ReportLookup, SwitchLoops.Guard];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_its_protections_there_are_two_effects(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind, [Route.Straight]);
        var rows = new FaultRows(kind);
        rows.Add($"CONTROL without {Lookup}: kill -9 at dispatch-called", "2 workflows started, 1 check run", await KilledAsync(world, "dispatch-called", Lookup));
        rows.Add($"CONTROL without {ReportLookup}: kill -9 at report-created", "1 workflow started, 2 check runs", await KilledAsync(world, "report-created", ReportLookup));

        await world.Stage.StartServerAsync(Id);
        rows.Add($"CONTROL without {Id}: {SwitchGitHubFaults.TakenWithoutRun}", "2 workflows started, 1 check run", await SwitchGitHubFaults.TakenWithoutRunAsync(world));
        rows.Verify();
    }

    private static async Task<string> KilledAsync(SwitchWorld world, string point, string unprotected)
    {
        world.Stage.Faults.Arm(point);
        var sha = await world.PushAsync(Route.Straight, unprotected);
        await world.Stage.FallAsync(Stage.Patience);
        await world.Stage.StartServerAsync(unprotected);
        await world.RestAsync(sha);
        return await world.CountAsync(sha);
    }
}
