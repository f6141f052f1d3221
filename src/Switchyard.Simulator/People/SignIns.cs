using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.People;

/// <summary>Codes that people bring back to an App that they sign in with: each works once, for ten minutes, and with its PKCE verifier only.</summary>
internal sealed class SignIns(World world)
{
    private readonly ConcurrentDictionary<string, Pending> codes = new(StringComparer.Ordinal);

    public string Issue(App app, Account person, string redirect, string? challenge)
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        codes[code] = new Pending(app, person, redirect, challenge, world.Clock.Now.AddMinutes(10));
        return code;
    }

    /// <summary>The person and the App they sign in with, or GitHub's word for what is wrong.</summary>
    public (Account? Person, App? App, string? Error) Redeem(string clientId, string secret, string code, string? redirect, string? verifier)
    {
        if (world.Apps.FindByIssuer(clientId) is not { } app || app.ClientSecret != secret)
        {
            return (null, null, "incorrect_client_credentials");
        }

        if (!codes.TryRemove(code, out var found) || found.App != app || found.ExpiresAt <= world.Clock.Now
            || (found.Challenge is { } challenge && challenge != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier ?? "")))))
        {
            return (null, null, "bad_verification_code");
        }

        return redirect is not null && redirect != found.Redirect ? (null, null, "redirect_uri_mismatch") : (found.Person, app, null);
    }

    private sealed record Pending(App App, Account Person, string Redirect, string? Challenge, DateTimeOffset ExpiresAt);
}
