using Switchyard.Server.Panel;

namespace Switchyard.Server.Home;

/// <summary>The first page: how much there is, what needs a person, what has changed.</summary>
public static class HomeSetup
{
    private const int Recent = 12;

    public static IHostApplicationBuilder AddHome(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HomeStore>();
        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section);
        builder.Services.AddSingleton<DemoServer>();
        return builder;
    }

    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder routes)
    {
        DemoPages.Map(routes);
        routes.MapGet("/", async (HomeStore store, CancellationToken cancellation) =>
            PanelPage.Of<HomePage>((nameof(HomePage.Counts), await store.CountAsync(cancellation)), (nameof(HomePage.Changes), await store.ListRecentAsync(Recent, cancellation)))).AsPage();
        return routes;
    }
}
