using System.Globalization;
using System.Text.Json;

namespace Switchyard.Server.Webhooks;

/// <summary>One attempt; <c>Seconds</c> from when it was due to its end, where that is kept.</summary>
public sealed record DeliveryAttempt(long Number, DateTimeOffset At, string Result, string? Detail, double? Seconds);

/// <summary>A Delivery as the API lists it; <c>Seconds</c> from when it was due to when it was handled.</summary>
public sealed record DeliveryResource(
    string Id, string Provider, string Guid, string Event, string? Action, string? Repository, string? Sender, string State, string? Outcome, string? Error,
    long Attempts, string Source, long Bytes, DateTimeOffset ReceivedAt, DateTimeOffset? HandledAt, DateTimeOffset? NextAttemptAt, double? Seconds);

/// <summary>A Delivery with its headers and attempts; <c>GithubUrl</c> is GitHub's own page of the App's deliveries.</summary>
public sealed record DeliveryDetail(DeliveryResource Delivery, JsonElement Headers, IReadOnlyList<DeliveryAttempt> Attempts, string? GithubUrl);

/// <summary>What came of a walk of the delivery logs: entries seen, Deliveries recovered, and those that could not be.</summary>
public sealed record RecoveryResult(int Walked, int Recovered, int Failed);

/// <summary>A Delivery that GitHub has in its log and that never arrived.</summary>
public sealed record MissedDelivery(string Provider, string Guid, string Event, string? Action, DateTimeOffset DeliveredAt, string? Status);

/// <summary>What a walk of the delivery logs would recover; the sample is of the oldest. <c>Problems</c> says which log could not be read, and why.</summary>
public sealed record RecoveryPlan(int Walked, int Missing, IReadOnlyList<MissedDelivery> Sample, IReadOnlyList<string> Problems);

internal static class DeliveryResources
{
    public static DeliveryResource Of(DeliveryFacts facts) => new(
        facts.Id.ToString(CultureInfo.InvariantCulture),
        facts.Provider,
        facts.Guid,
        facts.Event,
        facts.Action,
        facts.RepositoryName,
        facts.Sender,
        facts.State,
        facts.Outcome,
        facts.Error,
        facts.Attempts,
        facts.Source,
        facts.BodySize,
        Time(facts.ReceivedAt)!.Value,
        Time(facts.HandledAt),
        facts.State == DeliveryState.Failed ? Time(facts.DueAt) : null,
        facts is { State: DeliveryState.Handled, HandledAt: { } handled } ? Math.Max(0, handled - facts.DueAt) / 1000.0 : null);

    public static DeliveryDetail Of(DeliveryFacts facts, IReadOnlyList<AttemptFacts> attempts)
    {
        using var headers = JsonDocument.Parse(facts.Headers);
        return new DeliveryDetail(
            Of(facts),
            headers.RootElement.Clone(),
            [.. attempts.Select(attempt => new DeliveryAttempt(attempt.Number, Time(attempt.At)!.Value, attempt.Result, attempt.Detail, attempt.Took / 1000.0))],
            GithubUrlOf(facts));
    }

    /// <summary>The "Advanced" page of the App's settings. GitHub documents no address of it for an App that an enterprise owns.</summary>
    private static string? GithubUrlOf(DeliveryFacts facts) =>
        facts.AppSlug is not { Length: > 0 } slug || !Uri.TryCreate(facts.WebUrl, UriKind.Absolute, out var web) ? null
        : facts is { OwnerType: "Organization", OwnerLogin: { } owner } ? $"{web.GetLeftPart(UriPartial.Authority)}/organizations/{Uri.EscapeDataString(owner)}/settings/apps/{Uri.EscapeDataString(slug)}/advanced"
        : $"{web.GetLeftPart(UriPartial.Authority)}/settings/apps/{Uri.EscapeDataString(slug)}/advanced";

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
