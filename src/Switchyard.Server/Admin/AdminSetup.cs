using Switchyard.Server.Admin.Pages;

namespace Switchyard.Server.Admin;

/// <summary>The pages of the administration that belong to no other feature: tokens, secrets, audit, system.</summary>
public static class AdminSetup
{
    public static IHostApplicationBuilder AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ServerStart>();
        return builder;
    }

    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        AdminEndpoints.Map(routes);
        VaultEndpoints.Map(routes);
        AdminPages.Map(routes);
        return routes;
    }
}
