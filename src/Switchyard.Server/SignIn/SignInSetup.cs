namespace Switchyard.Server.SignIn;

public static class SignInSetup
{
    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        SignInPages.Map(routes);
        return routes;
    }
}
