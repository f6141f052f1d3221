using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>The REST resources <c>/api/v1/syncs</c> and <c>/api/v1/operations</c>: a Sync is the operation behind a request for one.</summary>
internal static class SyncEndpoints
{
    public static QueryRule[] ListRules => [new ListOrder("-id"), new QueryWords("state", SyncState.All), new QueryProvider()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var syncs = routes.MapGroup("/api/v1/syncs").RequireAuthorization(nameof(Role.Viewer)).WithTags("Syncs");
        FindRepository.TakesName(syncs.MapGet("/", ListAsync).WithName("listSyncs").WithSummary("Syncs, newest first")
            .Checks(ListRules));
        syncs.MapGet("/{id:long}", FindAsync).WithName("getSync").WithSummary("A Sync: progress, result, error");

        var operations = routes.MapGroup("/api/v1/operations").RequireAuthorization(nameof(Role.Viewer)).WithTags("Operations");
        operations.MapGet("/{id:long}", FindAsync).WithName("getOperation").WithSummary("Work under way: state, progress, result, error, next step");
        operations.MapPost("/{id:long}/cancel", CancelAsync).WithName("cancelOperation").WithSummary("Stop work that waits or runs").RequireAuthorization(nameof(Role.Operator));
    }

    public static async Task StopAsync(Sync sync, SyncStore store, SyncLane lane, CancellationToken cancellation)
    {
        await store.CancelAsync(sync.Id, cancellation);
        lane.Stop(sync.Id);
    }

    public static async Task<Results<Ok<Page<SyncResource>>, ProblemHttpResult>> ListAsync(
        HttpContext context, PageRequest page, SyncStore store, FindRepository find, string? repository, string? provider, string? state, CancellationToken cancellation)
    {
        long? id = null;
        if (repository is { Length: > 0 })
        {
            var (found, problem) = await find.RunAsync(repository, provider, cancellation);
            if (problem is not null)
            {
                return problem;
            }

            id = found!.Id;
        }

        var (rows, total) = await store.ListAsync(id, provider, state, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => SyncResource.Of(row)));
    }

    public static async Task<Results<Ok<SyncResource>, ProblemHttpResult>> FindAsync(long id, SyncStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } sync ? TypedResults.Ok(SyncResource.Of(sync)) : NotFound(id);

    public static async Task<Results<Accepted<SyncResource>, ProblemHttpResult>> CancelAsync(long id, SyncStore store, SyncLane lane, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } sync)
        {
            return NotFound(id);
        }

        await StopAsync(sync, store, lane, cancellation);
        return TypedResults.Accepted($"/api/v1/operations/{id}", SyncResource.Of((await store.FindAsync(id, cancellation))!));
    }

    private static ProblemHttpResult NotFound(long id) => Problem.NotFound($"There is no Sync {id}.", new NextStep("List Syncs", Href: "/api/v1/syncs", Command: "switchyard repo syncs"));
}
