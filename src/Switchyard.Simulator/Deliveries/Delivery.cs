using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Deliveries;

/// <summary>One event on its way to one hook.</summary>
internal sealed record OutboundEvent(Hook Hook, string Guid, string Event, string? Action, byte[] Payload)
{
    public long? InstallationId { get; init; }

    public long? RepositoryId { get; init; }

    public DateTimeOffset? ThrottledAt { get; init; }

    public bool Redelivery { get; init; }

    /// <summary>Made by a fault switch; it makes no further ones.</summary>
    public bool Extra { get; init; }
}

/// <summary>One attempt, as the delivery log lists it.</summary>
internal sealed record DeliveryAttempt(long Id, OutboundEvent Event, DateTimeOffset DeliveredAt, string Url)
{
    public double Duration { get; init; }

    public required string Status { get; init; }

    public required int StatusCode { get; init; }

    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string>? ResponseHeaders { get; init; }

    public string? ResponseBody { get; init; }

    /// <summary>False for attempts that a switch only pretends to have made.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>False for those that a switch hides from GitHub's own log.</summary>
    public bool Listed { get; init; } = true;

    public bool Succeeded => StatusCode is >= 200 and < 400;

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["guid"] = Event.Guid,
            ["delivered_at"] = DeliveredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            ["redelivery"] = Event.Redelivery,
            ["duration"] = Math.Round(Duration, 3),
            ["status"] = Status,
            ["status_code"] = StatusCode,
            ["event"] = Event.Event,
            ["action"] = Event.Action,
            ["installation_id"] = Event.InstallationId,
            ["repository_id"] = Event.RepositoryId,
        };
        if (Event.ThrottledAt is { } throttled)
        {
            json["throttled_at"] = Wire.Time(throttled);
        }

        return json;
    }

    public JsonObject ToDetailedJson()
    {
        var json = ToJson();
        json["url"] = Url;
        json["request"] = new JsonObject { ["headers"] = Wire.Map(RequestHeaders), ["payload"] = JsonNode.Parse(Event.Payload) };
        json["response"] = new JsonObject { ["headers"] = ResponseHeaders is null ? null : Wire.Map(ResponseHeaders), ["payload"] = ResponseBody };
        return json;
    }
}
