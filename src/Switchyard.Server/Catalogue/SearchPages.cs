using Switchyard.Server.Hosting;
using Switchyard.Server.Models;
using Switchyard.Server.Panel;
using Switchyard.Server.Repositories;

namespace Switchyard.Server.Catalogue;

/// <summary>A repository that was found.</summary>
public sealed record FoundRepository(string Provider, string FullName);

/// <summary><c>/search</c>: one text looked for everywhere. Ctrl+K shows the list of this page.</summary>
internal static class SearchPages
{
    private const int MostModels = 12;
    private const int MostRepositories = 5;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/search", ShowAsync).AsPage();

    private static async Task<IResult> ShowAsync(string? q, HttpContext context, ModelStore models, ModelReader reader, RepositoryCatalogue repositories, CancellationToken cancellation)
    {
        var text = q?.Trim() is { Length: > 0 } given ? (given.Length > 200 ? given[..200] : given) : null;
        if (text is null)
        {
            return PanelPage.Of<SearchPage>((nameof(SearchPage.Models), new Page<ModelHit>([], null, 0)), (nameof(SearchPage.Repositories), Array.Empty<FoundRepository>()));
        }

        var (rows, total) = await models.SearchAsync(new ModelFilter(text, null, null, null, ModelState.Active, null), 0, MostModels, cancellation);
        var hits = new List<ModelHit>();
        foreach (var row in rows)
        {
            hits.Add(await ModelEndpoints.HitAsync(row, text, reader, cancellation));
        }

        var found = await repositories.ListAsync(new RepositoryFilter(null, null, null, text), new PageRequest { Limit = MostRepositories }, cancellation);
        return PanelPage.Of<SearchPage>(
            (nameof(SearchPage.Text), text),
            (nameof(SearchPage.Models), new Page<ModelHit>(hits, null, total)),
            (nameof(SearchPage.Repositories), found.Rows.Take(MostRepositories).Select(row => new FoundRepository(row.Provider, row.FullName)).ToList()));
    }
}
