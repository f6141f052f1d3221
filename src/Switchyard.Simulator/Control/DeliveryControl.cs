using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Deliveries;

namespace Switchyard.Simulator.Control;

/// <summary>Deliveries: see them, wait for them, release held ones, send any.</summary>
internal sealed class DeliveryControl(World world)
{
    public void Map(ControlApi.Adder add)
    {
        add("GET", "/deliveries", (_, _) => ControlApi.Done(new JsonArray([.. world.Deliveries.Log.All.Select(Json)])));
        add("POST", "/deliveries", (request, _) => ControlApi.Done(Send(request)));
        add("POST", "/deliveries/{guid}/redeliver", (request, _) =>
        {
            world.Deliveries.Redeliver(world.Deliveries.Log.All.LastOrDefault(attempt => attempt.Event.Guid == request["guid"])
                ?? throw new ArgumentException("No delivery has this GUID."));
            return ControlApi.Done();
        });
        add("POST", "/tick", (_, _) => ControlApi.Done(new JsonObject { ["released"] = world.Deliveries.Tick() }));
        add("POST", "/idle", async (_, cancellationToken) =>
        {
            await world.Deliveries.IdleAsync(cancellationToken);
            return new JsonObject { ["held"] = world.Deliveries.Held.Count };
        });
    }

    /// <summary>
    /// <c>{app, event, payload | body, guid?, count?}</c>: signs the payload with the App's secret and sends it as it is;
    /// <c>body</c> is base64 for bytes that must not change.
    /// </summary>
    private JsonObject Send(ControlRequest request)
    {
        var app = AppControl.Find(world, request.Required("app"));
        var body = request.Body["body"] is { } base64 ? Convert.FromBase64String(base64.ToString()) : Wire.Bytes(request.Body["payload"] ?? new JsonObject());
        var action = JsonNode.Parse(Encoding.UTF8.GetString(body)) is JsonObject json && json["action"] is JsonValue text ? text.ToString() : null;
        var guids = new List<string>();
        for (var left = request.Body["count"]?.GetValue<int>() ?? 1; left > 0; left--)
        {
            guids.Add(request.Body["guid"]?.ToString() ?? Guid.NewGuid().ToString());
            world.Deliveries.Post(new OutboundEvent(app.Hook, guids[^1], request.Required("event"), action, body));
        }

        return new JsonObject { ["guids"] = Wire.List(guids) };
    }

    private static JsonObject Json(DeliveryAttempt attempt)
    {
        var json = attempt.ToJson();
        json["sent"] = attempt.Sent;
        json["listed"] = attempt.Listed;
        json["url"] = attempt.Url;
        json["bytes"] = attempt.Event.Payload.Length;
        json["answer"] = attempt.ResponseBody;
        return json;
    }
}
