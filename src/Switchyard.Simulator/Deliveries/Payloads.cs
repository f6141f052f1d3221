using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Deliveries;

/// <summary>Payloads as GitHub does not document them: without the fields a receiver could do without, or of unknown kind.</summary>
internal static class Payloads
{
    private static readonly string[] Kept = ["action", "ref", "before", "after", "ref_type", "installation", "repository", "repositories", "repositories_added", "repositories_removed"];
    private static readonly string[] KeptInside = ["id", "name", "full_name", "owner", "login", "account"];

    /// <summary>Real payloads lack fields that the schema requires; here only identities and the facts of the event are left.</summary>
    public static byte[] Sparse(byte[] payload)
    {
        var json = JsonNode.Parse(payload)!.AsObject();
        foreach (var name in json.Select(pair => pair.Key).Where(name => !Kept.Contains(name)).ToArray())
        {
            json.Remove(name);
        }

        foreach (var inner in json.Select(pair => pair.Value).OfType<JsonObject>().ToArray())
        {
            Strip(inner);
        }

        return Wire.Bytes(json);
    }

    /// <summary>An event of a kind that no documentation names, on the same subject.</summary>
    public static OutboundEvent Unknown(OutboundEvent beside)
    {
        var json = JsonNode.Parse(beside.Payload)!.AsObject();
        json["action"] = "entangled";
        json["quantum"] = new JsonObject { ["spin"] = 0.5, ["partners"] = new JsonArray("left", "right") };
        return beside with { Guid = Guid.NewGuid().ToString(), Event = "quantum_leap", Action = "entangled", Payload = Wire.Bytes(json), Extra = true };
    }

    private static void Strip(JsonObject json)
    {
        foreach (var name in json.Select(pair => pair.Key).Where(name => !KeptInside.Contains(name)).ToArray())
        {
            json.Remove(name);
        }

        foreach (var inner in json.Select(pair => pair.Value).OfType<JsonObject>().ToArray())
        {
            Strip(inner);
        }
    }
}
