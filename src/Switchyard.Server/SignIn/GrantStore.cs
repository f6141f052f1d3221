using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.SignIn;

internal static class GrantKind
{
    public const string Organization = "organization";
    public const string Team = "team";
    public const string User = "user";

    public static IReadOnlyList<string> All { get; } = [Organization, Team, User];
}

/// <summary>Who on GitHub may sign in, and as what; times are UTC milliseconds.</summary>
internal sealed record Grant
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Provider { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Account { get; init; } = "";

    /// <summary>The slug of the team; empty for others.</summary>
    public string Team { get; init; } = "";

    /// <summary>The user's id on GitHub, once they have signed in.</summary>
    public long? GithubId { get; init; }

    public string Role { get; init; } = "";

    public string CreatedBy { get; init; } = "";

    public long CreatedAt { get; init; }
}

internal sealed class GrantStore(Database database, TimeProvider time)
{
    private const string Select =
        "select g.id, g.provider_id, p.slug as provider, g.kind, g.account, g.team, g.github_id, g.role, g.created_by, g.created_at from access_grants g join providers p on p.id = g.provider_id";

    public Task<(List<Grant> Rows, long Total)> ListAsync(PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<Grant>($"{Select} where g.id > @after order by g.id limit @limit", new { after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from access_grants")),
            cancellation);

    public Task<List<Grant>> ListAsync(long providerId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<Grant>($"{Select} where g.provider_id = @providerId order by g.id", new { providerId }), cancellation);

    /// <summary>Null where it is granted already.</summary>
    public async Task<Grant?> AddAsync(Grant grant, CancellationToken cancellation)
    {
        var id = await database.WriteAsync(
            session => session.FirstAsync<long?>(
                """
                insert into access_grants (provider_id, kind, account, team, role, created_by, created_at) values (@ProviderId, @Kind, @Account, @Team, @Role, @CreatedBy, @now)
                on conflict do nothing returning id
                """,
                new { grant.ProviderId, grant.Kind, grant.Account, grant.Team, grant.Role, grant.CreatedBy, now = time.GetUtcNow().ToUnixTimeMilliseconds() }),
            cancellation);
        return id is null ? null : await database.ReadAsync(session => session.FirstAsync<Grant>($"{Select} where g.id = @id", new { id }), cancellation);
    }

    /// <summary>Takes it back: who is in by it is shut out in the same transaction. Gives its provider; null where there is no such grant.</summary>
    public Task<long?> RemoveAsync(long id, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var provider = await session.FirstAsync<long?>("delete from access_grants where id = @id returning provider_id", new { id });
                await session.ExecuteAsync("update users set verified_at = 0 where grant_id = @id", new { id });
                return provider;
            },
            cancellation);

    /// <summary>From the first sign-in on, the grant is that of this person, whatever they are called.</summary>
    public Task PinAsync(long id, long githubId, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync("update access_grants set github_id = @githubId where id = @id and github_id is null", new { id, githubId }), cancellation);
}
