using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Catalog;
using Switchyard.GitHub;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

/// <summary>The REST resource <c>/api/v1/repositories</c>.</summary>
internal static class RepositoryEndpoints
{
    public sealed record NewRepository(string? Provider, string? Repository);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/repositories").RequireAuthorization(nameof(Role.Viewer)).WithTags("Repositories");
        group.MapGet("/", ListAsync).WithName("listRepositories").WithSummary("Linked repositories with status, health and last Sync")
            .Checks(ListRules);
        group.MapPost("/", LinkAsync).WithName("linkRepository").WithSummary("Link a repository by its name").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status404NotFound, "NotFound", "GitHub knows no repository acme/models that the App may see.")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time.");
        group.MapGet("/{id:long}", (long id, FindRepository find, RepositoryCatalogue catalogue, CancellationToken cancellation) =>
            FindAsync(id.ToString(CultureInfo.InvariantCulture), null, find, catalogue, cancellation)).WithName("getRepository").WithSummary("A repository with its reasons and formats");
        FindRepository.TakesName(group.MapGet("/by-name/{owner}/{name}", (string owner, string name, string? provider, FindRepository find, RepositoryCatalogue catalogue, CancellationToken cancellation) =>
            FindAsync($"{owner}/{name}", provider, find, catalogue, cancellation)).WithName("getRepositoryByName").WithSummary("A repository by its present name; provider says which where several have one of that name")
            .Checks(new QueryProvider()));
        group.MapGet("/{id:long}/problems", ProblemsAsync).WithName("listRepositoryProblems").WithSummary("What is wrong with a repository and the models in it; limit counts models").Checks(new ListOrder("path"));
        group.MapGet("/{id:long}/ignored", IgnoredAsync).WithName("listIgnoredPaths").WithSummary("How many candidates each pattern of the ignore file leaves out").Checks(new ListOrder("-candidates"));
        RepositoryActions.Map(group);
    }

    public static ProblemHttpResult NotFound(long id) => FindRepository.NotFound(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The parameters of the list, for the API and the page.</summary>
    public static QueryRule[] ListRules => [new ListOrder("id"), new QueryWords("status", RepositoryStatus.All), new QueryWords("health", RepositoryHealth.All), new QueryProvider()];

    public static async Task<Ok<Page<RepositoryResource>>> ListAsync(
        HttpContext context, PageRequest page, RepositoryCatalogue catalogue, string? status, string? health, string? provider, string? q, CancellationToken cancellation)
    {
        var (rows, total) = await catalogue.ListAsync(new RepositoryFilter(status, health, provider, q), page, cancellation);
        var counts = await catalogue.CountAsync(rows.ConvertAll(row => row.Id), cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => Show(row, counts[row.Id])));
    }

    private static async Task<Results<Created<RepositoryResource>, ProblemHttpResult>> LinkAsync(
        NewRepository request, LinkRepository link, RepositoryStore store, RepositoryCatalogue catalogue, CancellationToken cancellation)
    {
        if (request.Provider is not { Length: > 0 } provider || request.Repository?.Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
        {
            return Problem.Invalid("Give the provider's slug and the repository as owner/name.", request.Provider is { Length: > 0 } ? "/repository" : "/provider");
        }

        try
        {
            var id = await link.RunAsync(provider, owner, name, cancellation);
            var row = (await store.FindAsync(id, cancellation))!;
            return TypedResults.Created($"/api/v1/repositories/{id}", Show(row, (await catalogue.CountAsync([id], cancellation))[id]));
        }
        catch (LinkException refused)
        {
            return Problem.NotFound(refused.Message, refused.Member, refused.Next);
        }
        catch (StillUnlinkingException unlinking)
        {
            return Problem.Conflict(unlinking.Message, unlinking.Next);
        }
        catch (GitHubException failure)
        {
            return failure.Kind == GitHubErrorKind.NotFound
                ? Problem.NotFound(failure.Message)
                : Problem.Upstream($"{failure.Message} It was asked with the key or token of provider \"{provider}\".", new NextStep("Look at the provider", "/api/v1/providers/" + provider, $"switchyard provider view {provider}"));
        }
    }

    public static async Task<Results<Ok<RepositoryDetail>, ProblemHttpResult>> FindAsync(
        string reference, string? provider, FindRepository find, RepositoryCatalogue catalogue, CancellationToken cancellation)
    {
        var (row, problem) = await find.RunAsync(reference, provider, cancellation);
        if (row is null)
        {
            return problem!;
        }

        var shown = Show(row, (await catalogue.CountAsync([row.Id], cancellation))[row.Id]);
        var formats = await catalogue.CountFormatsAsync(row.Id, cancellation);
        var reasons = await catalogue.ListReasonsAsync(row.Id, openOnly: true, cancellation);
        return TypedResults.Ok(new RepositoryDetail(
            shown.Id,
            shown.GithubId,
            shown.Provider,
            shown.InstallationId,
            shown.FullName,
            shown.Owner,
            shown.Name,
            shown.DefaultBranch,
            shown.Private,
            shown.Archived,
            shown.Linked,
            shown.Suspended,
            shown.Status,
            shown.Health,
            shown.SyncedHead,
            shown.SyncedAt,
            shown.WantedHead,
            shown.WantedAt,
            shown.Source,
            shown.Models,
            formats.Sum(format => format.Versions),
            shown.Problems,
            shown.LastSync,
            shown.HtmlUrl,
            reasons.FindAll(reason => !reason.IsNote).ConvertAll(Show),
            reasons.FindAll(reason => reason.IsNote).ConvertAll(Show),
            formats.ConvertAll(format => new FormatResource(
                format.Format, format.Models, format.Versions, format.Containers, format.Entities, format.Attributes, format.Relationships, format.Views))));
    }

    public static async Task<Results<Ok<Page<ProblemResource>>, ProblemHttpResult>> ProblemsAsync(
        long id, HttpContext context, PageRequest page, RepositoryStore store, RepositoryCatalogue catalogue, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is null)
        {
            return NotFound(id);
        }

        // The sum of what could not be read is below, one by one.
        var reasons = (await catalogue.ListReasonsAsync(id, openOnly: true, cancellation)).FindAll(reason => reason.Code != ReasonCode.ParseFailed && !reason.IsNote);
        var (rows, total) = await catalogue.ListProblemsAsync(id, page, cancellation);
        var models = page.ToPage(context, rows, total, row => row.Path, row => row);
        List<ProblemResource> items = page.After is null
            ? reasons.ConvertAll(reason => new ProblemResource(
                reason.Code, reason.Sentence, null, null, null, null, null, Time(reason.FirstSeen), Time(reason.ResolvedAt)))
            : [];
        items.AddRange(models.Items.SelectMany(ProblemsOf));
        return TypedResults.Ok(new Page<ProblemResource>(items, models.NextCursor, total));
    }

    public static async Task<Results<Ok<Page<IgnoredResource>>, ProblemHttpResult>> IgnoredAsync(
        long id, HttpContext context, PageRequest page, RepositoryStore store, RepositoryCatalogue catalogue, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is null)
        {
            return NotFound(id);
        }

        // An ignore file has at most 1,000 patterns.
        var rows = await catalogue.ListIgnoredAsync(id, cancellation);
        var offset = (int)(page.AfterId ?? 0);
        var next = (offset + page.Limit).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(page.ToPage(
            context,
            rows.Skip(offset).Take(page.Limit + 1).ToList(),
            rows.Count,
            _ => next,
            row => new IgnoredResource(row.Pattern, row.Line == 0 ? null : row.Line, row.Candidates, row.Sample)));
    }

    private static IEnumerable<ProblemResource> ProblemsOf(ModelProblems model) =>
        JsonSerializer.Deserialize<List<JsonElement>>(model.Problems)!.Where(problem => Text(problem, "severity") != nameof(ProblemSeverity.Information)).Select(problem => new ProblemResource(
            Text(problem, "code") ?? "",
            Text(problem, "message") ?? "",
            Text(problem, "severity"),
            model.Id.ToString(CultureInfo.InvariantCulture),
            model.Path,
            problem.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number ? line.GetInt32() : null,
            problem.TryGetProperty("offset", out var offset) && offset.ValueKind == JsonValueKind.Number ? offset.GetInt64() : null,
            null,
            null));

    private static RepositoryResource Show(Repository row, (RepositoryCounts Counts, Sync? LastSync) more) => new(
        row.Id.ToString(CultureInfo.InvariantCulture),
        row.GithubId.ToString(CultureInfo.InvariantCulture),
        row.Provider,
        row.InstallationId?.ToString(CultureInfo.InvariantCulture),
        row.FullName,
        row.Owner,
        row.Name,
        row.DefaultBranch,
        row.Private == 1,
        row.Archived == 1,
        row.Linked == 1,
        row.Suspended == 1,
        row.Status,
        row.Health,
        row.SyncedHead,
        Time(row.SyncedAt),
        row.WantedHead,
        Time(row.WantedAt),
        row.WantedSource,
        more.Counts.Models,
        more.Counts.Problems,
        more.LastSync is null ? null : SyncResource.Of(more.LastSync),
        row.HtmlUrl);

    private static ReasonResource Show(Reason reason) => new(reason.Code, reason.Sentence, Time(reason.FirstSeen)!.Value, Time(reason.LastSeen)!.Value, Time(reason.ResolvedAt));

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
