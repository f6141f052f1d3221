using Switchyard.Server.Panel.Live;

namespace Switchyard.Server.Panel;

/// <summary>What all pages share; each feature maps its own pages.</summary>
public static class PanelSetup
{
    public static IHostApplicationBuilder AddPanel(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();

        // Before the writer of JSON, which writes for everybody who has not been written for.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemPageWriter>();
        builder.Services.AddSingleton<LiveChanges>();
        builder.Services.AddSingleton<OnceForms>();
        return builder;
    }

    public static IApplicationBuilder UsePanel(this IApplicationBuilder app)
    {
        SecurityHeaders.Use(app);
        return app;
    }

    public static IEndpointRouteBuilder MapPanel(this IEndpointRouteBuilder routes)
    {
        PanelAssets.Map(routes);
        LiveEndpoint.Map(routes);
        return routes;
    }
}
