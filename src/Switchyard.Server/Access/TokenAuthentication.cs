using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Access;

/// <summary><c>Authorization: Bearer swy_...</c></summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenStore tokens)
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

        var roles = Enum.GetValues<Role>().Where(role => role <= Enum.Parse<Role>(facts.Role));
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, facts.Name), .. roles.Select(role => new Claim(ClaimTypes.Role, role.ToString()))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Write(
            Context,
            StatusCodes.Status401Unauthorized,
            "Unauthenticated",
            "This needs an API token: none was sent, or it is unknown, expired or revoked. Send it as \"Authorization: Bearer swy_...\".",
            new NextStep("Make a token", Command: "switchyard admin token create --name NAME --role viewer"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.Write(
            Context,
            StatusCodes.Status403Forbidden,
            "Forbidden",
            $"The token \"{Context.User.Identity?.Name}\" does not have the role this needs.",
            new NextStep("Make a token with a higher role", Command: "switchyard admin token create --name NAME --role admin"));
}
