using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>What the two dispatch calls send, within GitHub's limits, and what they answer.</summary>
internal static class DispatchBody
{
    private const int LongestEventType = 100;
    private const int MostKeys = 10;
    private const int MostInputs = 25;
    private const int LargestPayload = 64 * 1024;
    private const string Details = "return_run_details";

    /// <exception cref="ArgumentException">Outside of GitHub's limits.</exception>
    public static byte[] OfRepository(string eventType, ReadOnlyMemory<byte> clientPayload)
    {
        if (eventType.Length is 0 or > LongestEventType)
        {
            throw new ArgumentException($"The event type has {eventType.Length} characters; GitHub takes 1 to {LongestEventType}.", nameof(eventType));
        }

        using var payload = clientPayload.IsEmpty ? null : Parse(clientPayload);
        return JsonBody.Of(json =>
        {
            json.WriteString("event_type", eventType);
            if (payload is not null)
            {
                json.WritePropertyName("client_payload");
                json.WriteRawValue(clientPayload.Span, skipInputValidation: true);
            }
        });
    }

    /// <exception cref="ArgumentException">Too many inputs.</exception>
    public static byte[] OfWorkflow(string reference, IReadOnlyDictionary<string, string> inputs, bool wantDetails)
    {
        if (inputs.Count > MostInputs)
        {
            throw new ArgumentException($"There are {inputs.Count} inputs; GitHub takes at most {MostInputs}. Put several into one as JSON.", nameof(inputs));
        }

        return JsonBody.Of(json =>
        {
            json.WriteString("ref", reference);
            json.WriteStartObject("inputs");
            foreach (var (name, value) in inputs)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            if (wantDetails)
            {
                json.WriteBoolean(Details, true);
            }
        });
    }

    /// <summary>A 2xx is an accepted dispatch, whatever its body is: an odd one must not look like a failure and be sent again.</summary>
    public static StartedRun ReadStarted(ApiResponse response)
    {
        try
        {
            return response.Body.Length > 0 && JsonSerializer.Deserialize(response.Body, GitHubJson.Default.StartedRun) is { RunId: > 0 } started ? started : StartedRun.Unknown;
        }
        catch (JsonException)
        {
            return StartedRun.Unknown;
        }
    }

    /// <summary>The host does not know the field, and says so; a refusal for another reason stays one.</summary>
    public static bool RefusesDetails(GitHubException refused) =>
        refused.Status is 400 or 422 && refused.GitHubMessage?.Contains(Details, StringComparison.Ordinal) == true;

    private static JsonDocument Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length >= LargestPayload)
        {
            throw new ArgumentException($"The payload has {payload.Length} bytes; GitHub takes less than {LargestPayload}. Send a reference to the data (a commit, an address) and let the workflow fetch it.", nameof(payload));
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The payload is not JSON: {error.Message}", nameof(payload), error);
        }

        var root = document.RootElement;
        var problem = root.ValueKind != JsonValueKind.Object ? $"The payload must be a JSON object; it is {root.ValueKind}."
            : root.GetPropertyCount() > MostKeys ? $"The payload has {root.GetPropertyCount()} top-level keys; GitHub takes at most {MostKeys}. Nest them in one object."
            : null;
        if (problem is null)
        {
            return document;
        }

        document.Dispose();
        throw new ArgumentException(problem, nameof(payload));
    }
}
