using Microsoft.Extensions.Options;
using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>
/// Works off the Deliveries of one lane in order: each one's effects and its mark "Handled" are in one transaction. One that
/// fails waits for its next attempt and lets the others pass: a Delivery is only a hint, so their order does not matter.
/// </summary>
internal sealed partial class DeliveryLane(
    Database database, IEnumerable<IDeliveryHandler> handlers, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time, ILogger<DeliveryLane> logger)
    : LaneWorker
{
    private const int BatchLimit = 64;

    /// <summary>Larger bodies are read one by one, so that a batch of them does not fill the memory.</summary>
    private const int BodyReadAhead = 256 * 1024;

    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(20);

    private readonly Lazy<ILookup<string, IDeliveryHandler>> handlers = new(() =>
        handlers.SelectMany(handler => handler.Events, (handler, name) => (handler, name)).ToLookup(pair => pair.name, pair => pair.handler, StringComparer.Ordinal));

    public override string Kind => "deliveries";

    /// <summary>The lock that is held while Deliveries of the lane are worked off.</summary>
    public static string LockOf(string lane) => "deliveries:" + lane;

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        FaultPoint.Protects("sweep")
            ? await database.ReadAsync(
                session => session.QueryAsync<string>(
                    $"select distinct lane from deliveries where state in ('{DeliveryState.Received}', '{DeliveryState.Failed}') and due_at <= @now",
                    new { now = Now }),
                cancellation)
            : [];

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<Backlog>(
                $"select count(*) as depth, min(due_at) as oldest from deliveries where state in ('{DeliveryState.Received}', '{DeliveryState.Failed}')"),
            cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        while (true)
        {
            var (count, actions) = await DrainBatchAsync(lane, cancellation);
            FaultPoint.Reached("delivery-handled");
            actions.ForEach(action => action());
            if (count is null)
            {
                return ComeBackToHeldLane;
            }

            if (count < BatchLimit)
            {
                return null;
            }
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Nearly always nothing fails, so a batch is tried without savepoints first; where something did, all of it is undone and
    /// done again with one around each Delivery.
    /// </summary>
    private async Task<(int? Count, List<Action> Actions)> DrainBatchAsync(string lane, CancellationToken cancellation)
    {
        try
        {
            return await DrainBatchAsync(lane, apart: false, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return await DrainBatchAsync(lane, apart: true, cancellation);
        }
    }

    private async Task<(int? Count, List<Action> Actions)> DrainBatchAsync(string lane, bool apart, CancellationToken cancellation)
    {
        var actions = new List<Action>();
        var handled = new List<(DeliveryRow Row, string Outcome)>();
        var count = await database.WriteAsync(session => DrainBatchAsync(session, lane, apart, handled, actions), cancellation);
        foreach (var (row, _) in handled)
        {
            metrics.Handled(row.Event, TimeSpan.FromMilliseconds(Now - row.ReceivedAt));
        }

        return (count, actions);
    }

    private async Task<int?> DrainBatchAsync(DbSession session, string lane, bool apart, List<(DeliveryRow Row, string Outcome)> handled, List<Action> actions)
    {
        handled.Clear();
        actions.Clear();
        // The lane as a range, and in the order: only the index of what waits gives that one, not the key, which would lead past
        // everything that was handled before.
        var rows = await database.TryLockAndReadAsync<DeliveryRow>(
            session,
            LockOf(lane),
            $"""
            select d.id, d.provider_id, d.guid, d.event, d.action, d.installation_id, d.repository_id, d.received_at, d.state, d.attempts, d.body_size,
              case when d.body_size <= {BodyReadAhead} then (select body from delivery_bodies where delivery_id = d.id) end as body
            from deliveries d
            where d.lane between @lane and @lane and d.state in ('{DeliveryState.Received}', '{DeliveryState.Failed}') and d.due_at <= @now
            order by d.lane, d.id limit {BatchLimit}
            """,
            new { lane, now = Now });
        if (rows is null)
        {
            return null;
        }

        var prepared = apart ? [] : await PrepareAsync(session, rows);
        foreach (var row in rows)
        {
            try
            {
                handled.Add((row, await HandleAsync(session, row, prepared.GetValueOrDefault(row.Id), apart, actions)));
            }
            catch (Exception failure) when (apart && failure is not OperationCanceledException)
            {
                await MarkFailedAsync(session, row, failure);
            }
        }

        foreach (var marks in handled.GroupBy(mark => mark.Outcome, mark => mark.Row.Id))
        {
            var ids = marks.ToArray();
            await session.ExecuteAsync(
                $"""
                update deliveries set state = '{DeliveryState.Handled}', outcome = @Key, error = null, attempts = attempts + 1, handled_at = @now
                where id {session.In("ids")} and state <> '{DeliveryState.Handled}'
                """,
                new { ids, marks.Key, now = Now });
        }

        FaultPoint.Reached("delivery-effects-written");
        return rows.Count;
    }

    /// <summary>Opens those Deliveries whose body was read with them, and lets handlers do at once what they can.</summary>
    private async Task<Dictionary<long, DeliveryContext>> PrepareAsync(DbSession session, List<DeliveryRow> rows)
    {
        var opened = new Dictionary<long, DeliveryContext>();
        foreach (var same in rows.Where(row => row.Body is not null).GroupBy(row => row.Event, StringComparer.Ordinal))
        {
            var interested = handlers.Value[same.Key];
            if (!interested.Any())
            {
                continue;
            }

            var contexts = new List<DeliveryContext>();
            foreach (var row in same)
            {
                contexts.Add(opened[row.Id] = await OpenAsync(session, row));
            }

            foreach (var handler in interested)
            {
                await handler.PrepareAsync(session, contexts);
            }
        }

        return opened;
    }

    private static async Task<DeliveryContext> OpenAsync(DbSession session, DeliveryRow row)
    {
        var body = row.Body ?? await session.ScalarAsync<byte[]>("select body from delivery_bodies where delivery_id = @Id", new { row.Id });
        if (body is null)
        {
            throw new DeliveryException("The raw body has been removed by retention, so this Delivery cannot be worked off again. Redeliver it from GitHub, or synchronize the repository.");
        }

        var payload = NewDelivery.Decompress(body, row.BodySize);
        var envelope = WebhookEnvelope.Read(payload);
        if (!envelope.IsJson)
        {
            throw new DeliveryException("The body is not JSON although its signature is right. Check what sends to this URL.");
        }

        return new DeliveryContext(session, row.Facts, envelope, payload);
    }

    private async Task<string> HandleAsync(DbSession session, DeliveryRow row, DeliveryContext? opened, bool apart, List<Action> actions)
    {
        var interested = handlers.Value[row.Event];
        if (!interested.Any())
        {
            return $"No effect (nothing listens to {row.Event})";
        }

        var outcomes = new List<string>();
        var context = opened ?? await OpenAsync(session, row);
        if (apart)
        {
            await session.SavepointAsync(AskAsync);
        }
        else
        {
            await AskAsync();
        }

        actions.AddRange(context.Actions);
        // Why one handler had nothing to do matters where none had anything to do.
        var effects = outcomes.FindAll(outcome => !outcome.StartsWith("No effect", StringComparison.Ordinal));
        return outcomes.Count > 0 ? string.Join("; ", effects.Count > 0 ? effects : outcomes.Distinct(StringComparer.Ordinal)) : "No effect";

        async Task AskAsync()
        {
            foreach (var handler in interested)
            {
                if (await handler.HandleAsync(context) is { } outcome)
                {
                    outcomes.Add(outcome);
                }
            }
        }
    }

    private async Task MarkFailedAsync(DbSession session, DeliveryRow row, Exception failure)
    {
        var attempts = row.Attempts + 1;
        var dead = attempts >= options.Value.MaxAttempts || failure is DeliveryException;
        var error = failure is DeliveryException
            ? failure.Message
            : $"{Unexpected.Describe(failure, "DeliveryFailed: " + row.Guid)} {(dead ? "Once it is mended, try again" : "It is tried again by itself; at once")} with: switchyard delivery replay {row.Id}";
        Log.DeliveryFailed(logger, failure, row.Guid, row.Event, attempts, dead);
        metrics.Failed(row.Event, dead);
        await session.ExecuteAsync(
            "update deliveries set state = @next, error = @error, attempts = @attempts, due_at = @due where id = @Id and state = @State",
            new
            {
                row.Id,
                row.State,
                next = dead ? DeliveryState.Dead : DeliveryState.Failed,
                error,
                attempts,
                due = Now + (long)RetrySchedule.After(attempts).TotalMilliseconds,
            });
        await session.ExecuteAsync(
            """
            insert into delivery_attempts (delivery_id, number, at, result, detail) values (@Id, @attempts, @now, 'Failed', @detail)
            on conflict (delivery_id, number) do update set at = excluded.at, result = excluded.result, detail = delivery_attempts.detail || ': ' || excluded.detail
            """,
            new { row.Id, attempts, now = Now, detail = error });
    }

    private sealed record DeliveryRow
    {
        public long Id { get; init; }

        public long ProviderId { get; init; }

        public string Guid { get; init; } = "";

        public string Event { get; init; } = "";

        public string? Action { get; init; }

        public long? InstallationId { get; init; }

        public long? RepositoryId { get; init; }

        public long ReceivedAt { get; init; }

        public string State { get; init; } = "";

        public long Attempts { get; init; }

        public long BodySize { get; init; }

        public byte[]? Body { get; init; }

        public ReceivedDelivery Facts => new()
        {
            Id = Id,
            ProviderId = ProviderId,
            Guid = Guid,
            Event = Event,
            Action = Action,
            InstallationId = InstallationId,
            RepositoryId = RepositoryId,
            ReceivedAt = ReceivedAt,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "DeliveryFailed: {Guid} ({Event}), attempt {Attempts}, dead: {Dead}.", EventName = "DeliveryFailed")]
        public static partial void DeliveryFailed(ILogger logger, Exception failure, string guid, string @event, long attempts, bool dead);
    }
}
