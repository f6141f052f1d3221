using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>The rows of repositories.</summary>
internal sealed class RepositoryStore(Database database, TimeProvider time)
{
    public const string Columns =
        """
        r.id, r.provider_id, p.slug as provider, r.github_id, r.installation_id, i.github_id as installation_github_id, i.state as installation_state,
        i.account_login, i.account_type, p.web_url,
        r.owner, r.name, r.default_branch, r.private, r.archived, r.size_kb, r.html_url, r.linked, r.unlinked, r.suspended, r.wanted, r.satisfied,
        r.wanted_head, r.wanted_at, r.wanted_source, r.synced_head, r.synced_at, r.walked_head, r.walked_position, r.recount, r.ignore_file,
        r.parser_version, r.status, r.health, r.failures, r.retry_at, r.created_at
        """;

    public const string From = "repositories r join providers p on p.id = r.provider_id left join installations i on i.id = r.installation_id";

    /// <summary>The repositories that work may be done for.</summary>
    public const string MayWork = "r.linked = 1 and r.suspended = 0 and coalesce(i.state, 'Active') = 'Active'";

    /// <summary>The health to set, for SQL: what is suspended stays so, whatever a Sync that was under way comes to.</summary>
    public const string HealthOrSuspended =
        $"""
        case when suspended = 1 or exists (select 1 from installations i where i.id = repositories.installation_id and i.state = 'Suspended')
          then '{RepositoryHealth.Suspended}' else @health end
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The repository, unless somebody unlinked it.</summary>
    public async Task<Repository?> FindAsync(long id, CancellationToken cancellation) =>
        await FindRowAsync(id, cancellation) is { Unlinked: Unlinked.No } repository ? repository : null;

    /// <summary>The row, also of one that was unlinked.</summary>
    public Task<Repository?> FindRowAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Repository>($"select {Columns} from {From} where r.id = @id", new { id }), cancellation);

    /// <summary>
    /// The repositories of that name, one of each provider. One that is no longer linked counts only where no linked one has
    /// the name: names are given away again on GitHub.
    /// </summary>
    public Task<List<Repository>> ListByNameAsync(string owner, string name, string? provider, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<Repository>(
                    $"""
                    select {Columns} from {From} where lower(r.owner) = lower(@owner) and lower(r.name) = lower(@name) and r.unlinked = 0
                      and (@provider is null or p.slug = @provider)
                    order by r.linked desc, r.id desc
                    """,
                    new { owner, name, provider });
                return rows.Where(row => row.Linked == rows[0].Linked).DistinctBy(row => row.ProviderId).OrderBy(row => row.Id).ToList();
            },
            cancellation);

    public Task<List<Repository>> ListWorkableAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<Repository>($"select {Columns} from {From} where {MayWork} order by r.id"), cancellation);

    public static Task<Repository?> FindByGitHubIdAsync(DbSession session, long providerId, long githubId) =>
        session.FirstAsync<Repository>($"select {Columns} from {From} where r.provider_id = @providerId and r.github_id = @githubId", new { providerId, githubId });

    /// <summary>
    /// Links a repository, or brings a linked one in step with what was listed. A new one, and one that comes back, wants a
    /// Sync. Gives its id; null where somebody unlinked it and nobody asked for it by name.
    /// </summary>
    /// <exception cref="StillUnlinkingException">Somebody took it out just now.</exception>
    public async Task<long?> LinkAsync(DbSession session, long providerId, long? installationId, OriginRepository origin, string source, bool byName = false)
    {
        var known = await FindByGitHubIdAsync(session, providerId, origin.GithubId);
        if (known is { Unlinked: not Unlinked.No } && !byName)
        {
            return null;
        }

        if (known is { Unlinked: Unlinked.Going })
        {
            throw new StillUnlinkingException(known);
        }

        var values = new
        {
            providerId,
            installationId,
            origin.GithubId,
            origin.Owner,
            origin.Name,
            origin.DefaultBranch,
            isPrivate = origin.IsPrivate ? 1 : 0,
            isArchived = origin.IsArchived ? 1 : 0,
            origin.SizeKb,
            origin.HtmlUrl,
            now = Now,
        };
        var id = await session.ScalarAsync<long>(
            $"""
            insert into repositories (provider_id, github_id, installation_id, owner, name, default_branch, private, archived, size_kb, html_url, status, health, created_at, updated_at)
            values (@providerId, @GithubId, @installationId, @Owner, @Name, @DefaultBranch, @isPrivate, @isArchived, @SizeKb, @HtmlUrl,
              '{RepositoryStatus.Unknown}', '{RepositoryHealth.Unknown}', @now, @now)
            on conflict (provider_id, github_id) do update set installation_id = coalesce(excluded.installation_id, repositories.installation_id), owner = excluded.owner, name = excluded.name,
              private = excluded.private, archived = excluded.archived, size_kb = excluded.size_kb, html_url = excluded.html_url, linked = 1, unlinked = 0,
              default_branch = coalesce(repositories.default_branch, excluded.default_branch), updated_at = excluded.updated_at
            returning id
            """,
            values);
        var comesBack = known is null || known.Linked == 0 || (installationId is not null && known.InstallationId != installationId) || known is { Health: RepositoryHealth.Suspended, Suspended: 0 };
        var returns = comesBack || known!.Health == RepositoryHealth.Missing;
        if (comesBack)
        {
            // What a failed Sync has found (no permission, no such repository to git) is over when one succeeds, and not before.
            await session.ExecuteAsync($"update repositories set health = '{RepositoryHealth.Unknown}' where id = @id and suspended = 0", new { id });
            await Reasons.ResolveAsync(session, id, known?.Linked == 0 ? [ReasonCode.RepositoryMissing, ReasonCode.InstallationSuspended] : [ReasonCode.InstallationSuspended], Now);
        }

        // Another name or branch is found out by the Sync, which reads the repository by its id.
        if (returns || known!.FullName != $"{origin.Owner}/{origin.Name}" || known.DefaultBranch != origin.DefaultBranch)
        {
            await WishAsync(session, id, null, source);
        }

        return id;
    }

    /// <summary>
    /// Says that the repository wants a Sync, in the caller's transaction; the head is only a hint. Since when it wants one does
    /// not move with further wishes: that is how far it is behind.
    /// </summary>
    public Task WishAsync(DbSession session, long id, string? head, string source) =>
        session.ExecuteAsync(
            $"""
            update repositories set wanted = wanted + 1, wanted_head = coalesce(@head, wanted_head), wanted_at = case when wanted > satisfied then coalesce(wanted_at, @now) else @now end, wanted_source = @source, retry_at = 0,
              status = case when synced_head is null then status else '{RepositoryStatus.OutOfSync}' end, updated_at = @now
            where id = @id
            """,
            new { id, head, source, now = Now });

    /// <summary>Takes over what GitHub says of the repository now.</summary>
    public async Task<Repository> SaveOriginAsync(Repository repository, OriginRepository origin, CancellationToken cancellation)
    {
        var renamed = origin.Owner != repository.Owner || origin.Name != repository.Name;
        var moved = repository.DefaultBranch is { } before && origin.DefaultBranch is { } after && before != after;
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    update repositories set owner = @Owner, name = @Name, default_branch = @DefaultBranch, private = @isPrivate, archived = @isArchived,
                      size_kb = @SizeKb, html_url = @HtmlUrl, updated_at = @now
                    where id = @Id
                    """,
                    new
                    {
                        repository.Id,
                        origin.Owner,
                        origin.Name,
                        DefaultBranch = origin.DefaultBranch ?? repository.DefaultBranch,
                        isPrivate = origin.IsPrivate ? 1 : 0,
                        isArchived = origin.IsArchived ? 1 : 0,
                        origin.SizeKb,
                        origin.HtmlUrl,
                        now = Now,
                    });
                if (renamed)
                {
                    await Reasons.RaiseAsync(
                        session, repository.Id, ReasonCode.RepositoryRenamed, $"{repository.FullName} is now called {origin.Owner}/{origin.Name}; its models and Versions went with it.", Now);
                }

                if (moved)
                {
                    await Reasons.RaiseAsync(
                        session,
                        repository.Id,
                        ReasonCode.DefaultBranchMoved,
                        $"The default branch of {origin.Owner}/{origin.Name} is {origin.DefaultBranch} now, it was {repository.DefaultBranch}; Versions are those of the new one.",
                        Now);
                }

                await Reasons.SetAsync(
                    session,
                    repository.Id,
                    ReasonCode.ArchivedRepository,
                    origin.IsArchived ? $"{origin.Owner}/{origin.Name} is archived: it is read, but nobody can push to it." : null,
                    Now);
            },
            cancellation);
        return repository with { Owner = origin.Owner, Name = origin.Name, DefaultBranch = origin.DefaultBranch ?? repository.DefaultBranch, SizeKb = origin.SizeKb };
    }

    /// <summary>Stops automatic Syncs. False where there is no such repository.</summary>
    public async Task<bool> SuspendAsync(long id, CancellationToken cancellation) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                $"update repositories set suspended = 1, health = '{RepositoryHealth.Suspended}', updated_at = @now where id = @id and unlinked = 0", new { id, now = Now }),
            cancellation) > 0;

    /// <summary>Starts automatic Syncs again, with one at once. False where there is no such repository.</summary>
    public Task<bool> ResumeAsync(long id, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var found = await session.ExecuteAsync(
                    $"update repositories set suspended = 0, health = '{RepositoryHealth.Unknown}', updated_at = @now where id = @id and unlinked = 0", new { id, now = Now });
                if (found > 0)
                {
                    await WishAsync(session, id, null, WishSource.User);
                }

                return found > 0;
            },
            cancellation);

    /// <summary>GitHub no longer shows the repository through its installation; what was mirrored stays.</summary>
    public async Task UnlinkAsync(DbSession session, Repository repository, string health, string code, string sentence)
    {
        await session.ExecuteAsync(
            "update repositories set linked = 0, health = @health, updated_at = @now where id = @Id", new { repository.Id, health, now = Now });
        await Reasons.RaiseAsync(session, repository.Id, code, sentence, Now);
    }
}
