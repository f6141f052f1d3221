using Switchyard.GitHub.Apps;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.SignIn;

/// <summary>A person who has signed in; times are UTC milliseconds.</summary>
internal sealed record UserRow
{
    public long Id { get; init; }

    public long? ProviderId { get; init; }

    public string? Provider { get; init; }

    public long? GithubId { get; init; }

    public string Login { get; init; } = "";

    public string? Name { get; init; }

    public string Role { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? LastSeenAt { get; init; }

    public long? VerifiedAt { get; init; }

    public long? RemovedAt { get; init; }

    public string? RemovedReason { get; init; }

    public long Sessions { get; init; }
}

internal sealed class UserStore(Database database, SessionStore sessions, TimeProvider time)
{
    private const string Select =
        """
        select u.id, u.provider_id, p.slug as provider, u.github_id, u.login, u.name, u.role, u.created_at, u.last_seen_at, u.verified_at, u.removed_at, u.removed_reason,
          (select count(*) from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > @now) as sessions
        from users u left join providers p on p.id = u.provider_id
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<(List<UserRow> Rows, long Total)> ListAsync(PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<UserRow>($"{Select} where u.id > @after order by u.id limit @limit", new { now = Now, after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from users")),
            cancellation);

    /// <summary>Those of GitHub who are in, of one provider where one is named.</summary>
    public Task<List<UserRow>> ListSignedInAsync(long? providerId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<UserRow>(
                Select + " where u.provider_id is not null and u.removed_at is null and (@providerId is null or u.provider_id = @providerId) order by u.id", new { now = Now, providerId }),
            cancellation);

    /// <summary>Opens a session for who GitHub says they are, with the role that a grant gives, and keeps what they may read where that was asked.</summary>
    public Task<(string Secret, DateTimeOffset Expires)> SignInAsync(long providerId, GitHubUser user, Readable? readable, Grant grant, string? address, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var id = await session.ScalarAsync<long>(
                    """
                    insert into users (provider_id, github_id, login, name, role, created_at, last_seen_at, verified_at, grant_id)
                    values (@providerId, @githubId, @login, @name, @Role, @Now, @Now, @Now, @grantId)
                    on conflict (provider_id, github_id) where provider_id is not null do update set login = excluded.login, name = excluded.name, role = excluded.role,
                      last_seen_at = excluded.last_seen_at, verified_at = excluded.verified_at, grant_id = excluded.grant_id, removed_at = null, removed_reason = null
                    returning id
                    """,
                    new { providerId, githubId = user.Id, login = user.Login, name = user.Name, grant.Role, Now, grantId = grant.Id });
                if (readable is not null)
                {
                    await ReadableStore.ReplaceAsync(session, id, providerId, readable.Private, readable.AskedAt);
                }

                return await sessions.OpenAsync(session, id, address);
            },
            cancellation);

    /// <summary>GitHub has said it again, as of the moment before it was asked: a grant that was taken back meanwhile is not renewed.</summary>
    public Task VerifyAsync(long id, string login, Grant grant, long asked, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update users set login = @login, role = @Role, verified_at = @asked, grant_id = @grantId where id = @id and exists (select 1 from access_grants where id = @grantId)",
                new { id, login, grant.Role, asked, grantId = grant.Id }),
            cancellation);

    /// <summary>Shuts the person out; their sessions end.</summary>
    public Task RemoveAsync(long id, string reason, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update users set removed_at = @Now, removed_reason = @reason where id = @id and removed_at is null", new { id, reason, Now });
                await SessionStore.EndAllAsync(session, id, Now);
            },
            cancellation);

    /// <summary>Ends the sessions; the person may sign in again. Null where there is no such user.</summary>
    public Task<string?> EndSessionsAsync(long id, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await SessionStore.EndAllAsync(session, id, Now);
                return await session.FirstAsync<string?>("select login from users where id = @id", new { id });
            },
            cancellation);
}
