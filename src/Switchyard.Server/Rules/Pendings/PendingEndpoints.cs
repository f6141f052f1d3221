using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>The REST resource <c>/api/v1/pendings</c>: what has matched and waits for quiet or for checks.</summary>
internal static class PendingEndpoints
{
    private const string Ended = "This no longer waits: it is Released.";

    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("state", PendingState.All), new QueryProvider(), new QueryRepository(), new QueryRuleName()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/pendings").RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules");
        group.MapGet("/", ListAsync).WithName("listPendings").WithSummary("What has matched and waits for quiet or for checks, newest first")
            .Checks(ListRules);
        group.MapGet("/{id:long}", FindAsync).WithName("getPending").WithSummary("What waits, with the commits that went in");
        group.MapPost("/{id:long}/now", NowAsync).WithName("endQuiet").WithSummary("Do not wait for quiet any longer; checks are waited for all the same").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status409Conflict, "Conflict", Ended);
        group.MapPost("/{id:long}/cancel", CancelAsync).WithName("cancelPending").WithSummary("Start nothing").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status409Conflict, "Conflict", Ended);
    }

    public static async Task<Ok<Page<PendingResource>>> ListAsync(
        HttpContext context, PageRequest page, PendingStore store, string? state, string? rule, string? repository, string? provider, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(new PendingFilter(state, rule, repository, provider), page, cancellation);
        var shown = new Dictionary<long, PendingResource>();
        foreach (var row in rows)
        {
            shown[row.Id] = await ShowAsync(row, store, cancellation);
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => shown[row.Id]));
    }

    public static async Task<Results<Ok<PendingResource>, ProblemHttpResult>> FindAsync(long id, PendingStore store, CancellationToken cancellation) =>
        await store.FindFactsAsync(id, cancellation) is { } pending ? TypedResults.Ok(await ShowAsync(pending, store, cancellation)) : NotFound(id);

    public static async Task<Results<Accepted<PendingResource>, ProblemHttpResult>> NowAsync(long id, HttpContext context, PendingStore store, Lanes lanes, CancellationToken cancellation)
    {
        if (await store.NowAsync(id, context.User.Identity?.Name ?? "unknown", cancellation) is not { } lane)
        {
            return await RefuseAsync(id, store, cancellation);
        }

        lanes.Kick(EvaluateSignals.PendingKind, lane);
        return TypedResults.Accepted($"/api/v1/pendings/{id}", await ShowAsync((await store.FindFactsAsync(id, cancellation))!, store, cancellation));
    }

    public static async Task<Results<Accepted<PendingResource>, ProblemHttpResult>> CancelAsync(long id, HttpContext context, CancelPending cancel, PendingStore store, CancellationToken cancellation) =>
        await cancel.RunAsync(id, context.User.Identity?.Name ?? "unknown", cancellation)
            ? TypedResults.Accepted($"/api/v1/pendings/{id}", await ShowAsync((await store.FindFactsAsync(id, cancellation))!, store, cancellation))
            : await RefuseAsync(id, store, cancellation);

    private static async Task<ProblemHttpResult> RefuseAsync(long id, PendingStore store, CancellationToken cancellation) =>
        await store.FindFactsAsync(id, cancellation) is { } ended
            ? Problem.Conflict($"This no longer waits: it is {ended.State}{(ended.Detail is { } detail ? $" ({detail})" : "")}.", new NextStep("See what it started", "/api/v1/dispatches?pending=" + id, "switchyard dispatch list"))
            : NotFound(id);

    private static async Task<PendingResource> ShowAsync(PendingFacts facts, PendingStore store, CancellationToken cancellation) => Show(facts, await store.ListSourcesAsync(facts.Id, cancellation));

    private static PendingResource Show(PendingFacts facts, IReadOnlyList<PendingSource> sources) => new(
        Text(facts.Id),
        facts.Rule,
        Text(facts.RuleId),
        facts.Source,
        facts.Provider,
        facts.Key,
        facts.State,
        facts.Detail,
        Text(facts.SignalId),
        RuleResource.Time(facts.FirstAt)!.Value,
        RuleResource.Time(facts.LastAt)!.Value,
        PendingState.IsOpen(facts.State) ? RuleResource.Time(facts.DueAt) : null,
        facts.QuietUntil > facts.LastAt ? RuleResource.Time(facts.QuietUntil) : null,
        RuleResource.Time(facts.NowAt),
        facts.NowBy,
        RuleResource.Time(facts.ChecksSince),
        RuleResource.Time(facts.EndedAt),
        facts.EndedBy,
        PendingSteps.Of(facts, sources),
        [.. sources.Select(source => new PendingSourceResource(source.RepositoryName, source.Ref, source.Sha, source.Signals, Text(source.SignalId)))]);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static ProblemHttpResult NotFound(long id) => Problem.NotFound($"Nothing that waits has the number {id}.", new NextStep("List what waits", Href: "/api/v1/pendings", Command: "switchyard pending list"));
}
