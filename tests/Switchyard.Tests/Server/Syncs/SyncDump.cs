using Switchyard.Server.Storage;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>
/// All that a hub says of one repository, without row ids and times of ours, in a fixed order: equal for hubs that say the
/// same. What a force push dropped is apart.
/// </summary>
internal sealed record SyncDump(IReadOnlyList<string> Models, IReadOnlyList<string> Versions, IReadOnlyList<string> Removals, IReadOnlyList<string> Rewritten, IReadOnlyList<string> Ignored)
{
    public string Current => string.Join('\n', [.. Models, .. Versions, .. Removals]);

    public static Task<SyncDump> ReadAsync(Database database, long repositoryId) =>
        database.ReadAsync(
            async session =>
            {
                var models = await session.QueryAsync<string>(
                    """
                    select m.path || '|' || m.kind || '|' || m.state || '|' || m.format || '|' || m.name || '|' || coalesce(m.target, '-') || '|' || m.status || '|' ||
                      m.problem_count || '|' || m.containers || '|' || m.entities || '|' || m.attribute_nodes || '|' || m.own_attributes || '|' || m.attributes || '|' ||
                      m.relationships || '|' || m.views || '|' || m.definitions || '|' || m.blob || '|' || m.size || '|v' || m.version_count || '|shows ' || coalesce(m.shown_version, m.version_count) || '|' ||
                      coalesce(h.sha, '-') || '|' || coalesce(r.sha, '-') || '|' || coalesce(m.changed_at, 0) || '|' || m.problems || '|' || m.facts || '|' || m.search_text
                    from models m left join commits h on h.id = m.head_commit_id left join commits r on r.id = m.removed_in_id
                    where m.repository_id = @repositoryId and m.state <> 'Ignored' and m.version_count > 0
                    """,
                    new { repositoryId });
                var versions = await VersionsAsync(session, repositoryId, 0);
                var removals = await RemovalsAsync(session, repositoryId, 0);
                var rewritten = (await VersionsAsync(session, repositoryId, 1)).Concat(await RemovalsAsync(session, repositoryId, 1));
                var ignored = await session.QueryAsync<string>("select path from models where repository_id = @repositoryId and state = 'Ignored'", new { repositoryId });
                return new SyncDump(Sorted(models), Sorted(versions), Sorted(removals), Sorted(rewritten), Sorted(ignored));
            },
            CancellationToken.None);

    private static Task<List<string>> VersionsAsync(DbSession session, long repositoryId, int rewritten) =>
        session.QueryAsync<string>(
            """
            select m.path || '|v' || v.number || '|' || c.sha || '|' || c.position || '|' || v.position || '|' || c.subject || '|' || c.author_name || '|' || c.committed_at || '|' ||
              v.blob || '|' || v.format || '|' || v.size || '|' || v.status || '|' || v.problem_count || '|from ' || coalesce(v.moved_from, '-') || '|' ||
              case when v.content_sha256 is null then 'not stored' when s.size is null then 'LOST' else 'stored' end
            from versions v join models m on m.id = v.model_id join commits c on c.id = v.commit_id left join contents s on s.sha256 = v.content_sha256
            where m.repository_id = @repositoryId and v.rewritten = @rewritten and (m.state <> 'Ignored' or @rewritten = 1)
            """,
            new { repositoryId, rewritten });

    private static Task<List<string>> RemovalsAsync(DbSession session, long repositoryId, int rewritten) =>
        session.QueryAsync<string>(
            """
            select m.path || '|removed|' || c.sha || '|' || r.position || '|to ' || coalesce(r.moved_to, '-')
            from removals r join models m on m.id = r.model_id join commits c on c.id = r.commit_id
            where m.repository_id = @repositoryId and r.rewritten = @rewritten and (m.state <> 'Ignored' or @rewritten = 1)
            """,
            new { repositoryId, rewritten });

    private static List<string> Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];
}
