using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Actions;

/// <summary>What GitHub refuses to take; the switch <c>dispatch.limits</c> makes it less.</summary>
internal sealed record DispatchLimits(int EventType, int Keys, int Bytes, int Inputs)
{
    public static DispatchLimits Of(World world)
    {
        var fault = world.Faults.Find("dispatch.limits");
        return new DispatchLimits(fault?.Int("eventType", 100) ?? 100, fault?.Int("keys", 10) ?? 10, fault?.Int("bytes", 65_535) ?? 65_535, fault?.Int("inputs", 25) ?? 25);
    }

    public Answer? Refuse(JsonObject body)
    {
        if (body["event_type"]?.ToString() is not { Length: > 0 } type)
        {
            return Answer.Invalid("Invalid request.\n\n\"event_type\" wasn't supplied.");
        }

        if (type.Length > EventType)
        {
            return Answer.Invalid($"Invalid request.\n\nOnly {EventType} characters are allowed; {type.Length} were supplied.");
        }

        if (body["client_payload"] is not { } payload)
        {
            return null;
        }

        if (payload is not JsonObject map)
        {
            return Answer.Invalid($"Invalid request.\n\nFor 'properties/client_payload', {payload.ToJsonString()} is not an object.");
        }

        if (map.Count > Keys)
        {
            return Answer.Invalid($"Invalid request.\n\nNo more than {Keys} properties are allowed; {map.Count} were supplied.");
        }

        return Wire.Bytes(map).Length > Bytes ? Answer.Invalid("client_payload is too large.") : null;
    }

    public Answer? RefuseInputs(JsonObject given, Trigger trigger)
    {
        if (given.Count > Inputs)
        {
            return Answer.Invalid($"Invalid request.\n\nNo more than {Inputs} properties are allowed; {given.Count} were supplied.");
        }

        var unexpected = given.Select(pair => pair.Key).Where(name => trigger.Inputs.All(input => input.Name != name)).ToArray();
        if (unexpected.Length > 0)
        {
            return Answer.Invalid($"Unexpected inputs provided: {JsonSerializer.Serialize(unexpected)}");
        }

        foreach (var input in trigger.Inputs)
        {
            var value = given[input.Name]?.ToString();
            if (input.Required && input.Default is null && string.IsNullOrEmpty(value))
            {
                return Answer.Invalid($"Required input '{input.Name}' not provided");
            }

            if (value is not null && !input.Options.IsEmpty && !input.Options.Contains(value))
            {
                return Answer.Invalid($"Provided value '{value}' for input '{input.Name}' not in the list of allowed values");
            }
        }

        return null;
    }

    /// <summary>With the defaults of what was not given. Every input is a text.</summary>
    public static JsonObject Complete(JsonObject given, Trigger trigger)
    {
        var inputs = new JsonObject();
        foreach (var input in trigger.Inputs)
        {
            if ((given[input.Name]?.ToString() ?? input.Default) is { } value)
            {
                inputs[input.Name] = value;
            }
        }

        return inputs;
    }
}
