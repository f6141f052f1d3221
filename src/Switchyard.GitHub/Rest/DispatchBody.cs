using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>What the two dispatch calls send, within GitHub's limits, and what they answer.</summary>
internal static class DispatchBody
{
    private const string Details = "return_run_details";

    /// <exception cref="ArgumentException">Outside of GitHub's limits.</exception>
    public static byte[] OfRepository(string eventType, ReadOnlyMemory<byte> clientPayload)
    {
        DispatchLimits.Check(eventType, clientPayload);
        return JsonBody.Of(json =>
        {
            json.WriteString("event_type", eventType);
            if (!clientPayload.IsEmpty)
            {
                json.WritePropertyName("client_payload");
                json.WriteRawValue(clientPayload.Span, skipInputValidation: true);
            }
        });
    }

    /// <exception cref="ArgumentException">Too many inputs.</exception>
    public static byte[] OfWorkflow(string reference, IReadOnlyDictionary<string, string> inputs, bool wantDetails)
    {
        DispatchLimits.Check(inputs);
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
}
