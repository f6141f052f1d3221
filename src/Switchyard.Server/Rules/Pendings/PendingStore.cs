using System.Globalization;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>The rows of what waits. A Signal goes in by <see cref="AddAsync"/>, in the transaction of its evaluation.</summary>
internal sealed class PendingStore(Database database, TimeProvider time)
{
    private const string IsOpen = $"state in ('{PendingState.Quiet}', '{PendingState.Checks}')";

    private const string IsHurried = $"state = '{PendingState.Quiet}' and quiet_until > @Now";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Puts a Signal that a rule matched to what waits of the same key, or begins to wait. Where what waits was past its quiet
    /// period and waited for checks, the newer commit takes the place of the older one and it is quiet again, but not longer
    /// than the rule's maximum since the first. A commit that comes after a newer one of its branch was taken changes nothing.
    /// </summary>
    public async Task<Admission> AddAsync(DbSession session, BookRule rule, EvaluatedSignal signal)
    {
        var (quiet, now, facts, signalId) = (rule.Rule.Quiet, Now, signal.Facts, signal.Id);
        var key = QuietPeriod.Key(rule.Rule, facts);
        var slot = quiet.Keep == Keep.All ? key + "\n" + signalId.ToString(CultureInfo.InvariantCulture) : key;
        var known = quiet.Keep == Keep.Latest ? await TakenCommit.FindAsync(session, rule, slot, facts.Source?.Id ?? 0, RefOf(facts)) : null;
        if (known is not null && (known.IsOpen || quiet.For > TimeSpan.Zero) && known.IsNewerThan(signal))
        {
            await session.ExecuteAsync("update pending_sources set signals = signals + 1 where pending_id = @PendingId and github_repository_id = @GithubRepositoryId and ref = @Ref", known);
            return new Admission(known.PendingId, LaneOf(rule.ProviderId, facts)) { NewerCommit = known.Sha };
        }

        // Those that are all kept wait for quiet together; where there is none to wait for, each is on its own.
        var together = quiet.Keep == Keep.All && quiet.For > TimeSpan.Zero;
        var first = quiet.For > TimeSpan.Zero ? await FirstAsync(session, rule.Id, together ? key : null, slot) ?? now : now;
        var due = QuietPeriod.Due(quiet, DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(now)).ToUnixTimeMilliseconds();
        var values = new
        {
            rule.ProviderId,
            rule.Id,
            rule.RevisionId,
            key,
            slot,
            lane = LaneOf(rule.ProviderId, facts),
            signalId,
            now,
            due,
        };
        var pending = await session.FirstAsync<Pending>(
            $"""
            insert into pendings (provider_id, rule_id, revision_id, key, slot, lane, state, signal_id, first_at, last_at, due_at, quiet_until)
            values (@ProviderId, @Id, @RevisionId, @key, @slot, @lane, '{PendingState.Quiet}', @signalId, @now, @now, @due, @due)
            on conflict (rule_id, slot) where {IsOpen} do update set revision_id = excluded.revision_id, state = '{PendingState.Quiet}', detail = null, signal_id = excluded.signal_id,
              last_at = excluded.last_at, due_at = excluded.due_at, quiet_until = excluded.quiet_until,
              now_at = null, now_by = null, checks_since = null, looks = 0
            returning {Pending.Columns}
            """,
            values);
        if (together)
        {
            await session.ExecuteAsync($"update pendings set last_at = @now, due_at = @due, quiet_until = @due, now_at = null, now_by = null where rule_id = @Id and key = @key and {IsOpen} and state = '{PendingState.Quiet}'", values);
        }

        await session.ExecuteAsync(
            """
            insert into pending_sources (pending_id, github_repository_id, ref, repository_name, sha, signal_id, pushed_at, before) values (@Id, @repository, @reference, @name, @sha, @signalId, @pushedAt, @Before)
            on conflict (pending_id, github_repository_id, ref) do update set repository_name = excluded.repository_name, sha = excluded.sha, signal_id = excluded.signal_id,
              pushed_at = excluded.pushed_at, before = excluded.before,
              signals = pending_sources.signals + 1, checks = null, checks_seen_at = null, checks_changed_at = null
            """,
            new
            {
                pending!.Id,
                repository = facts.Source?.Id ?? 0,
                reference = RefOf(facts),
                name = facts.Source?.FullName ?? "",
                sha = facts.Sha ?? "",
                signalId,
                pushedAt = signal.PushedAt == 0 ? 0 : Math.Max(signal.PushedAt, known?.PushedAt ?? 0),
                facts.Before,
            });
        return new Admission(pending.Id, pending.Lane) { OlderCommit = known is { IsOpen: true } && known.Sha != facts.Sha ? known.Sha : null };
    }

