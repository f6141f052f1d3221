using System.Text.Json;
using Switchyard.Catalog;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>The rows of Syncs, from the request to the end.</summary>
internal sealed class SyncStore(Database database, TimeProvider time)
{
    private const string Columns =
        """
        s.id, s.repository_id, r.owner || '/' || r.name as repository, s.mode, s.cause, s.requested_commit, s.requested_by, s.state, s.from_commit, s.to_commit,
        s.fell_back, s.stage, s.head_pass, s.parser_version, s.start_position, s.walked_head, s.walked_position, s.files_done, s.files_total, s.bytes_done,
        s.models_added, s.models_changed, s.models_removed, s.versions_added, s.problems, s.error_code, s.error, s.next_step, s.cancel_requested, s.attempts,
        s.queued_at, s.started_at, s.ended_at
        """;

    private const string From = "syncs s join repositories r on r.id = s.repository_id";

    /// <summary>What is due without a new wish (models to be read again by a new reader) waits this long after a cancellation.</summary>
    private static readonly TimeSpan AfterCancel = TimeSpan.FromHours(1);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<Sync?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, id), cancellation);

    public static Task<Sync?> FindAsync(DbSession session, long id) =>
        session.FirstAsync<Sync>($"select {Columns} from {From} where s.id = @id", new { id });

    /// <summary>The newest Sync of the repository that is not over, or else the newest of all.</summary>
    public Task<Sync?> FindLastAsync(long repositoryId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<Sync>(
                $"select {Columns} from {From} where s.repository_id = @repositoryId order by case when s.ended_at is null then 0 else 1 end, s.id desc limit 1",
                new { repositoryId }),
            cancellation);

    /// <summary>The Syncs of a repository that wait or run.</summary>
    public Task<List<Sync>> ListOpenAsync(long repositoryId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<Sync>($"select {Columns} from {From} where s.repository_id = @repositoryId and s.ended_at is null order by s.id", new { repositoryId }),
            cancellation);

    public Task<(List<Sync> Rows, long Total)> ListAsync(long? repositoryId, string? provider, string? state, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                const string Where =
                    """
                    s.repository_id in (select id from repositories where unlinked = 0)
                    and (@repositoryId is null or s.repository_id = @repositoryId) and (@state is null or s.state = @state)
                    and (@provider is null or s.repository_id in (select m.id from repositories m join providers p on p.id = m.provider_id where p.slug = @provider))
                    """;
                var rows = await session.QueryAsync<Sync>(
                    $"select {Columns} from {From} where {Where} and s.id < @before order by s.id desc limit @limit",
                    new { repositoryId, provider, state, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                var total = await session.ScalarAsync<long>($"select count(*) from syncs s where {Where}", new { repositoryId, provider, state });
                return (rows, total);
            },
            cancellation);

    /// <summary>Asks for a Sync; where one waits already, the request joins it and the answer says so.</summary>
    public Task<(Sync Sync, bool Joined)> RequestAsync(long repositoryId, string mode, string? commit, string requestedBy, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var id = await session.FirstAsync<long?>(
                    $"""
                    insert into syncs (repository_id, mode, cause, requested_commit, requested_by, state, queued_at)
                    values (@repositoryId, @mode, '{WishSource.User}', @commit, @requestedBy, '{SyncState.Queued}', @Now)
                    on conflict (repository_id) where state = '{SyncState.Queued}' do nothing
                    returning id
                    """,
                    new { repositoryId, mode, commit, requestedBy, Now });
                if (id is null && mode != SyncMode.Recent)
                {
                    // What waits must do at least what is asked for now.
                    await session.ExecuteAsync(
                        $"update syncs set mode = '{SyncMode.Full}', requested_commit = null where repository_id = @repositoryId and state = '{SyncState.Queued}' and not (mode = @mode and coalesce(requested_commit, '') = coalesce(@commit, ''))",
                        new { repositoryId, mode, commit });
                }

                var waiting = id ?? await session.ScalarAsync<long>(
                    $"select id from syncs where repository_id = @repositoryId and state = '{SyncState.Queued}'", new { repositoryId });
                return ((await FindAsync(session, waiting))!, id is null);
            },
            cancellation);

    /// <summary>
    /// Takes the next Sync of the repository, under its hold: one that a dead process left running, one that waits, or a new
    /// one where the repository wants it. Null when there is nothing to do.
    /// </summary>
    public Task<Sync?> TakeAsync(long repositoryId, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var values = new { repositoryId, Now, parser = ModelCatalog.ParserVersion };
                var id = await session.FirstAsync<long?>(
                    $"update syncs set attempts = attempts + 1 where repository_id = @repositoryId and state = '{SyncState.Running}' returning id", values)
                    ?? await session.FirstAsync<long?>(
                        $"""
                        update syncs set state = '{SyncState.Running}', started_at = @Now, attempts = attempts + 1
                        where repository_id = @repositoryId and state = '{SyncState.Queued}' returning id
                        """,
                        values)
                    ?? await session.FirstAsync<long?>(
                        $"""
                        insert into syncs (repository_id, mode, cause, state, attempts, queued_at, started_at)
                        select id, '{SyncMode.Recent}', coalesce(wanted_source, '{WishSource.Recovery}'), '{SyncState.Running}', 1, coalesce(wanted_at, @Now), @Now
                        from repositories where id = @repositoryId and wanted > satisfied and retry_at <= @Now
                        returning id
                        """,
                        values)
                    ?? await session.FirstAsync<long?>(
                        $"""
                        insert into syncs (repository_id, mode, cause, state, attempts, queued_at, started_at)
                        select id, '{SyncMode.Full}', '{WishSource.Recovery}', '{SyncState.Running}', 1, @Now, @Now
                        from repositories where id = @repositoryId and parser_version <> @parser and retry_at <= @Now
                        returning id
                        """,
                        values);
                return id is { } taken ? await FindAsync(session, taken) : null;
            },
            cancellation);

    /// <summary>Says how far the Sync is; throws when somebody has cancelled it.</summary>
    public async Task ReportAsync(long id, string stage, long? filesTotal, CancellationToken cancellation)
    {
        var cancelled = await database.WriteAsync(
            session => session.ScalarAsync<long>(
                "update syncs set stage = @stage, files_total = @filesTotal, files_done = 0 where id = @id returning cancel_requested", new { id, stage, filesTotal }),
            cancellation);
        if (cancelled == 1)
        {
            throw new SyncCancelledException();
        }
    }

    /// <summary>Cancels a waiting Sync, or asks a running one to stop. Gives its state, null where there is no such Sync.</summary>
    public Task<string?> CancelAsync(long id, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    $"update syncs set state = '{SyncState.Cancelled}', ended_at = @Now where id = @id and state = '{SyncState.Queued}'", new { id, Now });
                await session.ExecuteAsync($"update syncs set cancel_requested = 1 where id = @id and state = '{SyncState.Running}'", new { id });
                return await session.FirstAsync<string>("select state from syncs where id = @id", new { id });
            },
            cancellation);

    public Task<bool> IsCancelRequestedAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(async session => await session.ScalarAsync<long>("select cancel_requested from syncs where id = @id", new { id }) == 1, cancellation);

    /// <summary>
    /// Ends a Sync that was cancelled. What made it start is taken as satisfied, so that it does not start again by itself; the
    /// repository stays out of sync until it wants another one.
    /// </summary>
    public Task EndCancelledAsync(Sync sync, long satisfied, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync($"update syncs set state = '{SyncState.Cancelled}', ended_at = @Now where id = @Id", new { sync.Id, Now });
                await session.ExecuteAsync(
                    "update repositories set satisfied = case when satisfied < @satisfied then @satisfied else satisfied end, retry_at = @later where id = @RepositoryId",
                    new { sync.RepositoryId, satisfied, later = Now + (long)AfterCancel.TotalMilliseconds });
            },
            cancellation);

    /// <summary>Ends a Sync that failed; the repository tries again by itself, after a while that grows.</summary>
    public Task EndFailedAsync(Sync sync, SyncException failure, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    $"""
                    update syncs set state = '{SyncState.Failed}', ended_at = @Now, error_code = @Code, error = @Message, next_step = @next where id = @Id
                    """,
                    new { sync.Id, failure.Code, failure.Message, next = failure.Next is null ? null : JsonSerializer.Serialize(failure.Next, JsonSerializerOptions.Web), Now });
                if (!failure.ConcernsRepository)
                {
                    return;
                }

                var failures = 1 + await session.ScalarAsync<long>("select failures from repositories where id = @RepositoryId", new { sync.RepositoryId });
                var retryAt = Math.Max(
                    failure.RetryAt?.ToUnixTimeMilliseconds() ?? 0, Now + (long)RetrySchedule.After(failures).TotalMilliseconds);
                await session.ExecuteAsync(
                    $"update repositories set failures = @failures, retry_at = @retryAt, health = {RepositoryStore.HealthOrSuspended}, updated_at = @Now where id = @RepositoryId",
                    new { sync.RepositoryId, failures, retryAt, health = failure.Health, Now });
                await Reasons.RaiseAsync(session, sync.RepositoryId, failure.Code, failure.Message, Now);
            },
            cancellation);
}
