using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Rules;

/// <summary>GitHub's limits, checked when rules load as far as texts are literal, and before sending.</summary>
public static class DispatchLimits
{
    /// <summary>Inputs of a workflow_dispatch, with ours.</summary>
    public const int Inputs = 25;

    /// <summary>Characters of all inputs together.</summary>
    public const int InputCharacters = 65_535;

    /// <summary>Top-level keys of a client_payload, with ours.</summary>
    public const int PayloadKeys = 10;

    /// <summary>A client_payload must stay below this many bytes of JSON.</summary>
    public const int PayloadBytes = 65_536;

    /// <summary>Characters of an event_type.</summary>
    public const int EventType = 100;

    /// <summary>The key that Switchyard adds to each client_payload.</summary>
    public const string OwnKey = "switchyard";

    /// <summary>The input that Switchyard fills where a workflow declares it.</summary>
    public const string OwnInput = "switchyard_id";

    /// <summary>What GitHub would refuse about a repository_dispatch, in sentences; none: it may be sent.</summary>
    /// <param name="eventType">As it is sent.</param>
    /// <param name="payload">As it is sent, with the key that Switchyard adds.</param>
    public static IReadOnlyList<string> Problems(string eventType, JsonObject payload)
    {
        var problems = new List<string>();
        if (eventType.Length is 0 or > EventType)
        {
            problems.Add(eventType.Length == 0
                ? $"The event_type is empty. GitHub takes 1 to {EventType} characters."
                : $"The event_type has {eventType.Length} characters. GitHub takes 1 to {EventType}.");
        }

        if (payload.Count > PayloadKeys)
        {
            problems.Add($"The payload has {payload.Count} keys. GitHub takes {PayloadKeys}: put some below one key.");
        }

        if (Encoding.UTF8.GetByteCount(payload.ToJsonString()) is var bytes && bytes >= PayloadBytes)
        {
            problems.Add($"The payload has {bytes} bytes. GitHub takes less than {PayloadBytes}: send what the workflow cannot look up by itself.");
        }

        return problems;
    }

    /// <summary>What GitHub would refuse about a workflow_dispatch, in sentences; none: it may be sent.</summary>
    /// <param name="inputs">As they are sent.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, string> inputs)
    {
        var problems = new List<string>();
        if (inputs.Count > Inputs)
        {
            problems.Add($"There are {inputs.Count} inputs. GitHub takes {Inputs}.");
        }

        if (JsonSerializer.Serialize(inputs, InputsJson.Default.IReadOnlyDictionaryStringString).Length is var characters && characters > InputCharacters)
        {
            problems.Add($"The inputs have {characters} characters. GitHub takes {InputCharacters} in all.");
        }

        return problems;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class InputsJson : System.Text.Json.Serialization.JsonSerializerContext;
