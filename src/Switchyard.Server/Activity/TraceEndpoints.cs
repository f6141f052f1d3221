using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Activity;

/// <summary><c>GET /api/v1/traces</c>: the way from a Delivery to a Run, from wherever one stands on it.</summary>
internal static class TraceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/traces", FindAsync).RequireAuthorization(nameof(Role.Viewer)).WithTags("Activity")
            .WithName("getTrace").WithSummary("What led to a Delivery, Signal, Evaluation, Dispatch or to what waits, and what came of it: name one of them")
            .Refuses(StatusCodes.Status404NotFound, "NotFound", "There is no dispatch 42, or it is no longer kept.");

    private static async Task<Results<Ok<Trace>, ProblemHttpResult>> FindAsync(
        TraceQueries traces, long? delivery, long? signal, long? evaluation, long? pending, long? dispatch, CancellationToken cancellation)
    {
        (string Name, long? Id, Func<long, CancellationToken, Task<Trace?>> Find)[] all =
        [
            ("delivery", delivery, traces.OfDeliveryAsync),
            ("signal", signal, traces.OfSignalAsync),
            ("evaluation", evaluation, traces.OfEvaluationAsync),
            ("pending", pending, traces.OfPendingAsync),
            ("dispatch", dispatch, traces.OfDispatchAsync),
        ];
        if (all.Where(one => one.Id is not null).ToList() is not [var (name, id, find)])
        {
            return Problem.InvalidQuery(ProblemError.OfParameter("delivery", "Name one of delivery, signal, evaluation, pending and dispatch, by its number."));
        }

        return await find(id!.Value, cancellation) is { } trace ? TypedResults.Ok(trace) : Problem.NotFound($"There is no {name} {id}, or it is no longer kept.");
    }
}
