using Switchyard.Catalog;
using Switchyard.Catalog.Ignore;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting;
using Switchyard.Server.Models.History;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>A walk that has come to the head.</summary>
internal sealed record FinishedWalk(
    Sync Sync, Repository Repository, string Head, long Position, PlannedSync Plan, IgnoreAtHead Ignore, Candidates Candidates, GitMirror Mirror, GitBlobReader Blobs);

/// <summary>
/// Ends a Sync: brings what is shown in step with the Versions, counts what is left out, and says that the repository is
/// synchronized. Until its last transaction nothing says so, and all of it may be done twice.
/// </summary>
internal sealed class SyncFinish(Database database, RefreshDisplays displays, TimeProvider time)
{
    private const string Failed = "from models where repository_id = @Id and status <> 'Ready' and state = 'Active' and status = 'Failed'";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task EndAsync(FinishedWalk walk, CancellationToken cancellation)
    {
        var (sync, repository, plan) = (walk.Sync, walk.Repository, walk.Plan);
        if (!plan.Walk.ShowsModels)
        {
            await database.WriteAsync(
                async session =>
                {
                    if (!plan.Walk.IsForward)
                    {
                        await HistoryRepair.DropUnconfirmedAsync(session, repository.Id, plan.Walk.StartPosition, sync.Id);
                    }

                    await HistoryRepair.RecountAsync(session, repository.Id);
                },
                cancellation);
            FaultPoint.Reached("sync-recounted");
            await displays.RunAsync(repository.Id, walk.Blobs, cancellation);
        }

        await displays.ShowReadableAsync(repository.Id, all: !plan.Walk.ShowsModels, walk.Blobs, cancellation);
        var left = plan.NeedsHeadPass || walk.Candidates.MetLeftOut || !plan.Walk.ShowsModels ? await FindLeftOutAsync(walk, cancellation) : null;
        await database.WriteAsync(session => WriteAsync(session, walk, left), cancellation);
    }

