using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>A commit whose checks have moved. Times are UTC milliseconds.</summary>
internal sealed record CheckSubject
{
    public long ProviderId { get; init; }

    public long GithubRepositoryId { get; init; }

    public string Sha { get; init; } = "";

    public string? Branch { get; init; }

    /// <summary>How often something was told of it; what was judged is less as long as there is something to do.</summary>
    public long Touched { get; init; }

    /// <summary>The settled state that was told last.</summary>
    public string? Settled { get; init; }

    public long FirstAt { get; init; }

    /// <summary>When something was told of it last.</summary>
    public long ChangedAt { get; init; }
}

/// <summary>The rows of commits whose checks have moved: many events of one commit are one look at it.</summary>
internal sealed class CheckSubjects(Database database, TimeProvider time)
{
    private const string Key = "provider_id = @ProviderId and github_repository_id = @GithubRepositoryId and sha = @Sha";

    /// <summary>Events of one commit come in bunches.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(2);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Something was told of the checks of a commit.</summary>
    public Task TouchAsync(DbSession session, long providerId, long repositoryId, string sha, string? branch) =>
        session.ExecuteAsync(
            """
            insert into check_subjects (provider_id, github_repository_id, sha, branch, lane, due_at, first_at, changed_at)
            values (@providerId, @repositoryId, @sha, @branch, @lane, @due, @now, @now)
            on conflict (provider_id, github_repository_id, sha) do update set touched = check_subjects.touched + 1, changed_at = excluded.changed_at,
              branch = coalesce(check_subjects.branch, excluded.branch),
              due_at = case when check_subjects.touched > check_subjects.judged and check_subjects.due_at < excluded.due_at then check_subjects.due_at else excluded.due_at end
            """,
            new { providerId, repositoryId, sha, branch, lane = SignalStore.LaneOf(providerId, repositoryId), now = Now, due = Now + (long)Gather.TotalMilliseconds });

    public Task<List<string>> ListDueLanesAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<string>("select distinct lane from check_subjects where touched > judged and due_at <= @now", new { now = Now }), cancellation);

    public Task<List<CheckSubject>> ListDueAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<CheckSubject>(
                """
                select provider_id, github_repository_id, sha, branch, touched, settled, first_at, changed_at from check_subjects
                where lane = @lane and touched > judged and due_at <= @now order by due_at
                """,
                new { lane, now = Now }),
            cancellation);

    /// <summary>Nothing more to look at, until something is told of it again.</summary>
    public static Task EndAsync(DbSession session, CheckSubject subject, string? settled) =>
        session.ExecuteAsync(
            $"update check_subjects set judged = @Touched, settled = coalesce(@settled, settled) where {Key}",
            new { subject.Touched, settled, subject.ProviderId, subject.GithubRepositoryId, subject.Sha });

    /// <summary>To be looked at again then, or as soon as something is told of it.</summary>
    public Task PostponeAsync(CheckSubject subject, DateTimeOffset until, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                $"update check_subjects set due_at = @until where {Key} and touched = @Touched",
                new { until = until.ToUnixTimeMilliseconds(), subject.Touched, subject.ProviderId, subject.GithubRepositoryId, subject.Sha }),
            cancellation);
}
