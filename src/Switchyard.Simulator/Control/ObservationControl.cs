using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.OpenApi;

namespace Switchyard.Simulator.Control;

/// <summary>What was asked of this GitHub, and what was wrong with it.</summary>
internal sealed class ObservationControl(World world)
{
    public void Map(ControlApi.Adder add)
    {
        // ?after=SEQUENCE&kind=rest|git|web&method=&contains=PATH
        add("GET", "/log", (request, _) =>
        {
            var call = request.Call;
            var after = long.TryParse(call.Query("after"), CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
            var entries = world.Log.Entries.Where(entry => entry.Sequence > after
                && (call.Query("kind") is not { } kind || entry.Kind == kind)
                && (call.Query("method") is not { } method || entry.Method == method)
                && (call.Query("contains") is not { } part || entry.Path.Contains(part, StringComparison.Ordinal)));
            return ControlApi.Done(new JsonArray([.. entries.Select(entry => entry.ToJson())]));
        });
        add("DELETE", "/log", (_, _) =>
        {
            world.Log.Clear();
            return ControlApi.Done();
        });
        add("GET", "/violations", (_, _) => ControlApi.Done(new JsonObject
        {
            ["skipped"] = world.OpenApi.Skipped,
            ["checked"] = world.OpenApi.Checked,
            ["violations"] = new JsonArray([.. world.OpenApi.Violations.Select(Json)]),
            ["unknownOperations"] = Wire.List(world.OpenApi.UnknownOperations),
        }));
        add("DELETE", "/violations", (_, _) =>
        {
            world.OpenApi.Clear();
            return ControlApi.Done();
        });
    }

    private static JsonObject Json(Violation violation) => new()
    {
        ["part"] = violation.Part,
        ["operation"] = violation.Operation,
        ["pointer"] = violation.Where,
        ["message"] = violation.Message,
    };
}
