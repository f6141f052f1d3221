using Switchyard.Server.Storage;

namespace Switchyard.Server.Home;

/// <summary>How much there is, and what of it has gone wrong lately.</summary>
public sealed record HomeCounts
{
    public long Providers { get; init; }

    public long Apps { get; init; }

    public long Installations { get; init; }

    public long Repositories { get; init; }

    public long Synced { get; init; }

    public long Models { get; init; }

    public long Rules { get; init; }

    public long Dispatches { get; init; }

    public long DeadDeliveries { get; init; }

    public long FailedDispatches { get; init; }

    public long BrokenRuleFiles { get; init; }

    public long TroubledRepositories { get; init; }
}

/// <summary>A Version that has come lately.</summary>
public sealed record RecentVersion
{
    public long ModelId { get; init; }

    public string Provider { get; init; } = "";

    public string Repository { get; init; } = "";

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    public string Format { get; init; } = "";

    public long Number { get; init; }

    public string Sha { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Author { get; init; } = "";

    public long CommittedAt { get; init; }
}

/// <summary>Reads what the first page says. It reads tables of other features and writes none.</summary>
internal sealed class HomeStore(Database database, TimeProvider time)
{
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    public Task<HomeCounts> CountAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session => await session.FirstAsync<HomeCounts>(
                """
                select
                  (select count(*) from providers) as providers,
                  (select count(*) from providers where kind = 'App') as apps,
                  (select count(*) from installations where state = 'Active') as installations,
                  (select count(*) from repositories where unlinked = 0) as repositories,
                  (select count(*) from repositories where unlinked = 0 and status = 'Synced') as synced,
                  (select count(*) from repositories where unlinked = 0 and health not in ('Healthy', 'Unknown')) as troubled_repositories,
                  (select count(*) from models where state = 'Active') as models,
                  (select count(*) from rules where removed_at is null) as rules,
                  (select count(*) from rule_sources where state = 'Broken') as broken_rule_files,
                  (select count(*) from deliveries where state = 'Dead') as dead_deliveries,
                  (select count(*) from dispatches where created_at > @since) as dispatches,
                  (select count(*) from dispatches where created_at > @since and state in ('Failed', 'Dead')) as failed_dispatches
                """,
                new { since = (time.GetUtcNow() - Lately).ToUnixTimeMilliseconds() }) ?? new HomeCounts(),
            cancellation);

    public Task<List<RecentVersion>> ListRecentAsync(int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<RecentVersion>(
                """
                select v.model_id, p.slug as provider, r.owner || '/' || r.name as repository, m.path, m.name, m.format, v.number, c.sha, c.subject, c.author_name as author, c.committed_at
                from (select * from versions order by id desc limit @limit) v
                join models m on m.id = v.model_id join repositories r on r.id = m.repository_id join providers p on p.id = r.provider_id join commits c on c.id = v.commit_id
                order by c.committed_at desc, v.id desc
                """,
                new { limit }),
            cancellation);
}