    /// <summary>A repository without a commit is synchronized: there is nothing to mirror yet.</summary>
    public Task EndEmptyAsync(Sync sync, Repository repository, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await WriteRepositoryAsync(session, repository, null, RepositoryHealth.Healthy, null);
                await Reasons.RaiseAsync(session, repository.Id, ReasonCode.EmptyRepository, $"{repository.FullName} has no commit yet. Its models appear with the first push.", Now);
                await session.ExecuteAsync($"update syncs set state = '{SyncState.Succeeded}', ended_at = @Now where id = @Id", new { sync.Id, Now });
            },
            cancellation);

    private static async Task<LeftOut> FindLeftOutAsync(FinishedWalk walk, CancellationToken cancellation)
    {
        var (tooLong, sample) = (0L, "");
        var counts = new Dictionary<(string?, int?), (IgnoreDecision Decision, long Count, string Sample)>();
        await foreach (var entry in walk.Mirror.ListTreeAsync(walk.Head, cancellation))
        {
            if (!FileMode.IsFile(entry.Mode))
            {
                continue;
            }

            if (walk.Candidates.IsTooLong(entry.Path))
            {
                (tooLong, sample) = (tooLong + 1, tooLong == 0 ? entry.Path : sample);
            }
            else if (walk.Candidates.LeftOut(entry.Path) is { } decision)
            {
                var key = (decision.Pattern, decision.Line);
                counts[key] = counts.TryGetValue(key, out var before) ? before with { Count = before.Count + 1 } : (decision, 1, entry.Path);
            }
        }

        return new LeftOut([.. counts.Values], tooLong, sample);
    }

    private async Task WriteAsync(DbSession session, FinishedWalk walk, LeftOut? left)
    {
        var (sync, repository) = (walk.Sync, walk.Repository);
        var failed = await DescribeFailedAsync(session, repository);
        await WriteRepositoryAsync(session, repository, walk.Head, failed is null ? RepositoryHealth.Healthy : RepositoryHealth.Degraded, walk);
        if (left is not null)
        {
            await session.ExecuteAsync("delete from repository_ignored where repository_id = @Id", new { repository.Id });
            await session.ExecuteAsync(
                "insert into repository_ignored (repository_id, pattern, line, candidates, sample) values (@Id, @pattern, @line, @Count, @Sample)",
                left.Ignored.Select(part => new { repository.Id, pattern = part.Decision.Pattern ?? "", line = part.Decision.Line ?? 0, part.Count, Sample = Short(part.Sample) }));
            await Reasons.SetAsync(session, repository.Id, ReasonCode.PathTooLong, DescribeTooLong(repository, left), Now);
        }

        await Reasons.ResolveAsync(session, repository.Id, [ReasonCode.EmptyRepository], Now);
        await Reasons.SetAsync(
            session,
            repository.Id,
            ReasonCode.HubIgnoreUsed,
            walk.Ignore.IsHubIgnore ? ".hubignore is read in place of .switchyardignore, with the same syntax. Rename it to make that plain." : null,
            Now);
        await Reasons.SetAsync(
            session, repository.Id, ReasonCode.ParseFailed, failed, Now);
        await Reasons.ResolveNotesAsync(session, repository.Id, sync.StartedAt ?? Now, Now);

        if (!walk.Plan.Walk.IsForward)
        {
            // What was there before and was only confirmed is no news of this Sync.
            await session.ExecuteAsync(
                """
                update syncs set
                  models_added = (select count(*) from versions v join models m on m.id = v.model_id where m.repository_id = @RepositoryId and v.added_by = @Id and v.number = 1),
                  models_changed = (select count(*) from versions v join models m on m.id = v.model_id where m.repository_id = @RepositoryId and v.added_by = @Id and v.number > 1),
                  models_removed = (select count(*) from removals r join models m on m.id = r.model_id where m.repository_id = @RepositoryId and r.added_by = @Id),
                  versions_added = (select count(*) from versions v join models m on m.id = v.model_id where m.repository_id = @RepositoryId and v.added_by = @Id)
                where id = @Id
                """,
                new { sync.RepositoryId, sync.Id });
        }

        var problems = await session.ScalarAsync<long>($"select {Reasons.CountProblems("@Id")}", new { repository.Id });
        await session.ExecuteAsync(
            $"update syncs set state = '{SyncState.Succeeded}', ended_at = @Now, problems = @problems, stage = null where id = @Id", new { sync.Id, problems, Now });
    }

    private static string? DescribeTooLong(Repository repository, LeftOut left) => left.TooLong switch
    {
        0 => null,
        1 => $"One file of {repository.FullName} is not mirrored: its path is longer than {Candidates.LongestPath} characters ({Short(left.LongSample)}). Shorten the path and push, or leave it out in .switchyardignore.",
        _ => $"{left.TooLong} files of {repository.FullName} are not mirrored: their paths are longer than {Candidates.LongestPath} characters ({Short(left.LongSample)} for one). Shorten the paths and push, or leave them out in .switchyardignore.",
    };

    private static string Short(string path) => path.Length <= 200 ? path : $"{path[..(char.IsHighSurrogate(path[99]) ? 99 : 100)]}...{path[(char.IsLowSurrogate(path[^80]) ? ^79 : ^80)..]}";

    private static async Task<string?> DescribeFailedAsync(DbSession session, Repository repository)
    {
        var failed = await session.ScalarAsync<long>("select count(*) " + Failed, new { repository.Id });
        if (failed == 0)
        {
            return null;
        }

        var sample = await session.ScalarAsync<string>($"select path {Failed} order by path limit 1", new { repository.Id });
        return $"{failed} model{(failed == 1 ? "" : "s")} of {repository.FullName} could not be read, {sample} for one. Each shows its problem, and what it held when it could last be read; the others are not affected. Fix the files and push.";
    }

    private async Task WriteRepositoryAsync(DbSession session, Repository repository, string? head, string health, FinishedWalk? walk)
    {
        // A wish that came after this Sync had begun is still open.
        await session.ExecuteAsync(
            $"""
            update repositories set synced_head = @head, synced_at = @Now, satisfied = case when satisfied < @Wanted then @Wanted else satisfied end,
              wanted_head = case when wanted = @Wanted then @head else wanted_head end, wanted_at = case when wanted = @Wanted then wanted_at else @Now end,
              status = case when wanted = @Wanted then '{RepositoryStatus.Synced}' else '{RepositoryStatus.OutOfSync}' end,
              health = {RepositoryStore.HealthOrSuspended}, failures = 0, retry_at = 0, updated_at = @Now
            where id = @Id
            """,
            new { repository.Id, head, health, repository.Wanted, Now });
        var suspended = await session.ScalarAsync<string>("select i.state from repositories r join installations i on i.id = r.installation_id where r.id = @Id", new { repository.Id }) == "Suspended";
        await Reasons.ResolveAsync(session, repository.Id, [.. ReasonCode.OfFailures.Where(code => !suspended || code != ReasonCode.InstallationSuspended)], Now);
        if (walk is not null)
        {
            await session.ExecuteAsync(
                "update repositories set walked_head = @Head, walked_position = @Position, recount = 0, ignore_file = @Identity, parser_version = @parser where id = @Id",
                new { repository.Id, walk.Head, walk.Position, walk.Ignore.Identity, parser = ModelCatalog.ParserVersion });
        }
    }

    /// <summary>What of the head is not mirrored although it may be models: by the ignore file, and because a path is too long.</summary>
    private sealed record LeftOut(IReadOnlyList<(IgnoreDecision Decision, long Count, string Sample)> Ignored, long TooLong, string LongSample);
}
