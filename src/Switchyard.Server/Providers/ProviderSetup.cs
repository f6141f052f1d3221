using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Providers.Pages;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Providers;

public static class ProviderSetup
{
    public static IHostApplicationBuilder AddProviders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ProviderOptions>()
            .BindConfiguration(ProviderOptions.Section)
            .Validate(
                options => options.PublicUrl is null || (Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"),
                "Providers:PublicUrl must be an absolute URL, e.g. https://switchyard.example.com.")
            .Validate(options => options.ListInterval >= TimeSpan.FromSeconds(10), "Providers:ListInterval must be at least 00:00:10.")
            .ValidateOnStart();
        builder.Services.AddSingleton<ProviderStore>();
        builder.Services.AddSingleton<Hosting.IProviderNames>(services => services.GetRequiredService<ProviderStore>());
        builder.Services.AddSingleton(services => new ProviderConnections(
            services.GetRequiredService<ProviderStore>(), services.GetRequiredService<Vault.SecretVault>(), services.GetRequiredService<Vault.Signing.AppKeys>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ProviderMetrics>();
        builder.Services.AddSingleton<WebhookProviders>();
        builder.Services.AddSingleton<IWebhookProviders>(services => services.GetRequiredService<WebhookProviders>());
        builder.Services.AddSingleton<RepositoryHooks>();
        builder.Services.AddSingleton<ProviderRegistration>();
        builder.Services.AddSingleton<ProviderView>();
        builder.Services.AddSingleton<ProviderCredentials>();
        builder.Services.AddSingleton<PublicUrlProbe>();
        builder.Services.AddSingleton(new LiveTopic(
            "providers",
            """
            select (select cast(count(*) as text) || '-' || cast(coalesce(max(updated_at), 0) as text) from installations) || '/'
              || (select cast(coalesce(sum(listed), 0) as text) || '-' || cast(coalesce(max(updated_at), 0) as text) from providers) || '/'
              || (select cast(coalesce(max(updated_at), 0) as text) from installation_requests) || '/' || (select cast(count(*) as text) || '-' || cast(coalesce(max(heard_at), 0) as text) from repository_hooks)
            """));
        builder.Services.AddSingleton<RepositoryAccess>();
        builder.Services.AddSingleton<IDeliveryHandler, InstallationHandler>();
        builder.Services.AddSingleton<LaneWorker, InstallationLane>();
        builder.Services.AddSingleton<RecurringJob, ListInstallations>();
        return builder;
    }

    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder routes)
    {
        ProviderEndpoints.Map(routes);
        ProviderPages.Map(routes);
        return routes;
    }
}
