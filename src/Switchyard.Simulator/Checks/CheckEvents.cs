using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.Checks;

/// <summary>
/// Deliveries about checks. Everyone who may read checks hears of created and completed; what asks for work (requested, rerequested)
/// reaches only the App whose suite or run it is (docs: check_suite, check_run).
/// </summary>
internal sealed class CheckEvents(World world)
{
    public void Run(CheckRun run, string action, Account sender) => Tell(run.Suite, "check_run", action, sender, () => new JsonObject
    {
        ["action"] = action,
        ["check_run"] = world.Checks.Render.RunInPayload(run),
    });

    public void Suite(CheckSuite suite, string action, Account sender) => Tell(suite, "check_suite", action, sender, () => new JsonObject
    {
        ["action"] = action,
        ["check_suite"] = world.Checks.Render.SuiteInPayload(suite),
    });

    private void Tell(CheckSuite suite, string name, string action, Account sender, Func<JsonObject> make) =>
        world.Deliveries.Events.ToAll(
            suite.Repository,
            name,
            action,
            () =>
            {
                var payload = make();
                world.Deliveries.Events.AddRepository(payload, suite.Repository, sender, push: false);
                return payload;
            },
            only: action is "requested" or "rerequested" or "requested_action" ? suite.App : null);
}
