using Switchyard.Server.Activity.Pages;
using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Activity;

/// <summary>What happened, over all features, and the way from one thing to the next.</summary>
public static class ActivitySetup
{
    public static IHostApplicationBuilder AddActivity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TraceQueries>();
        builder.Services.AddSingleton<ActivityStore>();
        return builder;
    }

    public static IEndpointRouteBuilder MapActivity(this IEndpointRouteBuilder routes)
    {
        TraceEndpoints.Map(routes);
        ActivityEndpoints.Map(routes);
        routes.MapGet("/activity", async (ActivityStore store, string? repository, string? kind, CancellationToken cancellation) =>
            PanelPage.Show<ActivityPage>(await ActivityEndpoints.ListAsync(store, PanelPage.Given(repository), PanelPage.Given(kind), cancellation))).Checks(ActivityEndpoints.ListRules).AsPage();
        return routes;
    }
}
