using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>Says of the repositories of an installation that it is suspended, or no longer is, in the caller's transaction.</summary>
internal sealed class SuspendedInstallations(RepositoryStore repositories, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>GitHub has said so: by its event, or by refusing a token. The listing that follows says what is true by then.</summary>
    public async Task SuspendAsync(DbSession session, long installationId, string? by, DateTimeOffset? at)
    {
        var account = await session.ScalarAsync<string>("select account_login from installations where id = @installationId", new { installationId });
        await session.ExecuteAsync(
            $"""
            update installations set state = '{InstallationState.Suspended}', reason = @reason, updated_at = @Now
            where id = @installationId and state <> '{InstallationState.Removed}'
            """,
            new { installationId, reason = InstallationReason.Suspended(account ?? "", by, at), Now });
        await MarkAsync(session, installationId);
    }

    /// <summary>All linked repositories of the installation become <c>Suspended</c>, with the reason of the installation.</summary>
    public async Task MarkAsync(DbSession session, long installationId)
    {
        await session.ExecuteAsync(
            $"update repositories set health = '{RepositoryHealth.Suspended}', updated_at = @Now where installation_id = @installationId and linked = 1", new { installationId, Now });
        await session.ExecuteAsync(
            $"""
            insert into repository_reasons (repository_id, code, sentence, first_seen, last_seen)
            select r.id, '{ReasonCode.InstallationSuspended}', r.owner || '/' || r.name || ' cannot be synchronized: ' || lower(substr(i.reason, 1, 1)) || substr(i.reason, 2), @Now, @Now
            from repositories r join installations i on i.id = r.installation_id
            where i.id = @installationId and r.linked = 1 and i.reason is not null
            on conflict (repository_id, code) do update set sentence = excluded.sentence, last_seen = excluded.last_seen, resolved_at = null,
              first_seen = case when repository_reasons.resolved_at is null then repository_reasons.first_seen else excluded.first_seen end
            """,
            new { installationId, Now });
    }

    /// <summary>Its repositories want a Sync at once; gives those that may have one.</summary>
    public async Task<List<long>> ResumeAsync(DbSession session, long installationId)
    {
        var resumed = await session.ExecuteAsync(
            $"update installations set state = '{InstallationState.Active}', reason = null, updated_at = @Now where id = @installationId and state = '{InstallationState.Suspended}'",
            new { installationId, Now });
        if (resumed == 0)
        {
            return [];
        }

        var ids = await session.QueryAsync<long>(
            $"""
            update repositories set health = case when suspended = 1 then health else '{RepositoryHealth.Unknown}' end
            where installation_id = @installationId and linked = 1 returning id
            """,
            new { installationId });
        foreach (var id in ids)
        {
            await Reasons.ResolveAsync(session, id, [ReasonCode.InstallationSuspended], Now);
            await repositories.WishAsync(session, id, null, WishSource.Webhook);
        }

        return ids;
    }
}
