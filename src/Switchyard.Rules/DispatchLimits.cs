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

    /// <summary>What GitHub would refuse about a repository_dispatch, in sentences.</summary>
    public static IReadOnlyList<string> Problems(string eventType, JsonObject payload) => throw new NotSupportedException();

    /// <summary>What GitHub would refuse about a workflow_dispatch, in sentences.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, string> inputs) => throw new NotSupportedException();
}
