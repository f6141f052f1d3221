using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Faults;

namespace Switchyard.Simulator.Installations;

internal enum TokenVerdict
{
    Good,
    Unknown,
    Expired,

    /// <summary>A switch refuses it because it is so young.</summary>
    TooYoung,
    Suspended,
}

/// <summary>Tokens by value. Both formats of installation tokens are made here (github.blog changelog 2026-05-15).</summary>
internal sealed class TokenStore(World world)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private readonly ConcurrentDictionary<string, AccessToken> byValue = new(StringComparer.Ordinal);
    private int minted;

    public IReadOnlyList<AccessToken> All => [.. byValue.Values];

    /// <summary>The format is the caller's wish by header; without one this GitHub chooses.</summary>
    public AccessToken Mint(Installation installation, ImmutableHashSet<long>? repositories, ImmutableSortedDictionary<string, string> permissions, bool? stateless)
    {
        var now = world.Clock.Now;
        var number = Interlocked.Increment(ref minted);
        var format = world.Faults.Find("tokens.format")?.Text("format") ?? "classic";
        var token = new AccessToken
        {
            Value = stateless ?? (format == "stateless" || (format == "mixed" && number % 2 == 0)) ? Stateless(installation, now) : "ghs_" + RandomText(36),
            Name = $"installation:{installation.Id}",
            Installation = installation,
            Owner = installation.Account,
            RepositoryIds = repositories,
            Permissions = permissions,
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(world.Faults.Find("tokens.ttl")?.Number("seconds", 3600) ?? 3600),
        };
        byValue[token.Value] = token;
        return token;
    }

    /// <summary>A token that stands for a person who signed in with the App.</summary>
    public AccessToken MintFor(Account person, App app)
    {
        var token = new AccessToken
        {
            Value = "ghu_" + RandomText(36),
            Name = $"user:{person.Login}",
            SignedInWith = app,
            Owner = person,
            Permissions = ImmutableSortedDictionary<string, string>.Empty,
            CreatedAt = world.Clock.Now,
            ExpiresAt = world.Clock.Now.AddHours(8),
        };
        byValue[token.Value] = token;
        return token;
    }

    public AccessToken Register(SimulatedToken wanted)
    {
        var owner = world.Accounts.Ensure(wanted.Owner);
        var repositories = wanted.Repositories?.Select(name => world.Repositories.Find(name)?.Id
            ?? throw new ArgumentException($"The token names the repository {name}, which does not exist.", nameof(wanted)));
        var token = new AccessToken
        {
            Value = wanted.Value,
            Name = $"token:{owner.Login}",
            Owner = owner,
            RepositoryIds = repositories is null ? null : [.. repositories],
            Permissions = (wanted.Permissions ?? new Dictionary<string, string> { ["contents"] = "read" })
                .ToImmutableSortedDictionary(StringComparer.Ordinal).SetItem("metadata", "read"),
            CreatedAt = world.Clock.Now,
            ExpiresAt = wanted.ExpiresAt,
        };
        byValue[token.Value] = token;
        return token;
    }

    public (TokenVerdict Verdict, AccessToken? Token) Check(string value)
    {
        if (!byValue.TryGetValue(value, out var token) || token.Revoked || token.Installation is { Deleted: true })
        {
            return (TokenVerdict.Unknown, null);
        }

        if (token.ExpiresAt <= world.Clock.Now)
        {
            return (TokenVerdict.Expired, token);
        }

        if (world.Faults.Find("tokens.lag") is { } lag && IsTooYoung(token, lag))
        {
            return (TokenVerdict.TooYoung, token);
        }

        return (token.Installation is { SuspendedAt: not null } ? TokenVerdict.Suspended : TokenVerdict.Good, token);
    }

    /// <summary>The level that holds now: the token's, and no more than the installation's grant.</summary>
    public string? Level(AccessToken token, string permission)
    {
        if (permission == "metadata")
        {
            return "read";
        }

        var own = token.Permissions.GetValueOrDefault(permission);
        var granted = token.Installation is null ? own : world.Installations.Granted(token.Installation).GetValueOrDefault(permission);
        return own is null || granted is null ? null : Permits(granted, own) ? own : granted;
    }

    /// <summary>Whether a granted level covers the wanted one.</summary>
    public static bool Permits(string? granted, string wanted) => Rank(granted) >= Rank(wanted);

    private static int Rank(string? level) => level switch { "read" => 1, "write" => 2, "admin" => 3, _ => 0 };

    private bool IsTooYoung(AccessToken token, FaultArguments lag)
    {
        if (lag.Has("uses"))
        {
            lock (token)
            {
                return token.RefusedUses < lag.Int("uses", 1) && ++token.RefusedUses > 0;
            }
        }

        return world.Clock.Now < token.CreatedAt.AddMilliseconds(lag.Number("ms", 2000));
    }

    private string Stateless(Installation installation, DateTimeOffset now)
    {
        var header = Encoding.UTF8.GetBytes("""{"alg":"ES256","kid":"simulator-2026-05","typ":"JWT"}""");
        var claims = Encoding.UTF8.GetBytes(
            $$"""{"iss":"{{world.Urls.Host}}","sub":"installation:{{installation.Id}}","aud":"github","iat":{{now.ToUnixTimeSeconds()}},"jti":"{{RandomText(160)}}"}""");
        return $"ghs_{installation.App.Id}_{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64))}";
    }

    private static string RandomText(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
