using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Access;

/// <summary>A session as a request finds it.</summary>
internal sealed record SessionFacts
{
    public long Id { get; init; }

    public long UserId { get; init; }

    public string Login { get; init; } = "";

    public string Role { get; init; } = "";

    public long LastUsedAt { get; init; }

    public long? ProviderId { get; init; }

    public long? ReadableAt { get; init; }
}

/// <summary>Sessions and the links that open them. What is kept is hashes.</summary>
internal sealed class SessionStore(Database database, IOptions<AccessOptions> options, TimeProvider time)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(30);

    /// <summary>After this a person signs in again, however active.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>What the local administrator is called.</summary>
    public const string LocalLogin = "administrator";

    private static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The session of the cookie, or null where it is unknown, has ended, or its user was removed.</summary>
    public async Task<SessionFacts?> FindAsync(string secret, CancellationToken cancellation)
    {
        var hash = Session.Hash(secret);
        var now = Now;
        var facts = await database.ReadAsync(
            session => session.FirstAsync<SessionFacts>(
                """
                select s.id, s.user_id, s.last_used_at, u.login, u.role, u.provider_id, u.readable_at from sessions s join users u on u.id = s.user_id
                where s.hash = @hash and s.ended_at is null and s.expires_at > @now and s.last_used_at > @idle and u.removed_at is null
                  and (u.provider_id is null or u.verified_at > @verified)
                """,
                new { hash, now, verified = now - (long)options.Value.MembershipGrace.TotalMilliseconds, idle = now - (long)Idle.TotalMilliseconds }),
            cancellation);
        if (facts is not null && now - facts.LastUsedAt > 60_000)
        {
            await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("update sessions set last_used_at = @now where id = @Id", new { now, facts.Id });
                    await session.ExecuteAsync("update users set last_seen_at = @now where id = @UserId", new { now, facts.UserId });
                },
                cancellation);
        }

        return facts;
    }

    /// <summary>Opens a session for a user; what is given goes into the cookie and is nowhere else.</summary>
    public async Task<(string Secret, DateTimeOffset Expires)> OpenAsync(DbSession session, long userId, string? address)
    {
        var secret = Session.Generate();
        var expires = time.GetUtcNow() + Lifetime;
        await session.ExecuteAsync(
            "insert into sessions (user_id, hash, address, created_at, last_used_at, expires_at) values (@userId, @hash, @address, @Now, @Now, @expires)",
            new { userId, hash = Session.Hash(secret), address, Now, expires = expires.ToUnixTimeMilliseconds() });
        return (secret, expires);
    }

    public Task EndAsync(string secret, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync("update sessions set ended_at = @Now where hash = @hash and ended_at is null", new { Now, hash = Session.Hash(secret) }), cancellation);

    /// <summary>Ends all sessions of a user, wherever they are.</summary>
    public static Task<int> EndAllAsync(DbSession session, long userId, long now) =>
        session.ExecuteAsync("update sessions set ended_at = @now where user_id = @userId and ended_at is null", new { now, userId });

    /// <summary>Makes a link for the local administrator; the text that is returned is nowhere else. Links made before end.</summary>
    public async Task<string> MakeLinkAsync(CancellationToken cancellation)
    {
        var token = Session.Generate();
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update sign_in_links set used_at = @Now where used_at is null", new { Now });
                await session.ExecuteAsync(
                    "insert into sign_in_links (hash, created_at, expires_at) values (@hash, @Now, @expires)",
                    new { hash = Session.Hash(token), Now, expires = Now + (long)LinkLifetime.TotalMilliseconds });
            },
            cancellation);
        return token;
    }

    /// <summary>Uses a link up: the session of the local administrator, or null where the link is unknown, too old or was used.</summary>
    public Task<(string Secret, DateTimeOffset Expires)?> UseLinkAsync(string token, string? address, CancellationToken cancellation) =>
        database.WriteAsync<(string, DateTimeOffset)?>(
            async session =>
            {
                if (await session.ExecuteAsync("update sign_in_links set used_at = @Now where hash = @hash and used_at is null and expires_at > @Now", new { Now, hash = Session.Hash(token) }) == 0)
                {
                    return null;
                }

                var id = await session.ScalarAsync<long>(
                    $"""
                    insert into users (login, role, created_at, last_seen_at) values (@LocalLogin, '{nameof(Role.Admin)}', @Now, @Now)
                    on conflict (login) where provider_id is null do update set last_seen_at = excluded.last_seen_at, removed_at = null returning id
                    """,
                    new { LocalLogin, Now });
                return await OpenAsync(session, id, address);
            },
            cancellation);

    /// <summary>Whether anybody has ever signed in.</summary>
    public Task<bool> IsUsedAsync(CancellationToken cancellation) =>
        database.ReadAsync(async session => await session.ScalarAsync<long>("select count(*) from (select 1 from users limit 1) as u") > 0, cancellation);
}
