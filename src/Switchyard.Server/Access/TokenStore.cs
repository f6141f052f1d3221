using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Access;

public sealed record TokenFacts
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Role { get; init; } = "";

    public string Prefix { get; init; } = "";

    public string? CreatedBy { get; init; }

    public long CreatedAt { get; init; }

    public long? ExpiresAt { get; init; }

    public long? LastUsedAt { get; init; }

    public long? RevokedAt { get; init; }

    /// <summary>The person whose token it is, as they are now.</summary>
    internal TokenPerson? Owner { get; init; }
}

/// <summary>Whose token it is, and what they may do now.</summary>
internal sealed record TokenPerson
{
    public long Id { get; init; }

    public string Role { get; init; } = "";

    public long? ProviderId { get; init; }

    public long? ReadableAt { get; init; }
}

/// <summary>Who makes a token: by what name, and which user where it is one.</summary>
public sealed record TokenOwner(string Name, long? UserId)
{
    internal static TokenOwner? Of(HttpContext context) => context.User.Identity?.Name is not { } name ? null : new TokenOwner(
        name, long.TryParse(context.User.FindFirst(SessionAuthentication.UserClaim)?.Value, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null);
}

/// <summary>API tokens: stored hashed, shown once.</summary>
public sealed class TokenStore(Database database, TimeProvider time)
{
    /// <summary>The token that the first start leaves as the way in.</summary>
    public const string SetupName = "setup";

    /// <summary>The token of a command on the server's own machine (<see cref="LocalAccess"/>).</summary>
    public const string LocalName = "local";

    private const string Columns = "id, name, role, prefix, created_by, created_at, expires_at, last_used_at, revoked_at";

    /// <summary>Makes a token; the text that is returned is nowhere else. The setup token ends with the first administrator's own.</summary>
    public Task<(string Token, TokenFacts Facts)> CreateAsync(string name, Role role, TimeSpan? lifetime, CancellationToken cancellation) => CreateAsync(name, role, lifetime, null, cancellation);

    /// <summary>The same for somebody: it can do no more than they, and ends with them.</summary>
    public async Task<(string Token, TokenFacts Facts)> CreateAsync(string name, Role role, TimeSpan? lifetime, TokenOwner? owner, CancellationToken cancellation)
    {
        var token = ApiToken.Generate();
        var now = time.GetUtcNow();
        var facts = new TokenFacts
        {
            Name = name,
            Role = role.ToString(),
            Prefix = token[..8],
            CreatedBy = owner?.Name,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = lifetime is { } life ? (now + life).ToUnixTimeMilliseconds() : null,
        };
        var id = await database.WriteAsync(
            async session =>
            {
                if (role == Role.Admin && name is not (SetupName or LocalName))
                {
                    await session.ExecuteAsync(
                        "update api_tokens set revoked_at = @CreatedAt where name = @SetupName and revoked_at is null", new { facts.CreatedAt, SetupName });
                }

                return await session.ScalarAsync<long>(
                    """
                    insert into api_tokens (name, role, prefix, hash, created_at, expires_at, user_id, created_by)
                    values (@Name, @Role, @Prefix, @hash, @CreatedAt, @ExpiresAt, @UserId, @CreatedBy) returning id
                    """,
                    new { facts.Name, facts.Role, facts.Prefix, hash = ApiToken.Hash(token), facts.CreatedAt, facts.ExpiresAt, owner?.UserId, facts.CreatedBy });
            },
            cancellation);
        return (token, facts with { Id = id });
    }

    /// <summary>The token's facts, or null where it is unknown, expired or revoked.</summary>
    public async Task<TokenFacts?> FindAsync(string token, CancellationToken cancellation)
    {
        if (!ApiToken.IsWellFormed(token))
        {
            return null;
        }

        var hash = ApiToken.Hash(token);
        var facts = await database.ReadAsync(
            session => session.FirstAsync<TokenFacts>(
                $"select {Columns} from api_tokens t where hash = @hash and not exists (select 1 from users u where u.id = t.user_id and u.removed_at is not null)", new { hash }),
            cancellation);
        if (facts is not null && await database.ReadAsync(
            session => session.FirstAsync<TokenPerson>("select u.id, u.role, u.provider_id, u.readable_at from api_tokens t join users u on u.id = t.user_id where t.id = @Id", new { facts.Id }), cancellation) is { } owner)
        {
            facts = facts with { Owner = owner, Role = Enum.Parse<Role>(owner.Role) < Enum.Parse<Role>(facts.Role) ? owner.Role : facts.Role };
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (facts is null || facts.RevokedAt is not null || facts.ExpiresAt <= now)
        {
            return null;
        }

        if (now - (facts.LastUsedAt ?? 0) > 60_000)
        {
            await database.WriteAsync(
                session => session.ExecuteAsync("update api_tokens set last_used_at = @now where id = @Id", new { now, facts.Id }), cancellation);
        }

        return facts;
    }

    public Task<(List<TokenFacts> Rows, long Total)> ListAsync(PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<TokenFacts>(
                    $"select {Columns} from api_tokens where id > @after order by id limit @limit", new { after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from api_tokens")),
            cancellation);

    public Task<List<TokenFacts>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<TokenFacts>(
                $"select {Columns} from api_tokens order by id"),
            cancellation);

    /// <summary>False where there is no such token.</summary>
    public async Task<bool> RevokeAsync(long id, CancellationToken cancellation) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                "update api_tokens set revoked_at = coalesce(revoked_at, @now) where id = @id",
                new { id, now = time.GetUtcNow().ToUnixTimeMilliseconds() }),
            cancellation) == 1;
}
