using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>
/// What a feature does about one kind of Delivery. It runs inside the transaction that marks the Delivery handled: it writes
/// rows and calls nothing outside the database.
/// </summary>
public interface IDeliveryHandler
{
    /// <summary>The events (<c>X-GitHub-Event</c>) it is for.</summary>
    IReadOnlyCollection<string> Events { get; }

    /// <summary>
    /// Brings its rows in step with what the Delivery says. A Delivery is a hint: it may be old, doubled, or one of several
    /// out of order. Gives what was done, or null for "no effect".
    /// </summary>
    Task<string?> HandleAsync(DeliveryContext delivery);

    /// <summary>
    /// Does for several Deliveries at once what would cost a round trip each; called before they are handled, in the same transaction.
    /// What it finds for one of them it leaves with it (<see cref="DeliveryContext.Keep{T}"/>).
    /// </summary>
    Task PrepareAsync(DbSession session, IReadOnlyList<DeliveryContext> deliveries) => Task.CompletedTask;
}

/// <summary>A Delivery being worked off.</summary>
public sealed class DeliveryContext(DbSession session, ReceivedDelivery delivery, WebhookEnvelope envelope, ReadOnlyMemory<byte> payload)
{
    private readonly List<Action> afterCommit = [];
    private object? kept;

    public DbSession Session => session;

    public ReceivedDelivery Delivery => delivery;

    public WebhookEnvelope Envelope => envelope;

    /// <summary>The JSON payload as received.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    internal IReadOnlyList<Action> Actions => afterCommit;

    /// <summary>Leaves something with the Delivery for when it is handled.</summary>
    public void Keep<T>(T value)
        where T : class => kept = value;

    /// <summary>What was left with it; null where that is of another kind.</summary>
    public T? Kept<T>()
        where T : class => kept as T;

    /// <summary>Runs when what the handler wrote is committed: the place to kick a lane.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);
}

/// <summary>The facts of a stored Delivery that handlers need. Times are UTC milliseconds.</summary>
public sealed record ReceivedDelivery
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Guid { get; init; } = "";

    public string Event { get; init; } = "";

    public string? Action { get; init; }

    public long? InstallationId { get; init; }

    public long? RepositoryId { get; init; }

    public long ReceivedAt { get; init; }
}
