using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Signals;

/// <summary>The REST resource <c>/api/v1/signals</c>.</summary>
internal static class SignalEndpoints
{
    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("kind", SignalKind.All), new QueryWords("source", SignalSource.All), new QueryProvider()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/signals").RequireAuthorization(nameof(Role.Viewer)).WithTags("Signals");
        group.MapGet("/", ListAsync).WithName("listSignals").WithSummary("Signals, newest first")
            .Checks(ListRules).RefusesUnknownRepository();
        group.MapGet("/{id:long}", FindAsync).WithName("getSignal").WithSummary("A Signal with its facts");
    }

    public static async Task<Results<Ok<Page<SignalResource>>, ProblemHttpResult>> ListAsync(
        HttpContext context, PageRequest page, SignalStore store, IRepositoryNames names, string? kind, string? source, string? provider, string? repository, string? sha, CancellationToken cancellation)
    {
        var filter = new SignalFilter { Kind = kind, Source = source, Provider = provider, Repository = repository, Sha = sha?.ToLowerInvariant() };
        var (rows, total) = await store.ListAsync(filter, page, cancellation);

        // Signals speak of repositories that are not mirrored, too: those are known as well.
        if (total == 0 && repository is { Length: > 0 } && !await store.NamesAsync(repository, cancellation) && await names.MissingAsync(repository, provider, cancellation) is { } missing)
        {
            return missing;
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    public static async Task<Results<Ok<SignalDetail>, ProblemHttpResult>> FindAsync(long id, SignalStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } row)
        {
            return Problem.NotFound($"There is no signal {id}.", new NextStep("List signals", Href: "/api/v1/signals", Command: "switchyard signal list"));
        }

        using var facts = JsonDocument.Parse(row.Facts);
        return TypedResults.Ok(new SignalDetail(Show(row), row.Identity, facts.RootElement.Clone()));
    }

    private static SignalResource Show(SignalRow row)
    {
        var facts = row.ReadFacts();
        return new SignalResource(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.Kind,
            row.Provider,
            row.RepositoryName,
            row.Ref,
            row.Sha,
            facts.Action,
            row.Actor,
            facts.Url,
            row.Source,
            row.DeliveryId?.ToString(CultureInfo.InvariantCulture),
            Time(row.OccurredAt)!.Value,
            Time(row.RecordedAt)!.Value,
            Time(row.EvaluatedAt));
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
