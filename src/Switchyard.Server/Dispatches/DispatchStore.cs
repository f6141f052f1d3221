using Switchyard.Server.Providers;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// The rows of dispatches as the lane moves them. Every step is fenced by the state and the number of the attempt that it was
/// made from, so that of two that try it one does.
/// </summary>
internal sealed class DispatchStore(Database database, DispatchReports reports, TimeProvider time)
{
    public const string Columns =
        """
        d.id, d.provider_id, d.token, d.pending_id, d.action, d.rule_id, d.revision_id, d.signal_id, d.kind, d.target_name, d.target_github_id, d.workflow,
        d.event_type, d.ref, d.body, d.hop, d.shows_id, d.github_repository_id, d.repository_name, d.reported, d.scope, d.lane, d.state, d.held, d.error, d.next_step,
        d.attempts, d.failures, d.unconfirmed_at, d.looks, d.late_looks, d.due_at, d.created_at, d.sent_at, d.ended_at
        """;

    /// <summary>
    /// Whether the first of a lane may be worked on: it is due, or its installation was suspended and no longer is. The others wait
    /// behind it, so that what goes to a target goes in order, and so that a Run that is looked for cannot be another's.
    /// </summary>
    private const string IsDue =
        $"""
        (d.due_at <= @now or (d.held = '{Held.Suspended}' and exists (
          select 1 from installations i where i.provider_id = d.provider_id and i.state = '{InstallationState.Active}' and i.updated_at > d.held_at
            and lower(d.target_name) like lower(i.account_login) || '/%')))
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<List<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<string>(
                $"select d.lane from dispatches d where d.id in (select min(id) from dispatches where state in {DispatchState.Open} group by lane) and {IsDue}", new { now = Now }),
            cancellation);

    /// <summary>The first of a lane, where it may be worked on.</summary>
    public Task<Dispatch?> FindHeadAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<Dispatch>(
                $"select {Columns} from dispatches d where d.id = (select min(id) from dispatches where lane = @lane and state in {DispatchState.Open}) and {IsDue}",
                new { lane, now = Now }),
            cancellation);

    public Task<Dispatch?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Dispatch>($"select {Columns} from dispatches d where d.id = @id", new { id }), cancellation);

    public Task<AttemptRow?> FindAttemptAsync(Dispatch dispatch, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<AttemptRow>(
                "select dispatch_id, number, started_at, ended_at, result, status, message from dispatch_attempts where dispatch_id = @Id and number = @Attempts", dispatch),
            cancellation);

    /// <summary>
    /// Says that the call comes next, with what is sent as it is sent. Null where somebody else has moved it: cancelled, or sent by
    /// another node.
    /// </summary>
    public Task<Dispatch?> BeginAsync(Dispatch dispatch, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var now = Now;
                var moved = await session.ExecuteAsync(
                    $"""
                    update dispatches set state = '{DispatchState.Sending}', attempts = attempts + 1, held = null, held_at = null, ended_at = null, target_name = @TargetName, target_github_id = @TargetGithubId,
                      ref = @Ref, body = @Body, shows_id = @ShowsId
                    where id = @Id and state = @State and attempts = @Attempts
                    """,
                    dispatch);
                if (moved == 0)
                {
                    return null;
                }

                var begun = dispatch with { State = DispatchState.Sending, Attempts = dispatch.Attempts + 1 };
                await session.ExecuteAsync(
                    $"""
                    insert into dispatch_attempts (dispatch_id, number, started_at, result) values (@Id, @Attempts, @now, '{AttemptResult.Sending}')
                    on conflict (dispatch_id, number) do update set started_at = excluded.started_at, ended_at = null, result = excluded.result, status = null, message = null
                    """,
                    new { begun.Id, begun.Attempts, now });
                return begun;
            },
            cancellation);

    /// <summary>Keeps what came of the attempt; gives the lanes of check runs to kick. It is kept whatever is being stopped.</summary>
    public Task<WrittenIntents> RecordAsync(Dispatch dispatch, AccessibleRepository? target, SendVerdict verdict, int maxAttempts) =>
        database.WriteAsync(
            async session =>
            {
                var now = Now;
                var (state, due, tries) = Next(dispatch, verdict, maxAttempts, now);
                var ended = state is DispatchState.Sent or DispatchState.Failed or DispatchState.Dead or DispatchState.Suppressed;
                var moved = await session.ExecuteAsync(
                    $"""
                    update dispatches set state = @state, held = @Held, error = @Message, next_step = @NextStep, failures = failures + @tries, due_at = @due,
                      attempts = attempts - @undone, unconfirmed_at = @unconfirmed, looks = 0, late_looks = 0, sent_at = coalesce(@sent, sent_at),
                      ended_at = case when @ended = 1 then @now end, held_at = @heldAt
                    where id = @Id and attempts = @Attempts and state in (@before, '{DispatchState.Sending}', '{DispatchState.Unconfirmed}')
                    """,
                    new
                    {
                        dispatch.Id,
                        dispatch.Attempts,
                        before = dispatch.State,
                        state,
                        verdict.Held,
                        Message = verdict.Outcome == SendOutcome.Sent ? null : verdict.Message,
                        NextStep = ended && verdict.Outcome != SendOutcome.Sent ? NextStepOf(dispatch, verdict) : verdict.NextStep,
                        tries,
                        due,
                        undone = verdict.Outcome == SendOutcome.Later && dispatch.State == DispatchState.Sending ? 1 : 0,
                        unconfirmed = state == DispatchState.Unconfirmed ? now : (long?)null,
                        sent = state == DispatchState.Sent ? now : (long?)null,
                        ended = ended ? 1 : 0,
                        heldAt = verdict.Held is null ? (long?)null : now,
                        now,
                    });
                if (moved == 0)
                {
                    return new WrittenIntents([], [], []);
                }

                await EndAttemptAsync(session, dispatch, verdict, now);
                if (verdict.Held == Held.Suspended)
                {
                    // GitHub's own word: the listing says so everywhere, and later when it is over.
                    await ProviderStore.WantListingAsync(session, dispatch.ProviderId);
                }

                if (state == DispatchState.Sent)
                {
                    await RunStore.AddAsync(session, dispatch, target, verdict.Run, now);
                }

                return new WrittenIntents([dispatch.Id], [dispatch.Lane], await reports.WantAsync(session, dispatch, ends: ended && state != DispatchState.Sent));
            },
            CancellationToken.None);

    /// <summary>The lost one was found: it was taken.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(DbSession session, Dispatch dispatch, string how)
    {
        var now = Now;
        var moved = await session.ExecuteAsync(
            $"""
            update dispatches set state = '{DispatchState.Sent}', held = null, error = null, next_step = null, unconfirmed_at = null, ended_at = @now,
              sent_at = (select started_at from dispatch_attempts where dispatch_id = @Id and number = @Attempts)
            where id = @Id and attempts = @Attempts and state = '{DispatchState.Unconfirmed}'
            """,
            new { dispatch.Id, dispatch.Attempts, now });
        if (moved == 0)
        {
            return null;
        }

        await session.ExecuteAsync(
            $"update dispatch_attempts set result = '{AttemptResult.Sent}', message = @how, ended_at = coalesce(ended_at, @now) where dispatch_id = @Id and number = @Attempts",
            new { dispatch.Id, dispatch.Attempts, how, now });
        await RunStore.AddAsync(session, dispatch, null, null, now);
        return await reports.WantAsync(session, dispatch);
    }

    /// <summary>Nothing was found this time.</summary>
    public Task LookedAsync(Dispatch dispatch, bool late, DateTimeOffset next, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                $"""
                update dispatches set looks = looks + 1, late_looks = late_looks + @late, due_at = @next
                where id = @Id and attempts = @Attempts and state = '{DispatchState.Unconfirmed}'
                """,
                new { dispatch.Id, dispatch.Attempts, late = late ? 1 : 0, next = next.ToUnixTimeMilliseconds() }),
            cancellation);

    private static (string State, long Due, int Tries) Next(Dispatch dispatch, SendVerdict verdict, int maxAttempts, long now) => verdict.Outcome switch
    {
        SendOutcome.Sent => (DispatchState.Sent, now, 0),
        SendOutcome.Later => (dispatch.Failures > 0 || verdict.Held == Held.Unreachable ? DispatchState.Retrying : DispatchState.Pending, verdict.Until!.Value.ToUnixTimeMilliseconds(), 0),
        SendOutcome.Retry when dispatch.Failures + 1 >= maxAttempts => (DispatchState.Dead, now, 1),
        SendOutcome.Retry => (DispatchState.Retrying, verdict.Until?.ToUnixTimeMilliseconds() ?? now + (long)RetrySchedule.After(dispatch.Failures + 1).TotalMilliseconds, 1),
        SendOutcome.Failed => (DispatchState.Failed, now, 1),
        SendOutcome.Suppressed => (DispatchState.Suppressed, now, 0),
        _ => (DispatchState.Unconfirmed, now, 0),
    };

    private static string NextStepOf(Dispatch dispatch, SendVerdict verdict) =>
        verdict.NextStep is { } step ? $"{step} Then: switchyard dispatch retry {dispatch.Id}" : $"When that is mended: switchyard dispatch retry {dispatch.Id}";

    /// <summary>What was refused for its pace alone was no attempt; all others are kept.</summary>
    private static async Task EndAttemptAsync(DbSession session, Dispatch dispatch, SendVerdict verdict, long now)
    {
        if (verdict.Outcome == SendOutcome.Later)
        {
            await session.ExecuteAsync(
                $"delete from dispatch_attempts where dispatch_id = @Id and number = @Attempts and result = '{AttemptResult.Sending}'", dispatch);
            return;
        }

        var result = verdict.Outcome switch
        {
            SendOutcome.Sent => AttemptResult.Sent,
            SendOutcome.Unknown => AttemptResult.Unknown,
            _ when dispatch.State == DispatchState.Unconfirmed => AttemptResult.NotTaken,
            _ => AttemptResult.Refused,
        };
        await session.ExecuteAsync(
            $"""
            update dispatch_attempts set ended_at = coalesce(ended_at, @now), result = @result, status = coalesce(@Status, status), message = coalesce(@Message, message)
            where dispatch_id = @Id and number = @Attempts
            """,
            new { dispatch.Id, dispatch.Attempts, result, verdict.Status, verdict.Message, now });
    }
}
