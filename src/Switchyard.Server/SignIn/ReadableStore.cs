using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Server.SignIn;

/// <summary>Whether the user may read the repository is to be asked.</summary>
internal sealed record AskedRepository
{
    public long UserId { get; init; }

    public long ProviderId { get; init; }

    public long UserGithubId { get; init; }

    public string Login { get; init; } = "";

    public long GithubId { get; init; }

    /// <summary>The installation that asks; null where there is none that can.</summary>
    public long? InstallationGithubId { get; init; }
}

/// <summary>
/// Which private repositories people may read, as GitHub said it: all at a sign-in, and one by one after that. What says that somebody
/// may no longer read something counts at once; that they may, only once GitHub was asked.
/// </summary>
internal sealed class ReadableStore(Database database, IOptions<AccessOptions> options, TimeProvider time)
{
    private const string Asked =
        """
        select x.user_id, x.provider_id, u.github_id as user_github_id, u.login, x.github_id, i.github_id as installation_github_id
        from readable_repositories x join users u on u.id = x.user_id
        """;

    /// <summary>Viewers who are in, of whom GitHub has said lately what they may read.</summary>
    private const string IsIn = $"u.removed_at is null and u.role = '{nameof(Role.Viewer)}' and u.readable_at > @since";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Since => Now - (long)options.Value.ReadPermissionLifetime.TotalMilliseconds;

    /// <summary>What GitHub said at a sign-in, as of the moment before it was asked; null: it did not say. What was taken back meanwhile stays so.</summary>
    public static async Task ReplaceAsync(DbSession session, long userId, long providerId, IReadOnlyList<long>? readable, long asked)
    {
        await session.ExecuteAsync("update users set readable_at = @at where id = @userId", new { userId, at = readable is null ? (long?)null : asked });
        await session.ExecuteAsync("delete from readable_repositories where user_id = @userId and (readable = 1 or checked_at <= @asked)", new { userId, asked });
        foreach (var part in (readable ?? []).Distinct().Chunk(300))
        {
            var rows = string.Join(", ", part.Select(id => FormattableString.Invariant($"(@userId, @providerId, {id}, 1, @asked)")));
            await session.ExecuteAsync(
                $"insert into readable_repositories (user_id, provider_id, github_id, readable, checked_at) values {rows} on conflict (user_id, provider_id, github_id) do nothing", new { userId, providerId, asked });
        }
    }

    /// <summary>Who may read the repository is not known any more, of one person or of all; for each who is in, GitHub is asked.</summary>
    public async Task<int> DoubtAsync(DbSession session, long providerId, long repositoryGithubId, long? memberGithubId)
    {
        var member = memberGithubId is null ? "" : " and u.github_id = @memberGithubId";
        var values = new { providerId, memberGithubId, repositoryGithubId, since = Since, Now };
        var hidden = await session.ExecuteAsync(
            $"""
            update readable_repositories set readable = 0, checked_at = @Now where provider_id = @providerId and github_id = @repositoryGithubId
              and user_id in (select u.id from users u where u.provider_id = @providerId{member})
            """,
            values);

        // Who could not read it may by now.
        return hidden + await session.ExecuteAsync(
            $"""
            insert into readable_repositories (user_id, provider_id, github_id, readable, checked_at)
            select u.id, @providerId, @repositoryGithubId, 0, @Now from users u where u.provider_id = @providerId and {IsIn}{member}
            on conflict (user_id, provider_id, github_id) do nothing
            """,
            values);
    }

    /// <summary>The same for all repositories but those of other owners.</summary>
    public Task<int> DoubtOwnerAsync(DbSession session, long providerId, string? owner, long? memberGithubId)
    {
        var member = memberGithubId is null ? "" : " and u.github_id = @memberGithubId";
        var others = owner is null ? "" : " and github_id not in (select r.github_id from repositories r where r.provider_id = @providerId and lower(r.owner) <> @owner)";
        return session.ExecuteAsync(
            $"update readable_repositories set readable = 0, checked_at = @Now where provider_id = @providerId and user_id in (select u.id from users u where u.provider_id = @providerId{member}){others}",
            new { providerId, memberGithubId, owner = owner?.ToLowerInvariant(), Now });
    }

    /// <summary>The users of whom something is hidden until GitHub is asked.</summary>
    public Task<List<long>> ListDoubtedAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<long>("select distinct user_id from readable_repositories where readable = 0 and checked_at <= @Now", new { Now }), cancellation);

    /// <summary>What is hidden from the user until GitHub is asked.</summary>
    public Task<List<AskedRepository>> ListDoubtsAsync(long userId, int most, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<AskedRepository>(
                $"""
                {Asked} left join repositories r on r.provider_id = x.provider_id and r.github_id = x.github_id
                  left join installations i on i.id = r.installation_id and i.state = 'Active'
                where x.user_id = @userId and x.readable = 0 and x.checked_at <= @Now order by x.checked_at, x.github_id limit @most
                """,
                new { userId, most, Now }),
            cancellation);

    /// <summary>What was not asked about for longest, of those who have been here lately.</summary>
    public Task<List<AskedRepository>> ListOldestAsync(int most, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<AskedRepository>(
                $"""
                {Asked} join repositories r on r.provider_id = x.provider_id and r.github_id = x.github_id and r.linked = 1 and r.private = 1
                  join installations i on i.id = r.installation_id and i.state = 'Active'
                where x.readable = 1 and {IsIn} and u.last_seen_at > @since order by x.checked_at, x.user_id, x.github_id limit @most
                """,
                new { most, since = Since }),
            cancellation);

    /// <summary>GitHub has said it, as of the moment before it was asked: what was taken back meanwhile is asked about again.</summary>
    public Task AnswerAsync(long userId, long githubId, bool mayRead, long asked, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                mayRead
                    ? "update readable_repositories set readable = 1, checked_at = @asked where user_id = @userId and github_id = @githubId and checked_at <= @asked"
                    : "delete from readable_repositories where user_id = @userId and github_id = @githubId and checked_at <= @asked",
                new { userId, githubId, asked }),
            cancellation);

    /// <summary>GitHub could not be asked; what is hidden stays so, and is asked about again after a while.</summary>
    public Task PutOffAsync(long userId, TimeSpan wait, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update readable_repositories set checked_at = @until where user_id = @userId and readable = 0 and checked_at <= @Now", new { userId, until = Now + (long)wait.TotalMilliseconds, Now }),
            cancellation);
}
