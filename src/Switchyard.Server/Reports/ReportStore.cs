using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Reports;

/// <summary>A row of <c>reports</c>; times are UTC milliseconds.</summary>
internal sealed record ReportRow
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Kind { get; init; } = "";

    public long Subject { get; init; }

    public long GithubRepositoryId { get; init; }

    public string RepositoryName { get; init; } = "";

    public string Sha { get; init; } = "";

    public string Name { get; init; } = "";

    public string ExternalId { get; init; } = "";

    public string Lane { get; init; } = "";

    public long? CheckRunId { get; init; }

    public long Creating { get; init; }

    public long Wanted { get; init; }

    public long Written { get; init; }

    public string? Digest { get; init; }

    public long Failures { get; init; }

    public string? Error { get; init; }

    public long DueAt { get; init; }

    public long CreatedAt { get; init; }

    public ReportSubject AsSubject => new()
    {
        ProviderId = ProviderId,
        Kind = Kind,
        Subject = Subject,
        GithubRepositoryId = GithubRepositoryId,
        RepositoryName = RepositoryName,
        Sha = Sha,
        Name = Name,
    };
}

/// <summary>The rows of reports: which check runs are wanted, and what has become of them.</summary>
internal sealed class ReportStore(Database database, IOptions<ReportOptions> options, TimeProvider time)
{
    public const string Columns =
        """
        id, provider_id, kind, subject, github_repository_id, repository_name, sha, name, external_id, lane, check_run_id, creating, wanted, written,
        digest, failures, error, due_at, created_at
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static string LaneOf(long providerId, long githubRepositoryId) => $"{providerId}/{githubRepositoryId}";

    /// <summary>
    /// Says, in the caller's transaction, that the check run no longer says what is so. Gives the lane to kick after the commit.
    /// </summary>
    /// <param name="ends">It is written at once: nothing more is to come.</param>
    public async Task<string> WantAsync(DbSession session, ReportSubject subject, bool ends = false)
    {
        var lane = LaneOf(subject.ProviderId, subject.GithubRepositoryId);
        await session.ExecuteAsync(
            """
            insert into reports (provider_id, kind, subject, github_repository_id, repository_name, sha, name, external_id, lane, due_at, created_at)
            values (@ProviderId, @Kind, @Subject, @GithubRepositoryId, @RepositoryName, @Sha, @Name, @externalId, @lane, @now, @now)
            on conflict (provider_id, kind, subject, github_repository_id, sha) do update set wanted = reports.wanted + 1, repository_name = excluded.repository_name,
              due_at = case
                when reports.failures > 0 and reports.due_at > @now then reports.due_at
                when @ends = 0 and reports.written_at + @interval > @now then reports.written_at + @interval
                else @now end
            """,
            new
            {
                subject.ProviderId,
                subject.Kind,
                subject.Subject,
                subject.GithubRepositoryId,
                subject.RepositoryName,
                subject.Sha,
                subject.Name,
                externalId = "swr_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 20),
                lane,
                ends = ends ? 1 : 0,
                interval = (long)options.Value.Interval.TotalMilliseconds,
                now = Now,
            });
        return lane;
    }

    /// <summary>The same for the end of one that there is, if there is one; gives its lane.</summary>
    public Task<string?> AgainAsync(DbSession session, string kind, long subject, long githubRepositoryId, string sha) =>
        session.ScalarAsync<string>(
            """
            update reports set wanted = wanted + 1, due_at = case when failures > 0 and due_at > @Now then due_at else @Now end
            where kind = @kind and subject = @subject and github_repository_id = @githubRepositoryId and sha = @sha returning lane
            """,
            new { kind, subject, githubRepositoryId, sha, Now });

    public Task<List<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<string>("select distinct lane from reports where wanted > written and due_at <= @now", new { now = Now }), cancellation);

    public Task<ReportRow?> FindDueAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<ReportRow>(
                $"select {Columns} from reports where lane = @lane and wanted > written and due_at <= @now order by due_at, id limit 1", new { lane, now = Now }),
            cancellation);

    /// <summary>From here on the check run may be on GitHub without its id being known here.</summary>
    public Task CreatingAsync(ReportRow report, CancellationToken cancellation) =>
        database.WriteAsync(session => session.ExecuteAsync("update reports set creating = 1 where id = @Id", report), cancellation);

    /// <summary>Keeps the id, whatever comes of the rest.</summary>
    public Task CreatedAsync(ReportRow report, long checkRunId, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync("update reports set check_run_id = @checkRunId, creating = 0 where id = @Id", new { report.Id, checkRunId }), cancellation);

    /// <summary>What was wanted when the row was read is written; what was wanted since is not.</summary>
    public Task WrittenAsync(ReportRow report, string? digest, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update reports set written = @Wanted, digest = @digest, failures = 0, error = null, written_at = @now where id = @Id",
                new { report.Id, report.Wanted, digest, now = Now }),
            cancellation);

    /// <summary>It waits, and is written then.</summary>
    public Task LaterAsync(ReportRow report, DateTimeOffset at, string error, bool failed, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update reports set due_at = @at, error = @error, failures = failures + @failed where id = @Id",
                new { report.Id, at = at.ToUnixTimeMilliseconds(), error, failed = failed ? 1 : 0 }),
            cancellation);

    /// <summary>It is not written, and the reason is kept; a further reason to write it tries again.</summary>
    public Task GiveUpAsync(ReportRow report, string error, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync("update reports set written = @Wanted, failures = 0, error = @error where id = @Id", new { report.Id, report.Wanted, error }), cancellation);
}
