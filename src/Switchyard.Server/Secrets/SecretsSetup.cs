namespace Switchyard.Server.Secrets;

public static class SecretsSetup
{
    public static IEndpointRouteBuilder MapSecrets(this IEndpointRouteBuilder routes)
    {
        VaultEndpoints.Map(routes);
        return routes;
    }
}