    public Task<Pending?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Pending>($"select {Pending.Columns} from pendings where id = @id", new { id }), cancellation);

    /// <summary>What is due in the lane, in the order in which it became so.</summary>
    public Task<List<Pending>> ListDueAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<Pending>($"select {Pending.Columns} from pendings where lane = @lane and {IsOpen} and due_at <= @Now order by due_at, id limit 64", new { lane, Now }), cancellation);

    public Task<List<string>> ListDueLanesAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<string>($"select distinct lane from pendings where {IsOpen} and due_at <= @Now", new { Now }), cancellation);

    /// <summary>When the next of the lane is due; null where nothing waits.</summary>
    public Task<long?> NextDueAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(session => session.ScalarAsync<long?>($"select min(due_at) from pendings where lane = @lane and {IsOpen}", new { lane }), cancellation);

    public Task<List<PendingSource>> ListSourcesAsync(long id, CancellationToken cancellation) => database.ReadAsync(session => ListSourcesAsync(session, id), cancellation);

    public static Task<List<PendingSource>> ListSourcesAsync(DbSession session, long id) =>
        session.QueryAsync<PendingSource>($"select {PendingSource.Columns} from pending_sources where pending_id = @id order by signal_id", new { id });

    /// <summary>Goes on waiting: for checks, until it is looked at again. False where something came in between.</summary>
    public static async Task<bool> WaitAsync(DbSession session, Pending pending, string detail, long checksSince, long dueAt) =>
        await session.ExecuteAsync(
            $"""
            update pendings set state = '{PendingState.Checks}', detail = @detail, checks_since = @checksSince, due_at = @dueAt, looks = looks + 1
            where id = @Id and {IsOpen} and last_at = @LastAt and signal_id = @SignalId
            """,
            new { pending.Id, pending.LastAt, pending.SignalId, detail, checksSince, dueAt }) > 0;

    /// <summary>Ends the wait; false where it had ended, or something came in between.</summary>
    public async Task<bool> EndAsync(DbSession session, Pending pending, string state, string? detail, long? checksSince = null) =>
        await session.ExecuteAsync(
            $"""
            update pendings set state = @state, detail = @detail, checks_since = coalesce(@checksSince, checks_since), ended_at = @Now, ended_by = {(state == PendingState.Released ? "now_by" : "null")}
            where id = @Id and {IsOpen} and last_at = @LastAt and signal_id = @SignalId
            """,
            new { pending.Id, pending.LastAt, pending.SignalId, state, detail, checksSince, Now }) > 0;

    public static Task SawChecksAsync(DbSession session, PendingSource source, string digest, long seenAt, long changedAt) =>
        session.ExecuteAsync(
            """
            update pending_sources set checks = @digest, checks_seen_at = @seenAt, checks_changed_at = @changedAt
            where pending_id = @PendingId and github_repository_id = @GithubRepositoryId and ref = @Ref and sha = @Sha
            """,
            new { source.PendingId, source.GithubRepositoryId, source.Ref, source.Sha, digest, seenAt, changedAt });

    /// <summary>The checks of a commit have moved: what waits for them is looked at, but not more than once in two seconds. Gives the lanes to kick.</summary>
    public Task<List<string>> TouchAsync(DbSession session, long providerId, long githubRepositoryId, string sha) =>
        session.QueryAsync<string>(
            $"""
            update pendings set due_at = case when looks = 0 then @Now else @Now + 2000 end
            where state = '{PendingState.Checks}' and provider_id = @providerId and due_at > @Now + 2000
              and id in (select pending_id from pending_sources where sha = @sha and github_repository_id = @githubRepositoryId)
            returning lane
            """,
            new { providerId, githubRepositoryId, sha, Now });

    /// <summary>A person wants it at once: the quiet period is over. Gives the lane; null where it does not wait.</summary>
    public Task<string?> NowAsync(long id, string by, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.FirstAsync<string>(
                $"""
                update pendings set due_at = @Now, now_at = case when {IsHurried} then @Now else now_at end, now_by = case when {IsHurried} then @by else now_by end
                where id = @id and {IsOpen} returning lane
                """,
                new { id, by, Now }),
            cancellation);

    public async Task<bool> CancelAsync(DbSession session, long id, string by) =>
        await session.ExecuteAsync(
            $"update pendings set state = '{PendingState.Cancelled}', detail = @detail, ended_at = @Now, ended_by = @by where id = @id and {IsOpen}", new { id, by, detail = "Cancelled by " + by, Now }) > 0;

    /// <summary>All that waits of these rules ends; gives which.</summary>
    public Task<List<long>> CancelOfAsync(DbSession session, IReadOnlyCollection<long> ruleIds, string detail, string? by) =>
        session.QueryAsync<long>(
            $"update pendings set state = '{PendingState.Cancelled}', detail = @detail, ended_at = @Now, ended_by = @by where rule_id {session.In("ruleIds")} and {IsOpen} returning id",
            new { ruleIds = ruleIds.ToArray(), detail, by, Now });

    public Task<(List<PendingFacts> Rows, long Total)> ListAsync(PendingFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<PendingFacts>(
                    $"select {PendingFacts.Columns} from {PendingFacts.From} where {filter.Where} and q.id < @before order by q.id desc limit @limit",
                    new { filter.State, filter.Rule, filter.Repository, filter.Provider, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                return (rows, await session.ScalarAsync<long>($"select count(*) from pendings q where {filter.Where}", filter));
            },
            cancellation);

    public Task<PendingFacts?> FindFactsAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<PendingFacts>($"select {PendingFacts.Columns} from {PendingFacts.From} where q.id = @id", new { id }), cancellation);

    /// <summary>What of a repository takes the place of each other: its branch, tag or pull request.</summary>
    public static string RefOf(SignalFacts facts) => facts.Ref ?? "";

    private static async Task<long?> FirstAsync(DbSession session, long ruleId, string? key, string slot) =>
        await session.ScalarAsync<long?>(
            $"select min(first_at) from pendings where rule_id = @ruleId and {(key is null ? $"slot = @slot and {IsOpen}" : $"key = @key and {IsOpen} and state = '{PendingState.Quiet}'")}", new { ruleId, key, slot });

    private static string LaneOf(long providerId, SignalFacts facts) => SignalStore.LaneOf(providerId, facts.Source?.Id);
}

