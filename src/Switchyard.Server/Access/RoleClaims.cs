using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Switchyard.Server.Access;

/// <summary>Roles as claims: who has a role has those below it, too.</summary>
internal static class RoleClaims
{
    public static IEnumerable<Claim> Of(string role) =>
        Enum.GetValues<Role>().Where(one => one <= Enum.Parse<Role>(role)).Select(one => new Claim(ClaimTypes.Role, one.ToString()));

    /// <summary>The role that the endpoint asks for, and the highest that the caller has, in lower case.</summary>
    public static (string Needed, string Held) Explain(HttpContext context)
    {
        var needed = (context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [])
            .Select(rule => Enum.TryParse<Role>(rule.Policy, out var role) ? role : Role.Viewer).DefaultIfEmpty(Role.Admin).Max();
        var held = context.User.FindAll(ClaimTypes.Role).Select(claim => Enum.Parse<Role>(claim.Value)).Max();
        return (needed.ToString().ToLowerInvariant(), held.ToString().ToLowerInvariant());
    }
}
