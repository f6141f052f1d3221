using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Panel;

namespace Switchyard.Server.SignIn;

/// <summary>The way in: <c>/setup</c> takes a link of the server's own machine, <c>/login</c> says which ways there are.</summary>
internal static class SignInPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", async (HttpContext context, string? to, GitHubSignIn signIn, CancellationToken cancellation) =>
            context.User.Identity?.IsAuthenticated == true && LimitedReader.Of(context) is not { IsFresh: false }
                ? (IResult)PanelPage.SeeOther(context, ReturnPath.Of(to))
                : PanelPage.Of<LoginPage>((nameof(LoginPage.To), ReturnPath.Of(to)), (nameof(LoginPage.Choices), await signIn.ChoicesAsync(cancellation)))).AsPublicPage();

        // Looking at a link does not use it up: mail programs and messengers look at what they are sent.
        routes.MapGet("/setup", (string? token) => PanelPage.Of<SetupPage>((nameof(SetupPage.Token), token))).AsPublicPage();
        routes.MapPost("/setup", UseLinkAsync).AsPublicPage().Audited("session.create");
        routes.MapPost("/logout", SignOutAsync).AsPage(Role.Viewer).Audited("session.end");
        routes.MapPost("/api/v1/sign-in-links", async (SessionStore sessions, TimeProvider time, CancellationToken cancellation) =>
            TypedResults.Ok(new SignInLink("/setup?token=" + await sessions.MakeLinkAsync(cancellation), time.GetUtcNow() + SessionStore.LinkLifetime)))
            .RequireAuthorization(nameof(Role.Admin)).WithTags("Access").WithName("createSignInLink").WithSummary("A link that signs the local administrator in, once");
    }

    /// <summary>A link for the local administrator.</summary>
    internal sealed record SignInLink(string Path, DateTimeOffset ExpiresAt);

    private static async Task<IResult> UseLinkAsync(HttpContext context, SessionStore sessions, AuditStore audit, CancellationToken cancellation)
    {
        if (!context.Request.HasFormContentType || !SameOrigin.Is(context))
        {
            return Problem.Invalid("Open the link in a browser and press Continue there.");
        }

        var form = await context.Request.ReadFormAsync(cancellation);
        if (await sessions.UseLinkAsync(form["token"].ToString(), context.Connection.RemoteIpAddress?.ToString(), cancellation) is not { } opened)
        {
            await audit.AppendAsync(context, new AuditRow { Action = "session.create", Result = AuditResult.Denied, Detail = "the link is unknown, too old or was used" });
            return PanelPage.Of<SetupPage>((nameof(SetupPage.Token), null), (nameof(SetupPage.Refused), true));
        }

        await audit.AppendAsync(context, new AuditRow { Actor = SessionStore.LocalLogin, Kind = "user", Action = "session.create", Detail = "by a link of the server's machine" });
        await EndAsync(context, sessions, cancellation);
        Session.Give(context, opened.Secret, opened.Expires);
        return PanelPage.SeeOther(context, "/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions, CancellationToken cancellation)
    {
        await EndAsync(context, sessions, cancellation);
        Session.TakeAway(context);
        return PanelPage.SeeOther(context, "/login");
    }

    /// <summary>A browser that signs in leaves the session it had.</summary>
    internal static Task EndAsync(HttpContext context, SessionStore sessions, CancellationToken cancellation) =>
        Session.SecretOf(context) is { } secret ? sessions.EndAsync(secret, cancellation) : Task.CompletedTask;
}
