using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>Where a ref was last known to be; the time is GitHub's, in UTC seconds.</summary>
internal sealed record KnownRef
{
    public string Ref { get; init; } = "";

    public string Sha { get; init; } = "";

    public long MovedAt { get; init; }
}

/// <summary>A Signal of a ref, as a poll compares with it. Times are UTC milliseconds.</summary>
internal sealed record ToldMove
{
    public string? Sha { get; init; }

    public string Facts { get; init; } = "{}";

    public long OccurredAt { get; init; }

    public long RecordedAt { get; init; }
}

/// <summary>The rows of <c>refs</c>, for polls; Deliveries write theirs with <see cref="RefMoves"/>.</summary>
internal sealed class RefStore
{
    /// <summary>The row that says when all refs of the repository were listed last: no ref has an empty name.</summary>
    public const string Listing = "";

    private const int Recent = 50;

    private const string Select = "select ref, sha, moved_at from refs where provider_id = @providerId and github_repository_id = @repositoryId order by provider_id, github_repository_id, ref";

    private static readonly BulkInsert<(long Provider, long Repository, KnownRef Known)> Rows = new BulkInsert<(long Provider, long Repository, KnownRef Known)>(
        "refs", "on conflict (provider_id, github_repository_id, ref) do update set sha = excluded.sha, moved_at = excluded.moved_at")
        .Number("provider_id", row => row.Provider)
        .Number("github_repository_id", row => row.Repository)
        .Text("ref", row => row.Known.Ref)
        .Text("sha", row => row.Known.Sha)
        .Number("moved_at", row => row.Known.MovedAt);

    public static Task<List<KnownRef>> ListAsync(DbSession session, long providerId, long repositoryId) =>
        session.QueryAsync<KnownRef>(Select, new { providerId, repositoryId });

    /// <summary>
    /// Reads them while no Delivery of the repository is worked off, until the end of the transaction; null where one is. What is
    /// written after that may be lost with a crash of PostgreSQL: the next poll finds it again.
    /// </summary>
    public static Task<List<KnownRef>?> TryHoldAsync(Database database, DbSession session, long providerId, long repositoryId) =>
        database.TryLockAndReadAsync<KnownRef>(session, DeliveryLane.LockOf(NewDelivery.RepositoryLane(providerId, repositoryId)), Select, new { providerId, repositoryId });

    public static Task WriteAsync(DbSession session, long providerId, long repositoryId, IEnumerable<KnownRef> known) =>
        Rows.RunAsync(session, [.. known.Select(row => (providerId, repositoryId, row))]);

    /// <summary>The last Signals of a ref, newest first.</summary>
    public static Task<List<ToldMove>> ListToldAsync(DbSession session, long providerId, long repositoryId, string name) =>
        session.QueryAsync<ToldMove>(
            $"""
            select sha, facts, occurred_at, recorded_at from signals
            where provider_id = @providerId and github_repository_id = @repositoryId and ref = @name and kind in ('push', 'tag') order by id desc limit {Recent}
            """,
            new { providerId, repositoryId, name });
}
