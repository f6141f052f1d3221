using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>A Delivery as it is listed and shown; times are UTC milliseconds.</summary>
internal sealed record DeliveryFacts
{
    public long Id { get; init; }

    public string Provider { get; init; } = "";

    public string Guid { get; init; } = "";

    public string Event { get; init; } = "";

    public string? Action { get; init; }

    public string? RepositoryName { get; init; }

    public string? Sender { get; init; }

    public string Headers { get; init; } = "";

    public long BodySize { get; init; }

    public string Source { get; init; } = "";

    public string State { get; init; } = "";

    public string? Outcome { get; init; }

    public string? Error { get; init; }

    public long Attempts { get; init; }

    public long ReceivedAt { get; init; }

    public long DueAt { get; init; }

    public long? HandledAt { get; init; }

    public string WebUrl { get; init; } = "";

    public string? AppSlug { get; init; }

    public string? OwnerLogin { get; init; }

    public string? OwnerType { get; init; }
}

internal sealed record AttemptFacts
{
    public long Number { get; init; }

    public long At { get; init; }

    public string Result { get; init; } = "";

    public string? Detail { get; init; }

    /// <summary>Milliseconds from when it was due to its end; null where the beginning is not kept.</summary>
    public long? Took { get; init; }
}

/// <summary>What to list: each filter is left out where it is null. <c>Guid</c> is how it begins; times are UTC milliseconds of when it was received.</summary>
internal sealed record DeliveryFilter(string? State, string? Event, string? Provider, string? Repository, string? Guid, long? Since = null, long? Until = null)
{
    private const int WholeGuid = 36;

    public string Where => Conditions.Of(
        (State is not null, "d.state = @State"),
        (Event is not null, "d.event = @Event"),
        (Provider is not null, "d.provider_id = (select id from providers where slug = @Provider)"),
        (Repository is not null, "lower(d.repository_name) = lower(@Repository)"),
        (Guid is { Length: WholeGuid }, "d.provider_id in (select id from providers) and d.guid = @Guid"),
        (Guid is not (null or { Length: WholeGuid }), "substr(d.guid, 1, length(@Guid)) = @Guid"),
        (Since is not null, "d.received_at >= @Since"),
        (Until is not null, "d.received_at < @Until"));
}

/// <summary>Reads Deliveries and asks for further attempts.</summary>
internal sealed class DeliveryStore(Database database, TimeProvider time)
{
    private const string Columns =
        """
        d.id, p.slug as provider, d.guid, d.event, d.action, d.repository_name, d.sender, d.headers, d.body_size, d.source, d.state,
        d.outcome, d.error, d.attempts, d.received_at, d.due_at, d.handled_at, p.web_url, p.app_slug, p.owner_login, p.owner_type
        """;

    public Task<(List<DeliveryFacts> Rows, long Total)> ListAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<DeliveryFacts>(
                    $"select {Columns} from deliveries d join providers p on p.id = d.provider_id where {filter.Where} and d.id < @before order by d.id desc limit @limit",
                    new { filter.State, filter.Event, filter.Provider, filter.Repository, filter.Guid, filter.Since, filter.Until, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                var total = await session.ScalarAsync<long>($"select count(*) from deliveries d where {filter.Where}", filter);
                return (rows, total);
            },
            cancellation);

    public Task<bool> NamesAsync(string repository, CancellationToken cancellation) =>
        database.ReadAsync(session => session.ScalarAsync<bool>("select exists (select 1 from deliveries where lower(repository_name) = lower(@repository))", new { repository }), cancellation);

    public Task<DeliveryFacts?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<DeliveryFacts>(
                $"select {Columns} from deliveries d join providers p on p.id = d.provider_id where d.id = @id", new { id }),
            cancellation);

    /// <summary>
    /// The attempts, oldest first. The one that handled the Delivery has no row of its own until another is asked for: it is what
    /// the Delivery itself says.
    /// </summary>
    public async Task<List<AttemptFacts>> ListAttemptsAsync(DeliveryFacts delivery, CancellationToken cancellation)
    {
        var attempts = await database.ReadAsync(
            session => session.QueryAsync<AttemptFacts>(
                "select number, at, result, detail from delivery_attempts where delivery_id = @Id order by number", new { delivery.Id }),
            cancellation);
        if (delivery is { State: DeliveryState.Handled, HandledAt: { } at })
        {
            attempts.Add(new AttemptFacts { Number = delivery.Attempts, At = at, Result = DeliveryState.Handled, Detail = delivery.Outcome, Took = Math.Max(0, at - delivery.DueAt) });
        }

        return attempts;
    }

    /// <summary>The JSON payload, or null where retention has removed it.</summary>
    public async Task<byte[]?> ReadPayloadAsync(long id, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(
            session => session.FirstAsync<BodyRow>("select b.body, d.body_size from deliveries d join delivery_bodies b on b.delivery_id = d.id where d.id = @id", new { id }), cancellation);
        return row is null ? null : NewDelivery.Decompress(row.Body, row.BodySize);
    }

    /// <summary>
    /// Asks for another attempt, whatever came of the ones before; gives the lane to kick, or null where there is no such
    /// Delivery. The number of the attempt is kept with who asked for it.
    /// </summary>
    public Task<string?> ReplayAsync(long id, string requestedBy, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                await session.ExecuteAsync(
                    $"""
                    insert into delivery_attempts (delivery_id, number, at, result, detail)
                    select id, attempts, handled_at, '{DeliveryState.Handled}', outcome from deliveries where id = @id and state = '{DeliveryState.Handled}' and handled_at is not null
                    on conflict (delivery_id, number) do nothing
                    """,
                    new { id });
                var lane = await session.FirstAsync<string>(
                    "update deliveries set state = 'Received', error = null, due_at = @now where id = @id returning lane", new { id, now });
                if (lane is not null)
                {
                    await session.ExecuteAsync(
                        """
                        insert into delivery_attempts (delivery_id, number, at, result, detail)
                        select id, attempts + 1, @now, 'Replay', @detail from deliveries where id = @id
                        on conflict (delivery_id, number) do update set result = excluded.result, detail = excluded.detail, at = excluded.at
                        """,
                        new { id, now, detail = "asked for by " + requestedBy });
                }

                return lane;
            },
            cancellation);

    private sealed record BodyRow
    {
        public byte[] Body { get; init; } = [];

        public long BodySize { get; init; }
    }
}
