using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.SignIn.Pages;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.SignIn;

public static class SignInSetup
{
    public static IHostApplicationBuilder AddSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GrantStore>();
        builder.Services.AddSingleton<UserStore>();
        builder.Services.AddSingleton<MembershipCheck>();
        builder.Services.AddSingleton<GitHubSignIn>();
        builder.Services.AddSingleton<ReadableStore>();
        builder.Services.AddSingleton<IDeliveryHandler, ReadableHandler>();
        builder.Services.AddSingleton<AskReadable>();
        builder.Services.AddSingleton<LaneWorker>(services => services.GetRequiredService<AskReadable>());
        builder.Services.AddSingleton<CheckMemberships>();
        builder.Services.AddSingleton<RecurringJob>(services => services.GetRequiredService<CheckMemberships>());
        return builder;
    }

    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        SignInPages.Map(routes);
        GitHubSignInPages.Map(routes);
        AccessEndpoints.Map(routes);
        AccessPages.Map(routes);
        return routes;
    }
}
