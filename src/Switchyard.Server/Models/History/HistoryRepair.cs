using Switchyard.Server.Storage;

namespace Switchyard.Server.Models.History;

/// <summary>What is shown of a model is not that of its last Version.</summary>
internal sealed record StaleDisplay
{
    public long ModelId { get; init; }

    public string Path { get; init; } = "";

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    public string Blob { get; init; } = "";

    public string Format { get; init; } = "";

    public byte[]? ContentSha256 { get; init; }
}

/// <summary>Set-based corrections of the recorded history: after a force push, a change of the ignore file, a walk from the root.</summary>
internal static class HistoryRepair
{
    private const string OfRepository = "model_id in (select id from models where repository_id = @repositoryId)";

    /// <summary>Marks all after the position as dropped by a force push. It is kept, and unmarked if the chain comes back to it.</summary>
    public static async Task MarkRewrittenAsync(DbSession session, long repositoryId, long after)
    {
        await session.ExecuteAsync("update commits set on_chain = 0 where repository_id = @repositoryId and position > @after", new { repositoryId, after });
        foreach (var table in (string[])["versions", "removals"])
        {
            await session.ExecuteAsync($"update {table} set rewritten = 1 where position > @after and rewritten = 0 and {OfRepository}", new { repositoryId, after });
        }
    }

    /// <summary>
    /// Deletes what a walk after the position did not confirm: it was recorded by another reader or another ignore file. What
    /// is ignored now keeps its history.
    /// </summary>
    public static async Task DropUnconfirmedAsync(DbSession session, long repositoryId, long after, long syncId)
    {
        foreach (var table in (string[])["versions", "removals"])
        {
            await session.ExecuteAsync(
                $"""
                delete from {table}
                where position > @after and sync_id <> @syncId
                  and model_id in (select id from models where repository_id = @repositoryId and state <> '{ModelState.Ignored}')
                  and commit_id in (select id from commits where repository_id = @repositoryId and on_chain = 1)
                """,
                new { repositoryId, after, syncId });
        }
    }

    /// <summary>Brings count, state and last commit of every model in step with its Versions; a model without any is deleted.</summary>
    public static async Task RecountAsync(DbSession session, long repositoryId)
    {
        await session.ExecuteAsync(
            $"delete from models where repository_id = @repositoryId and state <> '{ModelState.Ignored}' and not exists (select 1 from versions v where v.model_id = models.id)",
            new { repositoryId });
        await session.ExecuteAsync(
            $"""
            update models set
              version_count = coalesce((select max(v.number) from versions v where v.model_id = models.id and v.rewritten = 0), 0),
              head_commit_id = (select v.commit_id from versions v where v.model_id = models.id and v.rewritten = 0 order by v.position desc limit 1),
              removed_in_id = (
                select r.commit_id from removals r
                where r.model_id = models.id and r.rewritten = 0
                  and r.position > coalesce((select max(v.position) from versions v where v.model_id = models.id and v.rewritten = 0), 0)
                order by r.position desc limit 1)
            where repository_id = @repositoryId and state <> '{ModelState.Ignored}'
            """,
            new { repositoryId });
        await session.ExecuteAsync(
            $"""
            update models set
              state = case when version_count = 0 or removed_in_id is not null then '{ModelState.Removed}' else '{ModelState.Active}' end,
              changed_at = (select c.committed_at from commits c where c.id = coalesce(models.removed_in_id, models.head_commit_id))
            where repository_id = @repositoryId and state <> '{ModelState.Ignored}'
            """,
            new { repositoryId });
    }

    public static Task<List<StaleDisplay>> FindStaleDisplaysAsync(DbSession session, long repositoryId) =>
        session.QueryAsync<StaleDisplay>(
            $"""
            select m.id as model_id, m.path, m.kind, m.state, v.blob, v.format, v.content_sha256
            from models m
            join versions v on v.model_id = m.id and v.commit_id = m.head_commit_id and v.rewritten = 0
            where m.repository_id = @repositoryId and m.state <> '{ModelState.Ignored}' and (m.blob <> v.blob or m.format <> v.format or m.status <> v.status)
            """,
            new { repositoryId });

    /// <summary>Hides the models that are ignored now and shows again (as removed, until they are read) those that no longer are.</summary>
    public static async Task ApplyIgnoreAsync(DbSession session, long repositoryId, Func<string, string, bool> isIgnored)
    {
        var models = await session.QueryAsync<PathRow>("select id, path, kind, state from models where repository_id = @repositoryId", new { repositoryId });
        var wrong = models.Where(model => isIgnored(model.Path, model.Kind) != (model.State == ModelState.Ignored)).ToLookup(model => model.State == ModelState.Ignored, model => model.Id);
        foreach (var (shown, state) in ((bool, string)[])[(false, ModelState.Ignored), (true, ModelState.Removed)])
        {
            foreach (var ids in wrong[shown].Chunk(500))
            {
                await session.ExecuteAsync($"update models set state = @state where id {session.In("ids")}", new { state, ids });
            }
        }
    }

    private sealed record PathRow
    {
        public long Id { get; init; }

        public string Path { get; init; } = "";

        public string Kind { get; init; } = "";

        public string State { get; init; } = "";
    }
}
