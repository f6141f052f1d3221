using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Catalog;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Models;

/// <summary>The Versions of a model, below <c>/api/v1/models/{id}/versions</c>; each by its number or by its commit.</summary>
internal static class VersionEndpoints
{
    public static void Map(IEndpointRouteBuilder models)
    {
        models.MapGet("/{id:long}/versions", ListAsync).WithName("listVersions").WithSummary("The Versions of a model, newest first").Checks(new ListOrder("-number"));
        models.MapGet("/{id:long}/versions/{version}", FindAsync).WithName("getVersion").WithSummary("A Version by its number or its commit");
        models.MapGet("/{id:long}/versions/{version}/content", ContentAsync).WithName("getVersionContent").WithSummary("The content of a Version; it never changes");
        models.MapGet("/{id:long}/versions/{version}/structure", StructureAsync).WithName("getVersionStructure").WithSummary("The structure of a Version");
    }

    public static async Task<Results<Ok<Page<VersionResource>>, ProblemHttpResult>> ListAsync(long id, HttpContext context, PageRequest page, ModelStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } model)
        {
            return ModelEndpoints.NotFound(id);
        }

        var (rows, total) = await store.ListVersionsAsync(id, page, cancellation);
        var next = ((page.AfterId ?? 0) + page.Limit).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(page.ToPage(context, rows, total, _ => next, row => Show(model, row)));
    }

    private static async Task<Results<Ok<VersionResource>, ProblemHttpResult>> FindAsync(long id, string version, ModelStore store, CancellationToken cancellation)
    {
        var (model, row, problem) = await ResolveAsync(id, version, store, cancellation);
        return problem is null ? TypedResults.Ok(Show(model!, row!)) : problem;
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ContentAsync(
        long id, string version, ModelStore store, ModelReader reader, HttpContext context, CancellationToken cancellation)
    {
        var (model, row, problem) = await ResolveAsync(id, version, store, cancellation);
        return problem is not null ? problem
            : await reader.ReadFilesAsync(model!.Path, model.Kind, row!.ContentSha256, cancellation) is { } files ? ModelDownload.Send(context, model.Path, model.Kind, row.Status, files, row.ContentSha256!, isImmutable: true)
            : ModelEndpoints.NotStored(model);
    }

    private static async Task<Results<Utf8ContentHttpResult, ProblemHttpResult>> StructureAsync(long id, string version, ModelStore store, ModelReader reader, CancellationToken cancellation)
    {
        var (model, row, problem) = await ResolveAsync(id, version, store, cancellation);
        return problem is not null ? problem
            : await reader.ReadAsync(model!.Path, model.Kind, row!.ContentSha256, row.Format, cancellation) is { } read ? TypedResults.Text(ModelJson.Serialize(read), "application/json")
            : ModelEndpoints.NotStored(model);
    }

    public static async Task<(ModelRow? Model, VersionRow? Version, ProblemHttpResult? Problem)> ResolveAsync(long id, string version, ModelStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } model)
        {
            return (null, null, ModelEndpoints.NotFound(id));
        }

        return await store.FindVersionAsync(id, version, cancellation) is { } row
            ? (model, row, null)
            : (model, null, Problem.NotFound(
                $"{model.Path} has no Version {version}: say a number from 1 to {model.VersionCount}, or at least 7 digits of a commit.",
                new NextStep("List its Versions", Href: $"/api/v1/models/{id}/versions", Command: $"switchyard model versions {id}")));
    }

    public static VersionResource Show(ModelRow model, VersionRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture),
        row.ModelId.ToString(CultureInfo.InvariantCulture),
        row.Number,
        new VersionCommit(
            row.Sha,
            row.Subject,
            row.AuthorName,
            row.AuthorEmail,
            DateTimeOffset.FromUnixTimeMilliseconds(row.AuthoredAt),
            DateTimeOffset.FromUnixTimeMilliseconds(row.CommittedAt),
            model.RepositoryUrl is null ? null : $"{model.RepositoryUrl}/commit/{row.Sha}"),
        row.Format,
        row.Status,
        row.ProblemCount,
        row.Size,
        row.Blob,
        row.ContentSha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null,
        row.MovedFrom,
        row.Rewritten == 1,
        row.AddedBy.ToString(CultureInfo.InvariantCulture));
}
