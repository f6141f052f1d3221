using Switchyard.Server.Storage;

namespace Switchyard.Server.Activity;

/// <summary>
/// Follows what led to what, in both directions. It reads tables of other features and writes none; it knows none of them but by
/// their rows, so that the pages of all of them can show it.
/// </summary>
internal sealed class TraceQueries(Database database)
{
    private const int MostSignals = 20;
    private const int MostEvaluations = 60;
    private const int MostInto = 6;

    /// <summary>Null where there is no such Delivery.</summary>
    public Task<Trace?> OfDeliveryAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            if (await DeliveryAsync(session, id) is not { } delivery)
            {
                return null;
            }

            var signals = await session.QueryAsync<TracedSignal>($"select {TracedSignal.Columns} from signals s where s.delivery_id = @id order by s.id limit {MostSignals}", new { id });
            return new Trace([], 0, [TraceSteps.Of(delivery) with { Next = await SignalStepsAsync(session, signals, null) }]);
        },
        cancellation);

    /// <summary>Null where there is no such Signal.</summary>
    public Task<Trace?> OfSignalAsync(long id, CancellationToken cancellation) => database.ReadAsync(session => OfSignalAsync(session, id, null), cancellation);

    /// <summary>Null where there is no such Evaluation.</summary>
    public Task<Trace?> OfEvaluationAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            if (await session.FirstAsync<TracedEvaluation>($"select {TracedEvaluation.Columns} from {TracedEvaluation.From} where e.id = @id", new { id }) is not { } evaluation)
            {
                return null;
            }

            // The Signal is let go of earlier than what came of it.
            return await OfSignalAsync(session, evaluation.SignalId, id) ?? new Trace([], 0, await EvaluationStepsAsync(session, [evaluation]));
        },
        cancellation);

    /// <summary>Null where nothing of that number waits, or has waited.</summary>
    public Task<Trace?> OfPendingAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        async session => (await PendingStepsAsync(session, [id])).GetValueOrDefault(id) is { } step ? await WithIntoAsync(session, id, step) : null, cancellation);

    /// <summary>Null where there is no such Dispatch.</summary>
    public Task<Trace?> OfDispatchAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            if (await session.ScalarAsync<long?>("select pending_id from dispatches where id = @id", new { id }) is not { } pending)
            {
                return null;
            }

            var into = (await PendingStepsAsync(session, [pending])).GetValueOrDefault(pending);
            return into is null ? new Trace([], 0, await DispatchStepsAsync(session, "d.id = @id", new { id })) : await WithIntoAsync(session, pending, into);
        },
        cancellation);

    private static Task<TracedDelivery?> DeliveryAsync(DbSession session, long id) =>
        session.FirstAsync<TracedDelivery>($"select {TracedDelivery.Columns} from deliveries v where v.id = @id", new { id });

    private static async Task<Trace?> OfSignalAsync(DbSession session, long id, long? evaluation)
    {
        if (await session.FirstAsync<TracedSignal>($"select {TracedSignal.Columns} from signals s where s.id = @id", new { id }) is not { } signal)
        {
            return null;
        }

        var first = signal.DeliveryId is { } told && await DeliveryAsync(session, told) is { } delivery ? TraceSteps.Of(delivery) : TraceSteps.SourceOf(signal);
        return new Trace([], 0, [first with { Next = await SignalStepsAsync(session, [signal], evaluation) }]);
    }

    /// <summary>The Signals that went in, each with its Delivery and its Evaluation, newest first.</summary>
    private static async Task<Trace> WithIntoAsync(DbSession session, long pending, TraceStep step)
    {
        var evaluations = await session.QueryAsync<TracedEvaluation>(
            $"select {TracedEvaluation.Columns} from {TracedEvaluation.From} where e.pending_id = @pending order by e.id desc limit {MostInto}", new { pending });
        var all = evaluations.Count < MostInto ? evaluations.Count : await session.ScalarAsync<long>("select count(*) from evaluations where pending_id = @pending", new { pending });
        var ids = evaluations.Select(evaluation => evaluation.SignalId).ToArray();
        var signals = ids.Length == 0 ? [] : (await session.QueryAsync<TracedSignal>($"select {TracedSignal.Columns} from signals s where s.id {session.In("ids")}", new { ids })).ToDictionary(row => row.Id);
        var told = signals.Values.Select(signal => signal.DeliveryId).OfType<long>().ToArray();
        var deliveries = told.Length == 0 ? [] : (await session.QueryAsync<TracedDelivery>($"select {TracedDelivery.Columns} from deliveries v where v.id {session.In("told")}", new { told })).ToDictionary(row => row.Id);
        var into = new List<IReadOnlyList<TraceStep>>(evaluations.Count);
        foreach (var evaluation in evaluations)
        {
            var way = new List<TraceStep>(3);
            if (signals.GetValueOrDefault(evaluation.SignalId) is { } signal)
            {
                way.Add(signal.DeliveryId is { } id && deliveries.GetValueOrDefault(id) is { } delivery ? TraceSteps.Of(delivery) : TraceSteps.SourceOf(signal));
                way.Add(TraceSteps.Of(signal));
            }

            way.Add(TraceSteps.Of(evaluation));
            into.Add(way);
        }

        return new Trace(into, all - evaluations.Count, [step]);
    }

    private static async Task<IReadOnlyList<TraceStep>> SignalStepsAsync(DbSession session, List<TracedSignal> signals, long? evaluation)
    {
        if (signals.Count == 0)
        {
            return [];
        }

        // What matched comes first: that is what led on.
        var ids = signals.Select(signal => signal.Id).ToArray();
        var evaluations = await session.QueryAsync<TracedEvaluation>(
            $"""
            select {TracedEvaluation.Columns} from {TracedEvaluation.From} where e.signal_id {session.In("ids")} and (@evaluation is null or e.id = @evaluation)
            order by case when e.pending_id is null then 1 else 0 end, e.id limit {MostEvaluations}
            """,
            new { ids, evaluation });
        var all = evaluations.Count < MostEvaluations ? evaluations.Count : await session.ScalarAsync<long>($"select count(*) from evaluations where signal_id {session.In("ids")}", new { ids });
        var steps = (await EvaluationStepsAsync(session, evaluations)).Zip(evaluations).ToLookup(pair => pair.Second.SignalId, pair => pair.First);
        return [.. signals.Select((signal, index) => TraceSteps.Of(signal) with { Next = [.. steps[signal.Id]], More = index == signals.Count - 1 ? all - evaluations.Count : 0 })];
    }

    private static async Task<IReadOnlyList<TraceStep>> EvaluationStepsAsync(DbSession session, IReadOnlyList<TracedEvaluation> evaluations)
    {
        var pendings = await PendingStepsAsync(session, [.. evaluations.Select(evaluation => evaluation.PendingId).OfType<long>().Distinct()]);
        return [.. evaluations.Select(evaluation => TraceSteps.Of(evaluation) with { Next = evaluation.PendingId is { } id && pendings.TryGetValue(id, out var step) ? [step] : [] })];
    }

    private static async Task<Dictionary<long, TraceStep>> PendingStepsAsync(DbSession session, long[] ids)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var rows = await session.QueryAsync<TracedPending>($"select {TracedPending.Columns} from {TracedPending.From} where q.id {session.In("ids")}", new { ids });
        var dispatches = await session.QueryAsync<TracedDispatch>($"select {TracedDispatch.Columns} from {TracedDispatch.From} where d.pending_id {session.In("ids")} order by d.id", new { ids });
        var steps = (await DispatchStepsAsync(session, dispatches)).Zip(dispatches).ToLookup(pair => pair.Second.PendingId, pair => pair.First);
        return rows.ToDictionary(row => row.Id, row => TraceSteps.Of(row) with { Next = [.. steps[row.Id]] });
    }

    private static async Task<IReadOnlyList<TraceStep>> DispatchStepsAsync(DbSession session, string where, object parameters) =>
        await DispatchStepsAsync(session, await session.QueryAsync<TracedDispatch>($"select {TracedDispatch.Columns} from {TracedDispatch.From} where {where} order by d.id", parameters));

    private static async Task<IReadOnlyList<TraceStep>> DispatchStepsAsync(DbSession session, IReadOnlyList<TracedDispatch> dispatches)
    {
        var ids = dispatches.Select(dispatch => dispatch.Id).ToArray();
        var attempts = ids.Length == 0
            ? []
            : await session.QueryAsync<TracedAttempt>($"select dispatch_id, number, started_at, ended_at, result, message from dispatch_attempts where dispatch_id {session.In("ids")} order by number", new { ids });
        var byDispatch = attempts.ToLookup(attempt => attempt.DispatchId);
        return [.. dispatches.Select(dispatch => TraceSteps.Of(dispatch, [.. byDispatch[dispatch.Id]]))];
    }
}
