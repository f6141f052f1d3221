using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>How far the unlinking of a repository is.</summary>
internal static class Unlinked
{
    public const long No = 0;
    public const long Going = 1;
    public const long Done = 2;
}

/// <summary>
/// Takes a repository out of the hub because somebody asked for it. It is in no list from that moment on; its rows are removed by
/// its lane, step by step and under its hold, so no Sync writes meanwhile and a process that dies leaves the rest to the next one.
/// </summary>
internal sealed class UnlinkRepository(Database database, Mirrors mirrors, TimeProvider time)
{
    private const int Step = 500;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Gives the Syncs that run and must be stopped; null where there is no such repository.</summary>
    public Task<List<long>?> RequestAsync(long id, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var found = await session.ExecuteAsync(
                    $"update repositories set unlinked = {Unlinked.Going}, linked = 0, updated_at = @Now where id = @id and unlinked = {Unlinked.No}", new { id, Now });
                if (found == 0)
                {
                    return null;
                }

                await session.ExecuteAsync(
                    $"update syncs set state = '{SyncState.Cancelled}', ended_at = @Now where repository_id = @id and state = '{SyncState.Queued}'", new { id, Now });
                return await session.QueryAsync<long>(
                    $"update syncs set cancel_requested = 1 where repository_id = @id and state = '{SyncState.Running}' returning id", new { id });
            },
            cancellation);

    /// <summary>Removes the rows and the mirror. To be called under the hold of the repository's lane, and as often as it takes.</summary>
    public async Task ClearAsync(Repository repository, CancellationToken cancellation)
    {
        // In this order: a model takes its Versions with it, and then nothing refers to a commit any more.
        foreach (var table in (string[])["models", "commits", "syncs"])
        {
            var sql = $"delete from {table} where id in (select id from {table} where repository_id = @Id order by id limit {Step})";
            while (await database.WriteAsync(session => session.ExecuteAsync(sql, new { repository.Id }), cancellation) > 0)
            {
            }
        }

        mirrors.Of(repository).Discard();
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from repository_reasons where repository_id = @Id", new { repository.Id });
                await session.ExecuteAsync("delete from repository_ignored where repository_id = @Id", new { repository.Id });
                await session.ExecuteAsync(
                    $"""
                    update repositories set unlinked = {Unlinked.Done}, satisfied = wanted, wanted_head = null, synced_head = null, synced_at = null, walked_head = null,
                      walked_position = 0, recount = 0, ignore_file = null, parser_version = null, suspended = 0, failures = 0, retry_at = 0,
                      status = '{RepositoryStatus.Unknown}', health = '{RepositoryHealth.Unknown}', updated_at = @Now
                    where id = @Id and unlinked = {Unlinked.Going}
                    """,
                    new { repository.Id, Now });
            },
            cancellation);
    }
}
