using Switchyard.GitHub;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Panel;

namespace Switchyard.Server.SignIn;

/// <summary><c>/login/{provider}</c> leads to GitHub, <c>/login/{provider}/callback</c> is where the browser comes back.</summary>
internal static class GitHubSignInPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login/{provider}", async (string provider, string? to, HttpContext context, GitHubSignIn signIn, CancellationToken cancellation) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return await signIn.BeginAsync(context, provider, to, cancellation) is { } address
                ? (IResult)TypedResults.Redirect(address.AbsoluteUri)
                : Problem.NotFound($"Nobody can sign in with \"{provider}\": there is no such provider, or its client secret is not here.", new NextStep("Sign in", "/login"));
        }).AsPublicPage();
        routes.MapGet("/login/{provider}/callback", CompleteAsync).AsPublicPage();
    }

    private static async Task<IResult> CompleteAsync(
        string provider, string? code, string? state, string? error, HttpContext context, GitHubSignIn signIn, MembershipCheck check, UserStore users, SessionStore sessions, AuditStore audit, CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (string.IsNullOrEmpty(code))
        {
            return await RefuseAsync(signIn, StatusCodes.Status422UnprocessableEntity, error == "access_denied" ? "You cancelled on GitHub, so nobody is signed in." : $"GitHub did not sign you in: {error ?? "it gave no code"}.", cancellation);
        }

        try
        {
            var (found, user, readable, to) = await signIn.CompleteAsync(context, provider, code, state, cancellation);
            var standing = await check.OfAsync(found.Id, user.Id, user.Login, cancellation);
            var name = $"{user.Login} ({found.Slug})";
            if (standing.Grant is not { } grant)
            {
                await audit.AppendAsync(context, new AuditRow { Actor = name, Kind = "nobody", Action = "session.create", Result = AuditResult.Denied, Detail = standing.Detail });
                return standing.Uncertain
                    ? await RefuseAsync(signIn, StatusCodes.Status503ServiceUnavailable, $"Whether @{user.Login} may come in could not be read from GitHub. Try again in a minute; an administrator finds the reason in the audit.", cancellation)
                    : await RefuseAsync(signIn, StatusCodes.Status403Forbidden, $"@{user.Login} has no access here. Ask an administrator, who gives it under Access.", cancellation);
            }

            // A new session, whatever cookie the browser brought: one that somebody else planted is worth nothing.
            var opened = await users.SignInAsync(found.Id, user, readable, grant, context.Connection.RemoteIpAddress?.ToString(), cancellation);
            await SignInPages.EndAsync(context, sessions, cancellation);
            Session.Give(context, opened.Secret, opened.Expires);
            await audit.AppendAsync(context, new AuditRow { Actor = user.Login, Kind = "user", Action = "session.create", Detail = standing.Detail });
            return PanelPage.SeeOther(context, to);
        }
        catch (SignInException wrong)
        {
            return await RefuseAsync(signIn, StatusCodes.Status422UnprocessableEntity, wrong.Message, cancellation);
        }
        catch (GitHubException refused) when (refused.Kind is GitHubErrorKind.Validation or GitHubErrorKind.Unauthorized)
        {
            await audit.AppendAsync(context, new AuditRow { Actor = $"somebody ({provider})", Kind = "nobody", Action = "session.create", Result = AuditResult.Refused, Detail = refused.Message });
            return await RefuseAsync(signIn, StatusCodes.Status422UnprocessableEntity, refused.Kind == GitHubErrorKind.Unauthorized ? "GitHub does not accept the client secret of this App; an administrator finds more in the audit." : "GitHub does not take this code any more: it was used, or is too old. Sign in again.", cancellation);
        }
        catch (GitHubException down)
        {
            return await RefuseAsync(signIn, StatusCodes.Status502BadGateway, down.Message, cancellation);
        }
    }

    private static async Task<IResult> RefuseAsync(GitHubSignIn signIn, int status, string message, CancellationToken cancellation)
    {
        var page = PanelPage.Of<LoginPage>((nameof(LoginPage.To), "/"), (nameof(LoginPage.Choices), await signIn.ChoicesAsync(cancellation)), (nameof(LoginPage.Wrong), message));
        page.StatusCode = status;
        return page;
    }
}
