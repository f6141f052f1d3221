using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>The codes of what may be wrong with a repository, or be worth a note; each stands with a sentence, and resolves itself.</summary>
internal static class ReasonCode
{
    public const string DefaultBranchMoved = "DefaultBranchMoved";
    public const string DefaultBranchMissing = "DefaultBranchMissing";
    public const string HistoryRewritten = "HistoryRewritten";
    public const string PermissionDenied = "PermissionDenied";
    public const string RateLimited = "RateLimited";
    public const string ParseFailed = "ParseFailed";
    public const string InstallationSuspended = "InstallationSuspended";
    public const string RepositoryRenamed = "RepositoryRenamed";
    public const string RepositoryMissing = "RepositoryMissing";
    public const string ArchivedRepository = "ArchivedRepository";
    public const string EmptyRepository = "EmptyRepository";
    public const string IgnoreFileInvalid = "IgnoreFileInvalid";
    public const string HubIgnoreUsed = "HubIgnoreUsed";
    public const string PathTooLong = "PathTooLong";
    public const string SyncFailed = "SyncFailed";

    /// <summary>What happened once and was dealt with: worth telling until the next Sync, and no problem.</summary>
    public static readonly string[] Notes = [HistoryRewritten, DefaultBranchMoved, RepositoryRenamed];

    /// <summary>What made a Sync fail, and is over when one succeeds.</summary>
    public static readonly string[] OfFailures =
        [PermissionDenied, RateLimited, RepositoryMissing, DefaultBranchMissing, IgnoreFileInvalid, InstallationSuspended, SyncFailed];
}

internal sealed record Reason
{
    public string Code { get; init; } = "";

    public bool IsNote => ReasonCode.Notes.Contains(Code);

    public string Sentence { get; init; } = "";

    public long FirstSeen { get; init; }

    public long LastSeen { get; init; }

    public long? ResolvedAt { get; init; }
}

/// <summary>Why a repository is not as it should be, in the caller's transaction.</summary>
internal static class Reasons
{
    private static readonly string NoteCodes = string.Join(", ", ReasonCode.Notes.Select(code => $"'{code}'"));

    /// <summary>
    /// How many problems a repository has, for SQL: those of its models, and its own reasons. The reason that only sums up
    /// models is none more, and a note is none. What <c>repo problems</c> lists, a Sync reports and lists of repositories show is this number.
    /// </summary>
    public static string CountProblems(string id) =>
        $"""
        ((select cast(coalesce(sum(m.problem_count), 0) as bigint) from models m where m.repository_id = {id} and m.state = 'Active' and m.problem_count > 0)
          + (select count(*) from repository_reasons x where x.repository_id = {id} and x.resolved_at is null and x.code not in ('{ReasonCode.ParseFailed}', {NoteCodes})))
        """;

    public static Task RaiseAsync(DbSession session, long repositoryId, string code, string sentence, long now) =>
        session.ExecuteAsync(
            """
            insert into repository_reasons (repository_id, code, sentence, first_seen, last_seen) values (@repositoryId, @code, @sentence, @now, @now)
            on conflict (repository_id, code) do update set sentence = excluded.sentence, last_seen = excluded.last_seen, resolved_at = null,
              first_seen = case when repository_reasons.resolved_at is null then repository_reasons.first_seen else excluded.first_seen end
            """,
            new { repositoryId, code, sentence, now });

    public static Task ResolveAsync(DbSession session, long repositoryId, IReadOnlyCollection<string> codes, long now) =>
        session.ExecuteAsync(
            $"update repository_reasons set resolved_at = @now where repository_id = @repositoryId and resolved_at is null and code {session.In("codes")}",
            new { repositoryId, codes = codes.ToArray(), now });

    /// <summary>A note is over when a later Sync has succeeded.</summary>
    public static Task ResolveNotesAsync(DbSession session, long repositoryId, long before, long now) =>
        session.ExecuteAsync(
            $"""
            update repository_reasons set resolved_at = @now
            where repository_id = @repositoryId and resolved_at is null and last_seen < @before
              and code in ({NoteCodes})
            """,
            new { repositoryId, before, now });

    /// <summary>Raises the reason, or resolves it where there is no sentence.</summary>
    public static Task SetAsync(DbSession session, long repositoryId, string code, string? sentence, long now) =>
        sentence is null ? ResolveAsync(session, repositoryId, [code], now) : RaiseAsync(session, repositoryId, code, sentence, now);
}
