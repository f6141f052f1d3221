using Switchyard.GitHub.Apps;

namespace Switchyard.GitHub.Rest;

/// <summary>What to do after GitHub refused who we are.</summary>
internal enum Refusal
{
    /// <summary>Nothing more can be tried.</summary>
    Final,

    /// <summary>Ask for the authorization again and send once more.</summary>
    TryAgain,
}

/// <summary>As whom a call is made. <c>Lane</c> is what GitHub counts limits by; <c>CacheKey</c> separates what different identities may see.</summary>
internal abstract class ApiIdentity(long lane, string cacheKey)
{
    public long Lane => lane;

    public string CacheKey => cacheKey;

    /// <summary>Who that is, for messages.</summary>
    public virtual string Name => "the App";

    /// <summary>Whether content-creating calls count against the pace of an installation.</summary>
    public virtual bool Paced => true;

    /// <summary>The Authorization header's value, or null for none, and the proof or token in it.</summary>
    public abstract ValueTask<(string? Header, string? Token)> AuthorizeAsync(int refusals, CancellationToken cancellation);

    /// <summary>GitHub answered 401, and the token is not merely fresh.</summary>
    public virtual Refusal Refused(int refusals, string? token) => Refusal.Final;

    /// <summary>GitHub took it.</summary>
    public virtual void Accepted(string? token)
    {
    }
}

/// <summary>No authorization at all: the conversion of a manifest's code.</summary>
internal sealed class AnonymousIdentity() : ApiIdentity(-1, "anonymous")
{
    public override bool Paced => false;

    public override ValueTask<(string? Header, string? Token)> AuthorizeAsync(int refusals, CancellationToken cancellation) => new((null, null));
}

/// <summary>The App itself, by JWT. A refused one is made anew (the clock was just learned), then the other key is tried.</summary>
internal sealed class AppIdentity(AppJwt jwt, Action<GitHubNotice>? notice) : ApiIdentity(LaneId, "app")
{
    public const long LaneId = 0;

    public override bool Paced => false;

    public override async ValueTask<(string? Header, string? Token)> AuthorizeAsync(int refusals, CancellationToken cancellation)
    {
        var proof = await jwt.GetAsync(refusals / 2, cancellation);
        return ("Bearer " + proof, proof);
    }

    public override Refusal Refused(int refusals, string? token)
    {
        jwt.Forget();
        return refusals < (2 * jwt.Keys) - 1 ? Refusal.TryAgain : Refusal.Final;
    }

    public override void Accepted(string? token)
    {
        if (token is not null && jwt.Accepted(token))
        {
            notice?.Invoke(new GitHubNotice(GitHubNoticeKind.KeySwitched, "GitHub refused the App's first key and accepted the other one. Check which keys the App still has, and remove the old one here."));
        }
    }
}

/// <summary>An installation, by a narrowed token. A refused one that is not fresh was revoked: one more is made.</summary>
internal sealed class InstallationIdentity(InstallationTokens tokens, long installationId, TokenScope scope)
    : ApiIdentity(installationId, $"{installationId}/{scope}")
{
    public override string Name => $"installation {Lane}";

    public override async ValueTask<(string? Header, string? Token)> AuthorizeAsync(int refusals, CancellationToken cancellation)
    {
        var token = await tokens.GetAsync(Lane, scope, cancellation);
        return ("Bearer " + token.Value, token.Value);
    }

    public override Refusal Refused(int refusals, string? token)
    {
        if (token is not null)
        {
            tokens.Evict(Lane, token);
        }

        return refusals == 0 ? Refusal.TryAgain : Refusal.Final;
    }
}

/// <summary>A fine-grained or classic personal token.</summary>
internal sealed class FixedIdentity(string token) : ApiIdentity(LaneId, "token")
{
    public const long LaneId = -2;

    public override string Name => "the token";

    public override ValueTask<(string? Header, string? Token)> AuthorizeAsync(int refusals, CancellationToken cancellation) =>
        new(("Bearer " + token, null));
}
