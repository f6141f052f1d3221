using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;

namespace Switchyard.Server.Activity;

/// <summary><c>GET /api/v1/activity</c>: what happened lately.</summary>
internal static class ActivityEndpoints
{
    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new QueryWords("kind", ActivityStore.Kinds)];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/activity", ListAsync).RequireAuthorization(nameof(Role.Viewer)).WithTags("Activity")
            .WithName("listActivity").WithSummary("The newest of deliveries, signals, what waits, dispatches and Syncs together, newest first").Checks(ListRules);

    public static async Task<Ok<IReadOnlyList<ActivityItem>>> ListAsync(ActivityStore store, string? repository, string? kind, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<ActivityItem>>(await store.ListAsync(repository, kind, PageRequest.DefaultLimit * 2, cancellation));
}
