using System.Globalization;
using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Control;

/// <summary>What callers brought about, to be counted.</summary>
internal sealed class EffectControl(World world)
{
    public void Map(ControlApi.Adder add)
    {
        // ?after=SEQUENCE&kind=repository_dispatch|workflow_dispatch|run|check_run|check_run_update|status|...&repository=OWNER/NAME
        add("GET", "/effects", (request, _) =>
        {
            var call = request.Call;
            var after = long.TryParse(call.Query("after"), CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
            return ControlApi.Done(new JsonArray([.. world.Effects.All
                .Where(effect => effect.Sequence > after
                    && (call.Query("kind") is not { } kind || kind.Split(',').Contains(effect.Kind))
                    && (call.Query("repository") is not { } name || string.Equals(effect.Repository, name, StringComparison.OrdinalIgnoreCase)))
                .Select(effect => effect.ToJson())]));
        });
        add("DELETE", "/effects", (_, _) =>
        {
            world.Effects.Clear();
            return ControlApi.Done();
        });
    }
}
