using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Webhooks.Pages;

namespace Switchyard.Server.Webhooks;

public static class WebhookSetup
{
    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .Validate(options => options.MaxBodyBytes is > 0 and <= 100 * 1024 * 1024, "Webhooks:MaxBodyBytes must be from 1 to 104857600.")
            .Validate(options => options.MaxAttempts is >= 1 and <= 100, "Webhooks:MaxAttempts must be from 1 to 100.")
            .Validate(options => options.Lanes is >= 0 and <= 256, "Webhooks:Lanes must be from 0 to 256.")
            .Validate(options => options.RecoveryInterval >= TimeSpan.FromSeconds(10), "Webhooks:RecoveryInterval must be at least 00:00:10.")
            .Validate(options => options.Retention >= options.BodyRetention, "Webhooks:Retention must not be shorter than Webhooks:BodyRetention.")
            .ValidateOnStart();
        builder.Services.AddSingleton<WebhookMetrics>();
        builder.Services.AddSingleton<DeliveryInbox>();
        builder.Services.AddSingleton<WebhookEndpoints>();
        builder.Services.AddSingleton<DeliveryStore>();
        builder.Services.AddSingleton<LaneWorker, DeliveryLane>();
        builder.Services.AddSingleton<RecoverMissedDeliveries>();
        builder.Services.AddSingleton<RecurringJob>(services => services.GetRequiredService<RecoverMissedDeliveries>());
        builder.Services.AddSingleton<RecurringJob, ExpireDeliveries>();
        builder.Services.AddSingleton(new LiveTopic(
            "deliveries",
            "select (select coalesce(max(id), 0) from deliveries) || '/' || (select count(*) || '/' || coalesce(sum(attempts), 0) from deliveries where state in ('Received', 'Failed')) || '/' || (select count(*) from deliveries where state = 'Dead')"));
        return builder;
    }

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        WebhookEndpoints.Map(routes);
        DeliveryEndpoints.Map(routes);
        DeliveryPages.Map(routes);
        return routes;
    }
}
