using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Access;

/// <summary><c>Authorization: Bearer swy_...</c></summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiToken";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string Bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var facts = await tokens.FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted);
        if (facts is null)
        {
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }

        if (facts.Owner is { } owner)
        {
            LimitedReader.Leave(Context, owner.Id, owner.ProviderId, owner.Role, owner.ReadableAt);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, facts.Name), .. RoleClaims.Of(facts.Role)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Where the data lies is told to nobody who is not signed in, on this machine or elsewhere.
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Write(
            Context,
            StatusCodes.Status401Unauthorized,
            "Unauthenticated",
            "This needs an API token: none was sent, or it is unknown, expired or revoked. Send it as \"Authorization: Bearer swy_...\".",
            new NextStep("Ask an administrator for a token, or make one on the server's machine", Command: "switchyard admin token create --data FOLDER --name me --role viewer"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var (needed, held) = RoleClaims.Explain(Context);
        return Problem.Write(
            Context,
            StatusCodes.Status403Forbidden,
            "Forbidden",
            $"This needs the role {needed}; the token \"{Context.User.Identity?.Name}\" has the role {held}. Ask an administrator for a token with that role.",
            new NextStep("As an administrator, make one", Command: $"switchyard admin token create --name me --role {needed}"));
    }
}
