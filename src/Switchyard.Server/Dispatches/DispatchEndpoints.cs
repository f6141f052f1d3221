using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Dispatches;

/// <summary>The REST resource <c>/api/v1/dispatches</c>.</summary>
internal static class DispatchEndpoints
{
    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("state", DispatchState.All), new QueryProvider(), new QueryRepository(), new QueryRuleName()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/dispatches").RequireAuthorization(nameof(Role.Viewer)).WithTags("Dispatches");
        group.MapGet("/", ListAsync).WithName("listDispatches").WithSummary("Dispatches with their Runs, newest first")
            .Checks(ListRules);
        group.MapGet("/{id:long}", FindAsync).WithName("getDispatch").WithSummary("A Dispatch with its attempts, its Run and all that led to it");
        group.MapPost("/{id:long}/cancel", CancelAsync).WithName("cancelDispatch").WithSummary("Take a Dispatch back before it is sent")
            .ActsWith("Dispatch 42 is Sent: it was sent, or may have been.");
        group.MapPost("/{id:long}/retry", RetryAsync).WithName("retryDispatch").WithSummary("Send again what was not sent: the same payload, the next attempt")
            .ActsWith("Dispatch 42 is Sent: only one that is Failed, Dead, Suppressed or Cancelled can be sent again.");
        group.MapPost("/{id:long}/run/cancel", CancelRunAsync).WithName("cancelRun").WithSummary("Stop the Run of a Dispatch")
            .ActsWith("No Run of dispatch 42 is known yet.").Refuses(StatusCodes.Status502BadGateway, "Upstream", "Could not cancel run 7 of acme/the-tests: GitHub answered 502.");
        group.MapPost("/{id:long}/run/rerun", RerunAsync).WithName("rerunRun").WithSummary("Run the Run of a Dispatch again; with failedOnly=true only the jobs that failed").Checks(new QueryWords("failedOnly", ["true", "false"]))
            .ActsWith("No Run of dispatch 42 is known yet.").Refuses(StatusCodes.Status502BadGateway, "Upstream", "Could not run run 7 of acme/the-tests again: GitHub answered 502.");
    }

    private static RouteHandlerBuilder ActsWith(this RouteHandlerBuilder endpoint, string conflict) =>
        endpoint.RequireAuthorization(nameof(Role.Operator)).Refuses(StatusCodes.Status409Conflict, "Conflict", conflict);

    public static async Task<Ok<Page<DispatchResource>>> ListAsync(
        HttpContext context, PageRequest page, DispatchQueries queries, string? rule, string? repository, string? target, string? state, string? run, string? provider, CancellationToken cancellation)
    {
        var (rows, total) = await queries.ListAsync(new DispatchFilter(rule, repository, target, state, run, provider), page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Dispatch.Id.ToString(CultureInfo.InvariantCulture), DispatchResources.Of));
    }

    public static async Task<Results<Ok<DispatchDetail>, ProblemHttpResult>> FindAsync(long id, DispatchQueries queries, CancellationToken cancellation) =>
        await queries.FindAsync(id, cancellation) is var (dispatch, trace) ? TypedResults.Ok(DispatchResources.Of(dispatch, trace)) : NotFound(id);

    public static Task<Results<Accepted<DispatchDetail>, ProblemHttpResult>> CancelAsync(
        long id, HttpContext context, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
        ActAsync(id, dispatch => actions.CancelAsync(dispatch, context.User.Identity?.Name ?? "unknown", cancellation), store, queries, cancellation);

    public static Task<Results<Accepted<DispatchDetail>, ProblemHttpResult>> RetryAsync(
        long id, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
        ActAsync(id, dispatch => actions.RetryAsync(dispatch, cancellation), store, queries, cancellation);

    public static Task<Results<Accepted<DispatchDetail>, ProblemHttpResult>> CancelRunAsync(
        long id, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
        ActAsync(id, dispatch => actions.CancelRunAsync(dispatch, cancellation), store, queries, cancellation);

    public static Task<Results<Accepted<DispatchDetail>, ProblemHttpResult>> RerunAsync(
        long id, string? failedOnly, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
        ActAsync(id, dispatch => actions.RerunAsync(dispatch, failedOnly == "true", cancellation), store, queries, cancellation);

    private static async Task<Results<Accepted<DispatchDetail>, ProblemHttpResult>> ActAsync(
        long id, Func<Dispatch, Task<ActionResult>> act, DispatchStore store, DispatchQueries queries, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } dispatch)
        {
            return NotFound(id);
        }

        var result = await act(dispatch);
        if (!result.Done)
        {
            NextStep[] next = result.NextStep is { } step ? [new NextStep(step)] : [];
            return result.OtherSide ? Problem.Upstream(result.Why!, next) : Problem.Conflict(result.Why!, next);
        }

        var (after, trace) = (await queries.FindAsync(id, cancellation))!.Value;
        return TypedResults.Accepted($"/api/v1/dispatches/{id}", DispatchResources.Of(after, trace));
    }

    private static ProblemHttpResult NotFound(long id) =>
        Problem.NotFound($"There is no dispatch {id}.", new NextStep("List dispatches", Href: "/api/v1/dispatches", Command: "switchyard dispatch list"));
}
