using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Models.Diffs;
using Switchyard.Server.Models.History;
using Switchyard.Server.Panel.Live;

namespace Switchyard.Server.Models;

public static class ModelSetup
{
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCatalogue();
        builder.Services.AddSingleton<ModelStore>();
        builder.Services.AddSingleton<ModelReader>();
        builder.Services.AddSingleton<FacetStore>();
        builder.Services.AddSingleton<ModelDiffer>();
        builder.Services.AddSingleton(new LiveTopic("models", "select coalesce(max(id), 0) || '/' || (select coalesce(max(id), 0) from versions) || '/' || (select coalesce(max(ended_at), 0) from syncs where id > (select max(id) - 50 from syncs)) from models"));
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
