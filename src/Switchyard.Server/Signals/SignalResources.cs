using System.Text.Json;

namespace Switchyard.Server.Signals;

/// <summary>A Signal as the API lists it.</summary>
public sealed record SignalResource(
    string Id, string Kind, string Provider, string? Repository, string? Ref, string? Sha, string? Action, string? Actor, string? Url, string Source, string? DeliveryId,
    DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, DateTimeOffset? EvaluatedAt);

/// <summary>A Signal with which fact it is, and what rules are held against.</summary>
public sealed record SignalDetail(SignalResource Signal, string Identity, JsonElement Facts);
