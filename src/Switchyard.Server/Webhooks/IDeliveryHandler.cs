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
}

/// <summary>A Delivery being worked off.</summary>
public sealed class DeliveryContext(DbSession session, ReceivedDelivery delivery, WebhookEnvelope envelope, ReadOnlyMemory<byte> payload)
{
    private readonly List<Action> afterCommit = [];

    public DbSession Session => session;

    public ReceivedDelivery Delivery => delivery;

    public WebhookEnvelope Envelope => envelope;

    /// <summary>The JSON payload as received.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    internal IReadOnlyList<Action> Actions => afterCommit;

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
