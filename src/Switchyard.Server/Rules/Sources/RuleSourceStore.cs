using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>The rows of rule files, their revisions and their rules.</summary>
internal sealed class RuleSourceStore(Database database, CancelPending cancel, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<RuleSource?> FindAsync(RuleSourceKey key, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<RuleSource>(
                $"select {RuleSource.Columns} from {RuleSource.From} where s.provider_id = @ProviderId and s.kind = @kind and s.name = @Name", new { key.ProviderId, kind = key.Kind.ToString(), key.Name }),
            cancellation);

    /// <summary>The file of a repository, under whatever name the repository had when it was read last.</summary>
    public Task<RuleSource?> FindOfRepositoryAsync(long repositoryId, RuleFileKind kind, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<RuleSource>(
                $"select {RuleSource.Columns} from {RuleSource.From} where s.repository_id = @repositoryId and s.kind = @kind", new { repositoryId, kind = kind.ToString() }),
            cancellation);

    public Task<RuleSource?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<RuleSource>($"select {RuleSource.Columns} from {RuleSource.From} where s.id = @id", new { id }), cancellation);

    public Task<List<RuleSource>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<RuleSource>($"select {RuleSource.Columns} from {RuleSource.From} order by s.id"), cancellation);

    public Task<(List<RuleSource> Rows, long Total)> ListAsync(string? provider, string? state, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                const string Where = "(@provider is null or p.slug = @provider) and (@state is null or s.state = @state)";
                var rows = await session.QueryAsync<RuleSource>(
                    $"select {RuleSource.Columns} from {RuleSource.From} where {Where} and s.id > @after order by s.id limit @limit",
                    new { provider, state, after = page.AfterId ?? 0, limit = page.Limit + 1 });
                return (rows, await session.ScalarAsync<long>($"select count(*) from {RuleSource.From} where {Where}", new { provider, state }));
            },
            cancellation);

    public Task<RuleRevision?> FindRevisionAsync(long? id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<RuleRevision>($"select {RuleRevision.Columns} from rule_revisions where id = @id", new { id }), cancellation);

    public Task<List<RuleRevision>> ListRevisionsAsync(long sourceId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<RuleRevision>($"select {RuleRevision.Columns} from rule_revisions where source_id = @sourceId order by number desc limit 200", new { sourceId }), cancellation);

    /// <summary>
    /// Stores what was read of a file as a revision, and puts it in force where it is good. Gives the revision; the same text read
    /// again is the same revision, with the problems it has now. What waits of rules that it no longer has, or switches off, ends.
    /// </summary>
    public async Task<(RuleSource Source, RuleRevision Revision, Action Kick)> SaveAsync(DbSession session, RuleSourceKey key, string text, string? commit, string loadedBy, RuleFileResult result)
    {
        var good = result.File is not null;
        var id = await UpsertAsync(session, key, good ? RuleSourceState.Loaded : RuleSourceState.Broken, commit);
        var problems = RuleRevision.Write(result.Problems);
        var last = await session.FirstAsync<RuleRevision>($"select {RuleRevision.Columns} from rule_revisions where source_id = @id order by number desc limit 1", new { id });
        var revision = last is not null && last.Text == text
            ? await session.FirstAsync<RuleRevision>(
                $"update rule_revisions set state = @state, problems = @problems, target_problems = {(good ? "target_problems" : "null")} where id = @Id returning {RuleRevision.Columns}", new { last.Id, state = good ? "Good" : "Broken", problems })
            : await session.FirstAsync<RuleRevision>(
                $"""
                insert into rule_revisions (source_id, number, commit_sha, text, state, problems, loaded_at, loaded_by)
                values (@id, @number, @commit, @text, @state, @problems, @Now, @loadedBy) returning {RuleRevision.Columns}
                """,
                new { id, number = (last?.Number ?? 0) + 1, commit, text, state = good ? "Good" : "Broken", problems, Now, loadedBy });
        await session.ExecuteAsync("update rule_sources set read_revision_id = @revision where id = @id", new { id, revision = revision!.Id });
        var kick = result.File is { } file ? await PutInForceAsync(session, id, revision.Id, file) : () => { };
        return ((await session.FirstAsync<RuleSource>($"select {RuleSource.Columns} from {RuleSource.From} where s.id = @id", new { id }))!, revision, kick);
    }

    /// <summary>Stores what GitHub said of the targets, and gives the revision; null where it is gone.</summary>
    public static Task<RuleRevision?> SaveLookedAsync(DbSession session, long revisionId, IReadOnlyList<RuleProblem> problems) =>
        session.FirstAsync<RuleRevision>(
            $"update rule_revisions set target_problems = @problems where id = @revisionId returning {RuleRevision.Columns}", new { revisionId, problems = RuleRevision.Write(problems) });

    /// <summary>Files in force whose targets were not looked at yet, or were not as they should be.</summary>
    public Task<List<RuleSource>> ListToLookAtAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<RuleSource>(
                $"""
                select {RuleSource.Columns} from {RuleSource.From} join rule_revisions v on v.id = s.read_revision_id
                where s.state = '{RuleSourceState.Loaded}' and coalesce(v.target_problems, '') <> '[]' order by s.id
                """),
            cancellation);

    /// <summary>The file is gone: its rules are no longer in force, what waits of them ends, and what they did stays known. Gives what is to be done after the commit.</summary>
    public async Task<Action> RemoveAsync(DbSession session, long id, string? commit)
    {
        await session.ExecuteAsync(
            $"update rule_sources set state = '{RuleSourceState.Absent}', revision_id = null, read_revision_id = null, read_commit = @commit, updated_at = @Now where id = @id", new { id, commit, Now });
        var removed = await session.QueryAsync<long>("update rules set removed_at = @Now where source_id = @id and removed_at is null returning id", new { id, Now });
        await RuleBook.ChangedAsync(session);
        return await cancel.OfRulesAsync(session, removed, CancelPending.Removed);
    }

    private async Task<long> UpsertAsync(DbSession session, RuleSourceKey key, string state, string? commit)
    {
        var values = new { key.ProviderId, kind = key.Kind.ToString(), key.Name, key.RepositoryId, key.Path, state, commit, Now };
        if (key.RepositoryId is not null)
        {
            // A repository that was renamed keeps its rules; one that takes its old name has its own.
            await session.ExecuteAsync(
                "update rule_sources set name = name || ' (until ' || @Now || ')' where provider_id = @ProviderId and kind = @kind and name = @Name and repository_id <> @RepositoryId", values);
            await session.ExecuteAsync("update rule_sources set name = @Name where repository_id = @RepositoryId and kind = @kind", values);
        }

        return await session.ScalarAsync<long>(
            """
            insert into rule_sources (provider_id, kind, name, repository_id, path, state, read_commit, updated_at) values (@ProviderId, @kind, @Name, @RepositoryId, @Path, @state, @commit, @Now)
            on conflict (provider_id, kind, name) do update set state = excluded.state, read_commit = excluded.read_commit, updated_at = excluded.updated_at
            returning id
            """,
            values);
    }

    private async Task<Action> PutInForceAsync(DbSession session, long sourceId, long revisionId, RuleFile file)
    {
        await session.ExecuteAsync("update rule_sources set revision_id = @revisionId where id = @sourceId", new { sourceId, revisionId });
        var gone = (await session.QueryAsync<long>("update rules set removed_at = @Now where source_id = @sourceId and removed_at is null returning id", new { sourceId, Now })).ToHashSet();
        var off = new List<long>();
        foreach (var (rule, position) in file.Rules.Select((rule, position) => (rule, position)))
        {
            var id = await session.ScalarAsync<long>(
                """
                insert into rules (source_id, name, position, next_fire_at, created_at) values (@sourceId, @Name, @position, @next, @Now)
                on conflict (source_id, name) do update set position = excluded.position, next_fire_at = excluded.next_fire_at, removed_at = null returning id
                """,
                new { sourceId, rule.Name, position, next = NextFire(rule), Now });
            gone.Remove(id);
            off.AddRange(rule.Enabled ? [] : [id]);
        }

        await RuleBook.ChangedAsync(session);
        return await cancel.OfRulesAsync(session, gone, CancelPending.Removed) + await cancel.OfRulesAsync(session, off, CancelPending.SwitchedOff);
    }

    private long? NextFire(Rule rule) => Schedules.Next(rule, time.GetUtcNow())?.At.ToUnixTimeMilliseconds();
}
