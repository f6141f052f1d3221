using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Models.Diagrams;
using Switchyard.Server.Models.Diffs;

namespace Switchyard.Server.Models;

/// <summary>The REST resource <c>/api/v1/models</c>.</summary>
internal static class ModelEndpoints
{
    private static QueryWords Formats => new("format", ModelFormat.All);

    private static QueryRule[] FilterRules =>
        [Formats, new QueryWords("kind", Enum.GetNames<ModelKind>()), new QueryWords("state", ModelState.All), new QueryWords("status", Enum.GetNames<ModelStatus>()), new QueryProvider(), new QueryRepository()];

    /// <summary>The parameters of the list, for the API and the page.</summary>
    public static QueryRule[] ListRules => [new ListOrder("repository,path"), .. FilterRules];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/models").RequireAuthorization(nameof(Role.Viewer)).WithTags("Models");
        group.MapGet("/", ListAsync).WithName("listModels").WithSummary("Models by repository and path; one that cannot be read shows the last Version that could be, and is stale; q looks into names of models, entities, attributes and repositories")
            .Checks(ListRules);
        group.MapGet("/facets", FacetsAsync).WithName("listModelFacets").WithSummary("How many models there are by format, kind and repository under a filter, and in the folders of one repository")
            .Checks([.. FilterRules]);
        group.MapGet("/search", SearchAsync).WithName("searchModels").WithSummary("Models that hold a text, and what in them does")
            .Checks(new ListOrder("relevance"), Formats, new QueryProvider(), new QueryRepository());
        group.MapGet("/{id:long}", FindAsync).WithName("getModel").WithSummary("A model with its facts and problems");
        group.MapGet("/{id:long}/structure", StructureAsync).WithName("getModelStructure").WithSummary("The structure of the current content, or of the last that could be read");
        group.MapGet("/{id:long}/content", ContentAsync).WithName("getModelContent").WithSummary("The current content: the file as it is, or a zip of the members of a folder");
        VersionEndpoints.Map(group);
        DiffEndpoints.Map(group);
        DiagramEndpoints.Map(group);
    }

    public static ProblemHttpResult NotFound(long id) =>
        Problem.NotFound($"There is no model {id}.", new NextStep("Search models", Href: "/api/v1/models", Command: "switchyard model list"));

    public static ProblemHttpResult NotStored(ModelRow model) => Problem.NotFound(
        $"The content of {model.Path} is not kept here: it is too large, or in Git LFS. Take it from the repository.",
        new NextStep("Clone the repository", Href: model.RepositoryUrl, Command: $"switchyard clone {model.Repository}"));

    public static async Task<Ok<Page<ModelResource>>> ListAsync(
        HttpContext context, PageRequest page, ModelStore store, string? q, string? format, string? kind, string? provider, string? repository, string? folder, string? state, string? status,
        CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(new ModelFilter(q, format, provider, repository, state, status) { Kind = kind, Folder = folder }, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, ModelStore.CursorOf, Show));
    }

    public static async Task<Ok<ModelFacets>> FacetsAsync(
        FacetStore store, string? q, string? format, string? kind, string? provider, string? repository, string? folder, string? state, string? status, CancellationToken cancellation) =>
        TypedResults.Ok(await store.CountAsync(new ModelFilter(q, format, provider, repository, state, status) { Kind = kind, Folder = folder }, cancellation));

    private static async Task<Results<Ok<Page<ModelHit>>, ProblemHttpResult>> SearchAsync(
        HttpContext context, PageRequest page, ModelStore store, ModelReader reader, string? q, string? format, string? provider, string? repository, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(q))
        {
            return Problem.InvalidQuery(ProblemError.OfParameter("q", "Say what to search for: ?q=customer."));
        }

        var offset = page.AfterId ?? 0;
        var (rows, total) = await store.SearchAsync(new ModelFilter(q, format, provider, repository, ModelState.Active, null), offset, page.Limit + 1, cancellation);
        var hits = new List<ModelHit>();
        foreach (var row in rows.Take(page.Limit))
        {
            hits.Add(await HitAsync(row, q.Trim(), reader, cancellation));
        }

        var last = offset + page.Limit;
        var shown = page.ToPage(context, rows, total, _ => last.ToString(CultureInfo.InvariantCulture), row => row);
        return TypedResults.Ok(new Page<ModelHit>(hits, shown.NextCursor, total));
    }

    /// <summary>A model that was found, with what in it matches.</summary>
    public static async Task<ModelHit> HitAsync(ModelRow row, string text, ModelReader reader, CancellationToken cancellation) =>
        new(Show(row), ModelMatches.Find(row, await reader.ReadAsync(row.Path, row.Kind, row.ShownSha256, row.ShownFormat ?? row.Format, cancellation), text));

    public static async Task<Results<Ok<ModelDetail>, ProblemHttpResult>> FindAsync(long id, ModelStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } row)
        {
            return NotFound(id);
        }

        var texts = await store.ReadTextsAsync(id, cancellation);
        return TypedResults.Ok(new ModelDetail(Show(row), JsonSerializer.Deserialize<JsonElement>(texts.Facts), JsonSerializer.Deserialize<JsonElement>(texts.Problems)));
    }

    private static async Task<Results<Utf8ContentHttpResult, ProblemHttpResult>> StructureAsync(long id, ModelStore store, ModelReader reader, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is not { } row ? NotFound(id)
            : await reader.ReadAsync(row.Path, row.Kind, row.ShownSha256, row.ShownFormat ?? row.Format, cancellation) is { } model ? TypedResults.Text(ModelJson.Serialize(model), "application/json")
            : NotStored(row);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ContentAsync(long id, ModelStore store, ModelReader reader, HttpContext context, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is not { } row ? NotFound(id)
            : await reader.ReadFilesAsync(row.Path, row.Kind, row.ContentSha256, cancellation) is { } files ? ModelDownload.Send(context, row.Path, row.Kind, row.Status, files, row.ContentSha256!, isImmutable: false)
            : NotStored(row);

    public static ModelResource Show(ModelRow row) => new(
        Id(row.Id),
        row.Name,
        row.TechnicalName,
        row.Provider,
        row.Repository,
        Id(row.RepositoryId),
        row.Path,
        row.Kind,
        row.Format,
        row.Target,
        row.State,
        row.Status,
        row.IsStale,
        row.VersionCount,
        row.ShownVersion ?? (row.VersionCount > 0 ? row.VersionCount : null),
        row.Containers,
        row.Entities,
        row.ReferenceEntities,
        row.AttributeNodes,
        row.OwnAttributes,
        row.Attributes,
        row.Relationships,
        row.Views,
        row.Definitions,
        row.ProblemCount,
        row.Size,
        row.Blob,
        row.ContentSha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null,
        row.HeadCommit,
        row.RemovedIn,
        row.MovedTo,
        row.ChangedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        UrlOf(row));

    private static string? UrlOf(ModelRow row) =>
        row.RepositoryUrl is { } url && (row.State == ModelState.Active ? row.SyncedHead ?? row.HeadCommit : row.HeadCommit) is { } commit
            ? $"{url}/{(row.Kind == nameof(ModelKind.Folder) ? "tree" : "blob")}/{commit}/{GitPath.ToUrl(row.Path)}"
            : null;

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
