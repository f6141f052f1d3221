using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Webhooks;

/// <summary>The REST resource <c>/api/v1/deliveries</c>.</summary>
internal static class DeliveryEndpoints
{
    /// <summary>One attempt; <c>Seconds</c> from when it was due to its end, where that is kept.</summary>
    public sealed record Attempt(long Number, DateTimeOffset At, string Result, string? Detail, double? Seconds);

    public sealed record Delivery(
        string Id, string Provider, string Guid, string Event, string? Action, string? Repository, string? Sender, string State, string? Outcome, string? Error,
        long Attempts, string Source, long Bytes, DateTimeOffset ReceivedAt, DateTimeOffset? HandledAt, DateTimeOffset? NextAttemptAt);

    public sealed record DeliveryDetail(Delivery Delivery, JsonElement Headers, IReadOnlyList<Attempt> Attempts);

    public sealed record Recovery(int Walked, int Recovered, int Failed);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/deliveries").RequireAuthorization(nameof(Role.Viewer)).WithTags("Deliveries");
        group.MapGet("/", ListAsync).WithName("listDeliveries").WithSummary("Deliveries, newest first")
            .Checks(new ListOrder("-id"), new QueryWords("state", DeliveryState.All), new QueryProvider()).RefusesUnknownRepository();
        group.MapGet("/{id:long}", FindAsync).WithName("getDelivery").WithSummary("A Delivery with its headers and attempts");
        group.MapGet("/{id:long}/payload", PayloadAsync).WithName("getDeliveryPayload").WithSummary("The JSON payload as received").RequireAuthorization(nameof(Role.Operator));
        group.MapPost("/{id:long}/replay", ReplayAsync).WithName("replayDelivery").WithSummary("Work a Delivery off again").RequireAuthorization(nameof(Role.Operator));
        group.MapPost("/recover", RecoverAsync).WithName("recoverDeliveries").WithSummary("Walk the App's delivery log for what never arrived").RequireAuthorization(nameof(Role.Operator));
    }

    private static async Task<Results<Ok<Page<Delivery>>, ProblemHttpResult>> ListAsync(
        HttpContext context, PageRequest page, DeliveryStore store, IRepositoryNames names, string? state, string? @event, string? provider, string? repository, string? guid, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(new DeliveryFilter(state, @event, provider, repository, guid), page, cancellation);

        // Deliveries speak of repositories that are not mirrored, too: those are known as well.
        if (total == 0 && repository is { Length: > 0 } && !await store.NamesAsync(repository, cancellation) && await names.MissingAsync(repository, provider, cancellation) is { } missing)
        {
            return missing;
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    private static async Task<Results<Ok<DeliveryDetail>, ProblemHttpResult>> FindAsync(long id, DeliveryStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } facts)
        {
            return NotFound(id);
        }

        var attempts = await store.ListAttemptsAsync(facts, cancellation);
        using var headers = JsonDocument.Parse(facts.Headers);
        return TypedResults.Ok(new DeliveryDetail(
            Show(facts),
            headers.RootElement.Clone(),
            [.. attempts.Select(attempt => new Attempt(attempt.Number, Time(attempt.At)!.Value, attempt.Result, attempt.Detail, attempt.Took / 1000.0))]));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PayloadAsync(long id, DeliveryStore store, CancellationToken cancellation) =>
        await store.ReadPayloadAsync(id, cancellation) is { } payload
            ? TypedResults.File(payload, "application/json")
            : await store.FindAsync(id, cancellation) is null ? NotFound(id) : Problem.NotFound($"The payload of delivery {id} has been removed by retention (Webhooks:BodyRetention).");

    private static async Task<Results<Accepted, ProblemHttpResult>> ReplayAsync(long id, HttpContext context, DeliveryStore store, Lanes lanes, CancellationToken cancellation)
    {
        if (await store.ReplayAsync(id, context.User.Identity?.Name ?? "unknown", cancellation) is not { } lane)
        {
            return NotFound(id);
        }

        lanes.Kick<DeliveryLane>(lane);
        return TypedResults.Accepted($"/api/v1/deliveries/{id}");
    }

    private static async Task<Ok<Recovery>> RecoverAsync(RecoverMissedDeliveries recover, CancellationToken cancellation) =>
        TypedResults.Ok(await recover.WalkAllAsync(cancellation));

    private static ProblemHttpResult NotFound(long id) =>
        Problem.NotFound($"There is no delivery {id}.", new NextStep("List deliveries", Href: "/api/v1/deliveries", Command: "switchyard delivery list"));

    private static Delivery Show(DeliveryFacts facts) => new(
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
        facts.State == DeliveryState.Failed ? Time(facts.DueAt) : null);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
