using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Webhooks;

/// <summary>The REST resource <c>/api/v1/deliveries</c>.</summary>
internal static class DeliveryEndpoints
{
    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("state", DeliveryState.All), new QueryProvider()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/deliveries").RequireAuthorization(nameof(Role.Viewer)).WithTags("Deliveries");
        group.MapGet("/", ListAsync).WithName("listDeliveries").WithSummary("Deliveries, newest first")
            .Checks(ListRules).RefusesUnknownRepository();
        group.MapGet("/{id:long}", FindAsync).WithName("getDelivery").WithSummary("A Delivery with its headers and attempts");
        group.MapGet("/{id:long}/payload", PayloadAsync).WithName("getDeliveryPayload").WithSummary("The JSON payload as received").RequireAuthorization(nameof(Role.Operator));
        group.MapPost("/{id:long}/replay", ReplayAsync).WithName("replayDelivery").WithSummary("Work a Delivery off again").RequireAuthorization(nameof(Role.Operator));
        group.MapGet("/recover", PlanAsync).WithName("planRecovery").WithSummary("What a walk of the App's delivery log would recover; nothing is stored").RequireAuthorization(nameof(Role.Operator));
        group.MapPost("/recover", RecoverAsync).WithName("recoverDeliveries").WithSummary("Walk the App's delivery log for what never arrived").RequireAuthorization(nameof(Role.Operator));
    }

    public static async Task<Results<Ok<Page<DeliveryResource>>, ProblemHttpResult>> ListAsync(
        HttpContext context, PageRequest page, DeliveryStore store, IRepositoryNames names, string? state, string? @event, string? provider, string? repository, string? guid, string? since, string? until, TimeProvider time, CancellationToken cancellation)
    {
        var (times, refusal) = QueryTime.Read(time, ("since", since), ("until", until));
        if (refusal is not null)
        {
            return refusal;
        }

        var (rows, total) = await store.ListAsync(new DeliveryFilter(state, @event, provider, repository, guid?.Trim().ToLowerInvariant(), times[0], times[1]), page, cancellation);

        // Deliveries speak of repositories that are not mirrored, too: those are known as well.
        if (total == 0 && repository is { Length: > 0 } && !await store.NamesAsync(repository, cancellation) && await names.MissingAsync(repository, provider, cancellation) is { } missing)
        {
            return missing;
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), DeliveryResources.Of));
    }

    public static async Task<Results<Ok<DeliveryDetail>, ProblemHttpResult>> FindAsync(long id, DeliveryStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } facts)
        {
            return NotFound(id);
        }

        return TypedResults.Ok(DeliveryResources.Of(facts, await store.ListAttemptsAsync(facts, cancellation)));
    }

    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PayloadAsync(long id, DeliveryStore store, CancellationToken cancellation) =>
        await store.ReadPayloadAsync(id, cancellation) is { } payload
            ? TypedResults.File(payload, "application/json")
            : await store.FindAsync(id, cancellation) is null ? NotFound(id) : Problem.NotFound($"The payload of delivery {id} has been removed by retention (Webhooks:BodyRetention).");

    public static async Task<Results<Accepted, ProblemHttpResult>> ReplayAsync(long id, HttpContext context, DeliveryStore store, Lanes lanes, CancellationToken cancellation)
    {
        if (await store.ReplayAsync(id, context.User.Identity?.Name ?? "unknown", cancellation) is not { } lane)
        {
            return NotFound(id);
        }

        lanes.Kick<DeliveryLane>(lane);
        return TypedResults.Accepted($"/api/v1/deliveries/{id}");
    }

    public static async Task<Ok<RecoveryResult>> RecoverAsync(RecoverMissedDeliveries recover, CancellationToken cancellation) =>
        TypedResults.Ok(await recover.WalkAllAsync(cancellation));

    public static async Task<Ok<RecoveryPlan>> PlanAsync(RecoverMissedDeliveries recover, CancellationToken cancellation) =>
        TypedResults.Ok(await recover.PlanAsync(cancellation));

    private static ProblemHttpResult NotFound(long id) =>
        Problem.NotFound($"There is no delivery {id}.", new NextStep("List deliveries", Href: "/api/v1/deliveries", Command: "switchyard delivery list"));
}
