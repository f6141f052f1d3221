using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Http;

/// <summary>Finds out who calls the REST API. Wrong credentials are refused even where none are needed.</summary>
internal sealed class Authenticator(World world)
{
    private readonly JwtCheck jwt = new(world);
    private readonly ConcurrentDictionary<string, int> pagesRead = new(StringComparer.Ordinal);

    public static string? Secret(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith("token ", StringComparison.OrdinalIgnoreCase) ? header[6..].Trim() : GitGate.Secret(http);
    }

    public Caller Identify(HttpContext http, Route route)
    {
        if (Secret(http) is not { } secret)
        {
            return Caller.Anonymous;
        }

        if (route.Audience == Audience.App || LooksLikeJwt(secret))
        {
            var app = jwt.Check(secret);
            ExpireMidWalk(route, secret);
            return new Caller(CallerKind.App, $"app:{app.Id}", App: app);
        }

        var (verdict, token) = world.Tokens.Check(secret);
        return verdict switch
        {
            TokenVerdict.Good => new Caller(CallerKind.Token, token!.Name, Token: token),
            TokenVerdict.Suspended => throw new RefusedException(Answer.Error(403, "This installation has been suspended")),
            _ => throw new RefusedException(Answer.Error(world.Faults.Find("tokens.lag")?.Int("status", 401) ?? 401, "Bad credentials")),
        };
    }

    /// <summary>The answer to a caller who is not the kind that this operation is for.</summary>
    public static Answer? Admit(Route route, Caller caller) => route.Audience switch
    {
        Audience.App when caller.Kind != CallerKind.App => Answer.Error(401, "A JSON web token could not be decoded"),
        Audience.Installation when caller.Token?.Installation is null => caller.Kind == CallerKind.Anonymous
            ? Answer.Error(401, "Requires authentication")
            : Answer.Error(403, "You must authenticate with an installation access token in order to list repositories for an installation."),
        Audience.User when caller.Token is null => Answer.Error(401, "Requires authentication"),
        Audience.User when caller.Token.Installation is not null => Answer.Error(403, "Resource not accessible by integration"),
        Audience.Repository when caller.Kind == CallerKind.App => Answer.Error(401, "Bad credentials"),
        _ => null,
    };

    private static bool LooksLikeJwt(string secret) =>
        secret.StartsWith("eyJ", StringComparison.Ordinal) && secret.Count(c => c == '.') == 2;

    private void ExpireMidWalk(Route route, string secret)
    {
        if (route.Template == "/app/hook/deliveries" && world.Faults.Find("jwt.expireMidWalk") is { } fault
            && pagesRead.AddOrUpdate(RequestLog.Fingerprint(secret), 1, (_, count) => count + 1) > fault.Int("pages", 1))
        {
            throw new RefusedException(Answer.Error(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"));
        }
    }
}
