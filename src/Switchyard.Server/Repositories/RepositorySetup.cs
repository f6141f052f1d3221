using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories.Pages;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Repositories;

public static class RepositorySetup
{
    public static IHostApplicationBuilder AddRepositories(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RepositoryOptions>()
            .BindConfiguration(RepositoryOptions.Section)
            .Validate(options => options.Syncs is >= 1 and <= 64, "Repositories:Syncs must be from 1 to 64.")
            .Validate(options => options.PollInterval >= TimeSpan.FromSeconds(1), "Repositories:PollInterval must be at least 00:00:01.")
            .Validate(options => options.BloblessAboveKb >= 0, "Repositories:BloblessAboveKb must not be negative.")
            .Validate(options => options.GitTimeout >= TimeSpan.FromSeconds(10), "Repositories:GitTimeout must be at least 00:00:10.")
            .Validate(options => options.SyncRetention >= TimeSpan.FromDays(1), "Repositories:SyncRetention must be at least 1.00:00:00.")
            .ValidateOnStart();
        builder.Services.AddSyncs();
        builder.Services.AddSingleton<IRepositoryOrigin, GitHubOrigin>();
        builder.Services.AddSingleton<LaneWorker, ListRepositoriesLane>();
        builder.Services.AddSingleton<SuspendedInstallations>();
        builder.Services.AddSingleton<IInstallationObserver, ListChangedInstallations>();
        builder.Services.AddSingleton<IDeliveryHandler, RepositoryHandler>();
        builder.Services.AddSingleton<IDeliveryHandler, InstallationRepositoriesHandler>();
        builder.Services.AddSingleton<RepositoryCatalogue>();
        builder.Services.AddSingleton<FindRepository>();
        builder.Services.AddSingleton<IRepositoryNames>(services => services.GetRequiredService<FindRepository>());
        builder.Services.AddSingleton<LinkRepository>();
        builder.Services.AddSingleton<RepositoryBulk>();
        builder.Services.AddSingleton<ChangedPaths>();
        builder.Services.AddSingleton<CountForMetrics>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CountForMetrics>());
        builder.Services.AddSingleton<RecurringJob, ExpireSyncs>();
        builder.Services.AddSingleton(new LiveTopic("repositories", "select count(*) || '/' || coalesce(max(updated_at), 0) || '/' || coalesce(sum(wanted + satisfied), 0) from repositories"));
        builder.Services.AddSingleton(new LiveTopic("syncs", "select coalesce(max(id), 0) || '/' || (select count(*) || '/' || coalesce(sum(files_done + bytes_done), 0) from syncs where state in ('Queued', 'Running')) from syncs"));
        builder.Services.AddSingleton<PollRepositories>();
        builder.Services.AddSingleton<RecurringJob>(services => services.GetRequiredService<PollRepositories>());
        return builder;
    }

    public static IEndpointRouteBuilder MapRepositories(this IEndpointRouteBuilder routes)
    {
        RepositoryEndpoints.Map(routes);
        RepositoryBulk.Map(routes);
        SyncEndpoints.Map(routes);
        RepositoryPages.Map(routes);
        return routes;
    }

    /// <summary>What a Sync is made of, without where repositories come from.</summary>
    internal static IServiceCollection AddSyncs(this IServiceCollection services)
    {
        services.AddSingleton<RepositoryMetrics>();
        services.AddSingleton<RepositoryStore>();
        services.AddSingleton<SyncStore>();
        services.AddSingleton<UnlinkRepository>();
        services.AddSingleton<Mirrors>();
        services.AddSingleton<RefreshDisplays>();
        services.AddSingleton<SyncFinish>();
        services.AddSingleton<SyncRun>();
        services.AddSingleton<SyncLane>();
        services.AddSingleton<LaneWorker>(provider => provider.GetRequiredService<SyncLane>());
        return services;
    }
}
