namespace Switchyard.Server.Dispatches.Doctor;

public static class DoctorSetup
{
    public static IHostApplicationBuilder AddRuleDoctor(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RuleDoctor>();
        return builder;
    }

    public static IEndpointRouteBuilder MapRuleDoctor(this IEndpointRouteBuilder routes)
    {
        DoctorEndpoints.Map(routes);
        return routes;
    }
}
