using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Access;

/// <summary>
/// The session cookie of the panel. What changes something is taken only with the session's mark in it, so no page of another site can
/// send a form in a person's name; there is no way around it, as an endpoint that asks for a role asks this first.
/// </summary>
internal sealed class SessionAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    /// <summary>The claim that holds the id of the user.</summary>
    public const string UserClaim = "user";

    private bool unmarked;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Session.SecretOf(Context) is not { } secret || await sessions.FindAsync(secret, Context.RequestAborted) is not { } session)
        {
            return AuthenticateResult.NoResult();
        }

        if (!HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method) && !await Session.IsMarkedAsync(Context, secret))
        {
            unmarked = true;
            return AuthenticateResult.Fail("The form does not carry the mark of the session.");
        }

        LimitedReader.Leave(Context, session.UserId, session.ProviderId, session.Role, session.ReadableAt);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, session.Login),
                new Claim(UserClaim, session.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                .. RoleClaims.Of(session.Role),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (unmarked)
        {
            return Problem.Write(
                Context,
                StatusCodes.Status403Forbidden,
                "FormRefused",
                "This form was not sent by a page of yours, or the page was opened before you signed in. Nothing was changed. Open the page again and repeat it there.",
                new NextStep("Back", Href: "/"));
        }

        if (Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return Problem.Write(Context, StatusCodes.Status401Unauthorized, "Unauthenticated", "The session has ended. Sign in again, or send an API token as \"Authorization: Bearer swy_...\".");
        }

        var wanted = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : "/";
        Response.Redirect("/login?to=" + Uri.EscapeDataString(wanted));
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var (needed, held) = RoleClaims.Explain(Context);
        return Problem.Write(
            Context,
            StatusCodes.Status403Forbidden,
            "Forbidden",
            $"This needs the role {needed}; {Context.User.Identity?.Name} has the role {held}. An administrator gives roles under Access.");
    }
}
