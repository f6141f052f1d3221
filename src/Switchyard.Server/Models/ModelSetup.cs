using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Models.History;

namespace Switchyard.Server.Models;

public static class ModelSetup
{
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCatalogue();
        builder.Services.AddSingleton<ModelStore>();
        builder.Services.AddSingleton<ModelReader>();
        builder.Services.AddSingleton<ModelMetrics>();
        builder.Services.AddSingleton<RecurringJob, ExpireContents>();
        return builder;
    }

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        ModelEndpoints.Map(routes);
        return routes;
    }

    /// <summary>What a Sync writes models with.</summary>
    internal static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<ContentStore>();
        services.AddSingleton<HistoryPast>();
        return services;
    }
}
