namespace Switchyard.Server.Catalogue;

/// <summary>The pages of models, and the search over all there is: on top of Models and Repositories.</summary>
public static class CatalogueSetup
{
    public static IEndpointRouteBuilder MapCatalogue(this IEndpointRouteBuilder routes)
    {
        ModelPages.Map(routes);
        SearchPages.Map(routes);
        return routes;
    }
}
