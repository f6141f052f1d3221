using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Signals.Pages;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

public static class SignalSetup
{
    public static IHostApplicationBuilder AddSignals(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SignalOptions>()
            .BindConfiguration(SignalOptions.Section)
            .Validate(options => options.Retention >= TimeSpan.FromDays(1), "Signals:Retention must be at least 1.00:00:00.")
            .Validate(options => options.PollInterval >= TimeSpan.FromSeconds(1), "Signals:PollInterval must be at least 00:00:01.")
            .Validate(options => options.Settle >= TimeSpan.Zero && options.Settle <= TimeSpan.FromHours(1), "Signals:Settle must be from 00:00:00 to 01:00:00.")
            .ValidateOnStart();
        builder.Services.AddSignalStore();
        builder.Services.AddSingleton<RefMoves>();
        builder.Services.AddSingleton<LinkedRepositories>();
        builder.Services.AddSingleton<RecordRefs>();
        builder.Services.AddSingleton<PollRefs>();
        builder.Services.AddSingleton<RecurringJob>(services => services.GetRequiredService<PollRefs>());
        builder.Services.AddSingleton<CheckSubjects>();
        builder.Services.AddSingleton<LaneWorker, SettleChecks>();
        builder.Services.AddSingleton<RecurringJob, ExpireSignals>();
        builder.Services.AddSingleton(new LiveTopic("signals", "select (select coalesce(max(id), 0) from signals) || '/' || (select count(*) from signals where evaluated_at is null)"));
        builder.Services.AddSingleton<IDeliveryHandler, CheckHandler>();
        builder.Services.AddSingleton<IDeliveryHandler, PushHandler>();
        builder.Services.AddSingleton<IDeliveryHandler, PullRequestHandler>();
        builder.Services.AddSingleton<IDeliveryHandler, ReleaseHandler>();
        return builder;
    }

    public static IEndpointRouteBuilder MapSignals(this IEndpointRouteBuilder routes)
    {
        SignalEndpoints.Map(routes);
        SignalPages.Map(routes);
        return routes;
    }

    /// <summary>What others record Signals with.</summary>
    internal static IServiceCollection AddSignalStore(this IServiceCollection services)
    {
        services.AddSingleton<SignalMetrics>();
        services.AddSingleton<SignalStore>();
        return services;
    }
}