/// <summary>What waits, or has waited, with the names of what it belongs to.</summary>
internal sealed record PendingFacts
{
    public const string Columns =
        """
        q.id, q.rule_id, u.name as rule, s.name as source, p.slug as provider, q.key, q.state, q.detail, q.signal_id, q.first_at, q.last_at, q.due_at, q.quiet_until, q.now_at, q.now_by,
        q.checks_since, q.ended_at, q.ended_by
        """;

    public const string From = "pendings q join rules u on u.id = q.rule_id join rule_sources s on s.id = u.source_id join providers p on p.id = q.provider_id";

    public long Id { get; init; }

    public long RuleId { get; init; }

    public string Rule { get; init; } = "";

    public string Source { get; init; } = "";

    public string Provider { get; init; } = "";

    public string Key { get; init; } = "";

    public string State { get; init; } = "";

    public string? Detail { get; init; }

    public long SignalId { get; init; }

    public long FirstAt { get; init; }

    public long LastAt { get; init; }

    public long DueAt { get; init; }

    /// <summary>When it was to be quiet; <see cref="LastAt"/> where the rule asks for no quiet.</summary>
    public long QuietUntil { get; init; }

    /// <summary>When, and who, did not wait for that.</summary>
    public long? NowAt { get; init; }

    public string? NowBy { get; init; }

    public long? ChecksSince { get; init; }

    public long? EndedAt { get; init; }

    public string? EndedBy { get; init; }
}

internal sealed record PendingFilter(string? State, string? Rule, string? Repository, string? Provider)
{
    public string Where => Conditions.Of(
        (State is not null, "q.state = @State"),
        (Rule is not null, "q.rule_id in (select id from rules where name = @Rule or cast(id as text) = @Rule)"),
        (Provider is not null, "q.provider_id = (select id from providers where slug = @Provider)"),
        (Repository is not null, "exists (select 1 from pending_sources w where w.pending_id = q.id and lower(w.repository_name) = lower(@Repository))"));
}
