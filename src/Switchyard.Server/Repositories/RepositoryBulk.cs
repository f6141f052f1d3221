using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

/// <summary>
/// One action for many repositories: those named, or those that a filter of the list shows. First the plan, which changes nothing;
/// each repository then gets what its own action does, and one that refuses keeps no other from it. All of it can be repeated.
/// </summary>
internal sealed class RepositoryBulk(RepositoryCatalogue catalogue, RepositoryStore repositories, SyncStore syncs, SyncLane lane, Lanes lanes, TimeProvider time)
{
    public const string Sync = "sync";
    public const string SyncFull = "sync-full";
    public const string Cancel = "cancel";
    public const string Suspend = "suspend";
    public const string Resume = "resume";

    public static IReadOnlyList<string> Actions { get; } = [Sync, SyncFull, Cancel, Suspend, Resume];

    private const int Step = 500;

    private const int Shown = 20;

    /// <param name="Action">One of <c>sync</c>, <c>sync-full</c>, <c>cancel</c>, <c>suspend</c>, <c>resume</c>.</param>
    /// <param name="Ids">The repositories; the filters are not looked at then.</param>
    /// <param name="Status">As in the list.</param>
    /// <param name="Health">As in the list.</param>
    /// <param name="Provider">As in the list.</param>
    /// <param name="Q">As in the list.</param>
    /// <param name="Expected">How many the plan had: where it is another number by now, nothing is done.</param>
    /// <param name="DryRun">Only say what would be done.</param>
    public sealed record BulkRequest(string? Action, IReadOnlyList<string>? Ids, string? Status, string? Health, string? Provider, string? Q, int? Expected, bool? DryRun);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/repositories/bulk", (BulkRequest request, HttpContext context, RepositoryBulk bulk, CancellationToken cancellation) => bulk.RunAsync(request, context, cancellation))
            .RequireAuthorization(nameof(Role.Operator)).WithTags("Repositories").WithName("bulkRepositories").WithSummary("Synchronize, cancel, suspend or resume many repositories; with dryRun only the plan")
            .Refuses(StatusCodes.Status409Conflict, "Conflict", "The plan had 12 repositories and now there are 14. Nothing was done; look at the plan again.");

    public async Task<Results<Ok<BulkResource>, ProblemHttpResult>> RunAsync(BulkRequest request, HttpContext context, CancellationToken cancellation)
    {
        if (request.Action is not { } action || !Actions.Contains(action, StringComparer.Ordinal))
        {
            return Problem.Invalid($"There is no action \"{request.Action}\". The actions are {string.Join(", ", Actions)}.", "/action");
        }

        if (Unknown(request.Status, RepositoryStatus.All) || Unknown(request.Health, RepositoryHealth.All))
        {
            return Problem.Invalid(
                $"The statuses are {string.Join(", ", RepositoryStatus.All)}, the healths {string.Join(", ", RepositoryHealth.All)}.", Unknown(request.Status, RepositoryStatus.All) ? "/status" : "/health");
        }

        if (request.Ids?.FirstOrDefault(id => !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)) is { } wrong)
        {
            return Problem.Invalid($"\"{wrong}\" is no id of a repository.", "/ids");
        }

        var (found, left) = (new List<Repository>(), 0);
        await foreach (var repository in FindAsync(request, cancellation))
        {
            if (await AppliesAsync(action, repository, cancellation))
            {
                found.Add(repository);
            }
            else
            {
                left++;
            }
        }

        if (request.Expected is { } expected && expected != found.Count)
        {
            return Problem.Conflict($"The plan had {expected} repositories and now there are {found.Count}. Nothing was done; look at the plan again.", new NextStep("The plan as it is now", PlanOf(request)));
        }

        var (done, failed) = (0, new List<BulkFailure>());
        foreach (var repository in request.DryRun == true ? [] : found)
        {
            if (await DoAsync(action, repository.Id, context, cancellation) is { } problem)
            {
                failed.Add(new BulkFailure(repository.FullName, problem));
            }
            else
            {
                done++;
            }
        }

        return TypedResults.Ok(new BulkResource(action, request.DryRun == true, found.Count, left, done, [.. found.Take(Shown).Select(repository => repository.FullName)], failed));
    }

    private static string PlanOf(BulkRequest request) => QueryHelpers.AddQueryString(
        "/repositories/bulk",
        new (string Name, string? Value)[] { ("action", request.Action), ("status", request.Status), ("health", request.Health), ("provider", request.Provider), ("q", request.Q) }
            .Concat((request.Ids ?? []).Select(id => ("id", (string?)id))).Where(pair => pair.Item2 is not null).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));

    private static bool Unknown(string? word, IReadOnlyList<string> words) => !string.IsNullOrEmpty(word) && !words.Contains(word, StringComparer.OrdinalIgnoreCase);

    private async IAsyncEnumerable<Repository> FindAsync(BulkRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.Ids is { } ids)
        {
            foreach (var id in ids.Select(id => long.Parse(id, CultureInfo.InvariantCulture)).Distinct())
            {
                if (await repositories.FindAsync(id, cancellation) is { } repository)
                {
                    yield return repository;
                }
            }

            yield break;
        }

        var filter = new RepositoryFilter(request.Status, request.Health, request.Provider, request.Q);
        var page = new PageRequest { Limit = Step };
        while (true)
        {
            var (rows, _) = await catalogue.ListAsync(filter, page, cancellation);
            foreach (var row in rows.Take(Step))
            {
                yield return row;
            }

            if (rows.Count <= Step)
            {
                yield break;
            }

            page = new PageRequest { Limit = Step, After = rows[Step - 1].Id.ToString(CultureInfo.InvariantCulture) };
        }
    }

    private async ValueTask<bool> AppliesAsync(string action, Repository repository, CancellationToken cancellation) => action switch
    {
        Suspend => repository.Suspended == 0,
        Resume => repository.Suspended == 1,
        Cancel => (await syncs.ListOpenAsync(repository.Id, cancellation)).Count > 0,
        _ => repository.MayWork,
    };

    /// <summary>Why it could not be done; null where it was.</summary>
    private async Task<string?> DoAsync(string action, long id, HttpContext context, CancellationToken cancellation)
    {
        INestedHttpResult answer = action switch
        {
            Suspend => await RepositoryActions.SuspendAsync(id, repositories, cancellation),
            Resume => await RepositoryActions.ResumeAsync(id, repositories, lanes, cancellation),
            Cancel => await RepositoryActions.CancelAsync(id, repositories, syncs, lane, cancellation),
            _ => await RepositoryActions.SyncAsync(id, new(action == SyncFull ? SyncMode.Full : SyncMode.Recent, null), context, repositories, syncs, lanes, time, cancellation),
        };
        return (answer.Result as ProblemHttpResult)?.ProblemDetails.Detail;
    }
}
