using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>What GitHub takes in a dispatch (its OpenAPI description, and its documentation for the size of a payload).</summary>
public static class DispatchLimits
{
    /// <summary>Characters of an event_type.</summary>
    public const int EventType = 100;

    /// <summary>Top-level keys of a client_payload.</summary>
    public const int PayloadKeys = 10;

    /// <summary>Bytes of a client_payload; it must have fewer.</summary>
    public const int PayloadBytes = 64 * 1024;

    /// <summary>Inputs of a workflow_dispatch.</summary>
    public const int Inputs = 25;

    /// <summary>Whether GitHub would take a repository_dispatch.</summary>
    /// <param name="clientPayload">A JSON object, UTF-8; empty for none.</param>
    /// <exception cref="ArgumentException">It would not; the message says why and what to do.</exception>
    public static void Check(string eventType, ReadOnlyMemory<byte> clientPayload)
    {
        if (eventType.Length is 0 or > EventType)
        {
            throw new ArgumentException($"The event type has {eventType.Length} characters; GitHub takes 1 to {EventType}.", nameof(eventType));
        }

        if (clientPayload.Length >= PayloadBytes)
        {
            throw new ArgumentException($"The payload has {clientPayload.Length} bytes; GitHub takes less than {PayloadBytes}. Send a reference to the data (a commit, an address) and let the workflow fetch it.", nameof(clientPayload));
        }

        if (!clientPayload.IsEmpty)
        {
            CheckObject(clientPayload);
        }
    }

    /// <summary>Whether GitHub would take the inputs of a workflow_dispatch.</summary>
    /// <exception cref="ArgumentException">There are too many.</exception>
    public static void Check(IReadOnlyDictionary<string, string> inputs)
    {
        if (inputs.Count > Inputs)
        {
            throw new ArgumentException($"There are {inputs.Count} inputs; GitHub takes at most {Inputs}. Put several into one as JSON.", nameof(inputs));
        }
    }

    private static void CheckObject(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new ArgumentException($"The payload must be a JSON object; it is {root.ValueKind}.", nameof(payload));
            }

            if (root.GetPropertyCount() > PayloadKeys)
            {
                throw new ArgumentException($"The payload has {root.GetPropertyCount()} top-level keys; GitHub takes at most {PayloadKeys}. Nest them in one object.", nameof(payload));
            }
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The payload is not JSON: it breaks off or goes wrong in line {(error.LineNumber ?? 0) + 1}, position {(error.BytePositionInLine ?? 0) + 1}. Check quotes, commas and brackets there.", nameof(payload), error);
        }
    }
}
