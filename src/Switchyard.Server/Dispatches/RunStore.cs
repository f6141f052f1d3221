using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>The rows of runs: which Run is a Dispatch's, and how it goes.</summary>
internal sealed class RunStore(Database database, TimeProvider time)
{
    /// <summary>How soon after the Dispatch its Run is looked at first, whatever Deliveries say.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<RunRow?> FindAsync(long dispatchId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<RunRow>($"select {RunRow.Columns} from runs r where r.dispatch_id = @dispatchId", new { dispatchId }), cancellation);

    public Task<List<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<string>("select distinct lane from runs where due_at <= @now", new { now = Now }), cancellation);

    public Task<List<RunRow>> ListDueAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<RunRow>($"select {RunRow.Columns} from runs r where r.lane = @lane and r.due_at <= @now order by r.dispatch_id limit 200", new { lane, now = Now }),
            cancellation);

    /// <summary>A Dispatch was taken: its Run is known, or is to be found.</summary>
    public static async Task AddAsync(DbSession session, Dispatch dispatch, AccessibleRepository? target, StartedRun? run, long now)
    {
        var known = run?.RunId is { } id && await FreeAsync(session, dispatch, id);
        await session.ExecuteAsync(
            """
            insert into runs (dispatch_id, provider_id, repository_name, github_id, match, html_url, lane, due_at, created_at)
            values (@Id, @ProviderId, @repository, @RunId, @match, @HtmlUrl, @Lane, @due, @now) on conflict (dispatch_id) do nothing
            """,
            new
            {
                dispatch.Id,
                dispatch.ProviderId,
                repository = target?.FullName ?? dispatch.TargetName,
                RunId = known ? run!.RunId : null,
                match = known ? RunMatch.Details : RunMatch.NotLinked,
                HtmlUrl = known ? run!.HtmlUrl : null,
                dispatch.Lane,
                due = now + (long)FirstLook.TotalMilliseconds,
                now,
            });
    }

    /// <summary>Says that this is the Run. False where it is known to be another's, or a Run that is surer is known already.</summary>
    /// <param name="others">How many more the same Dispatch started.</param>
    public async Task<bool> LinkAsync(DbSession session, Dispatch dispatch, WorkflowRun run, string match, int others)
    {
        if (match == RunMatch.ProbableMatch
            ? await session.ScalarAsync<long>("select count(*) from runs where provider_id = @ProviderId and github_id = @Id", new { dispatch.ProviderId, run.Id }) > 0
            : !await FreeAsync(session, dispatch, run.Id))
        {
            return false;
        }

        var linked = await session.ExecuteAsync(
            $"""
            update runs set github_id = @runId, match = @match, others = @others, detail = null, next_step = null, looks = 0, attempt = null, status = null, conclusion = null, updated_at = null
            where dispatch_id = @Id and (github_id is null or (match = '{RunMatch.ProbableMatch}' and @match <> '{RunMatch.ProbableMatch}' and github_id <> @runId))
            """,
            new { dispatch.Id, runId = run.Id, match, others });
        return linked > 0 && await ApplyAsync(session, dispatch.ProviderId, run) is not null;
    }

    /// <summary>
    /// Takes over how a Run goes, unless something newer is known: a later attempt of it, its end, a later change. Gives the
    /// Dispatch whose Run it is where that changed anything.
    /// </summary>
    public async Task<long?> ApplyAsync(DbSession session, long providerId, WorkflowRun run)
    {
        var now = Now;
        return await session.ScalarAsync<long?>(
            """
            update runs set number = @RunNumber, attempt = @RunAttempt, workflow_id = @WorkflowId, path = @path, name = @Name, title = @DisplayTitle, event = @Event, status = @Status,
              conclusion = @Conclusion, head_sha = @HeadSha, html_url = coalesce(@HtmlUrl, html_url), started_at = @started, updated_at = @updated, detail = null, next_step = null,
              ended_at = case when @completed = 1 then coalesce(@updated, @now) end, due_at = case when @completed = 1 then null else coalesce(due_at, @now + 15000) end
            where provider_id = @providerId and github_id = @Id
              and (attempt is null or attempt < @RunAttempt
                or (attempt = @RunAttempt and status is not null and status <> 'completed' and (@completed = 1 or coalesce(updated_at, 0) < @updated
                  or (coalesce(updated_at, 0) = @updated and not (status = 'in_progress' and @Status in ('queued', 'requested', 'pending')))))
                or (attempt = @RunAttempt and status = 'completed' and @completed = 1 and coalesce(updated_at, 0) < @updated))
              and (attempt is null or attempt <> @RunAttempt or status is null or status <> @Status or coalesce(conclusion, '') <> coalesce(@Conclusion, '') or coalesce(title, '') <> coalesce(@DisplayTitle, ''))
            returning dispatch_id
            """,
            new
            {
                providerId,
                run.Id,
                RunNumber = (long)run.RunNumber,
                RunAttempt = (long)run.RunAttempt,
                run.WorkflowId,
                path = run.Path?.Split('@')[0],
                run.Name,
                run.DisplayTitle,
                run.Event,
                run.Status,
                run.Conclusion,
                run.HeadSha,
                run.HtmlUrl,
                started = (run.RunStartedAt ?? run.CreatedAt)?.ToUnixTimeMilliseconds(),
                updated = run.UpdatedAt?.ToUnixTimeMilliseconds() ?? 0,
                completed = run.IsCompleted ? 1 : 0,
                now,
            });
    }

    /// <summary>When it is looked at next; null: no more, unless a Delivery says something.</summary>
    public Task LookedAsync(RunRow run, TimeSpan? again, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update runs set looks = looks + 1, due_at = @due where dispatch_id = @DispatchId and due_at = @DueAt",
                new { run.DispatchId, run.DueAt, due = again is { } wait ? Now + (long)wait.TotalMilliseconds : (long?)null }),
            cancellation);

    /// <summary>Says why there is no Run, or why it cannot be followed.</summary>
    public static Task<int> ExplainAsync(DbSession session, RunRow run, string match, string detail, string? nextStep) =>
        session.ExecuteAsync(
            "update runs set match = @match, detail = @detail, next_step = @nextStep where dispatch_id = @DispatchId and (github_id is null) = (@GithubId is null) and coalesce(status, '') <> 'completed'",
            new { run.DispatchId, run.GithubId, match, detail, nextStep });

    /// <summary>The Runs of a lane that no Dispatch has may now be found: something was heard of one.</summary>
    public static Task<List<string>> HurryAsync(DbSession session, long providerId, string repositoryName, long now) =>
        session.QueryAsync<string>(
            """
            update runs set due_at = @now where provider_id = @providerId and github_id is null and lower(repository_name) = lower(@repositoryName) and (due_at is null or due_at > @now)
              and created_at > @now - 86400000
            returning lane
            """,
            new { providerId, repositoryName, now });

    /// <summary>A surer match than a probable one takes the Run from it; false where another is as sure.</summary>
    private static async Task<bool> FreeAsync(DbSession session, Dispatch dispatch, long runId)
    {
        await session.ExecuteAsync(
            $"""
            update runs set github_id = null, match = '{RunMatch.NotLinked}', number = null, attempt = null, status = null, conclusion = null, html_url = null, title = null, ended_at = null,
              updated_at = null, looks = 0, due_at = created_at
            where provider_id = @ProviderId and github_id = @runId and dispatch_id <> @Id and match = '{RunMatch.ProbableMatch}'
            """,
            new { dispatch.ProviderId, dispatch.Id, runId });
        return await session.ScalarAsync<long>(
            "select count(*) from runs where provider_id = @ProviderId and github_id = @runId and dispatch_id <> @Id", new { dispatch.ProviderId, dispatch.Id, runId }) == 0;
    }
}
