using System.IO.Compression;
using System.Text.Json;
using Switchyard.GitHub.Webhooks;

namespace Switchyard.Server.Webhooks;

/// <summary>How a Delivery came to us.</summary>
internal static class DeliverySource
{
    public const string Webhook = "Webhook";
    public const string Recovered = "Recovered";
}

internal static class DeliveryState
{
    public const string Received = "Received";
    public const string Handled = "Handled";
    public const string Failed = "Failed";
    public const string Dead = "Dead";

    public static readonly string[] All = [Received, Handled, Failed, Dead];
}

/// <summary>A verified Delivery on its way into the inbox.</summary>
internal sealed record NewDelivery
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required long ProviderId { get; init; }

    public required string Guid { get; init; }

    public required string Event { get; init; }

    public required string? Action { get; init; }

    public required string Lane { get; init; }

    public required long? HookId { get; init; }

    public required long? InstallationId { get; init; }

    public required long? RepositoryId { get; init; }

    public required string? RepositoryName { get; init; }

    public required string? Sender { get; init; }

    public required string Headers { get; init; }

    /// <summary>Brotli.</summary>
    public required byte[] Body { get; init; }

    public required long BodySize { get; init; }

    public required string Source { get; init; }

    public required long ReceivedAt { get; init; }

    /// <summary>
    /// Reads what the inbox files a Delivery under. A payload that is no JSON is stored all the same: its signature says that
    /// it was sent, and the attempt to work it off says what is wrong with it.
    /// </summary>
    public static NewDelivery From(
        long providerId, string guid, string eventName, long? hookId, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> payload, string source, DateTimeOffset now)
    {
        var envelope = WebhookEnvelope.Read(payload);
        return new NewDelivery
        {
            ProviderId = providerId,
            Guid = guid,
            Event = eventName,
            Action = envelope.Action,
            Lane = LaneOf(providerId, eventName, envelope),
            HookId = hookId,
            InstallationId = envelope.InstallationId,
            RepositoryId = envelope.RepositoryId,
            RepositoryName = envelope.RepositoryFullName,
            Sender = envelope.SenderLogin,
            Headers = JsonSerializer.Serialize(headers, Plain),
            Body = Compress(payload),
            BodySize = payload.Length,
            Source = source,
            ReceivedAt = now.ToUnixTimeMilliseconds(),
        };
    }

    public static byte[] Decompress(byte[] body, long size)
    {
        var payload = new byte[size];
        return BrotliDecoder.TryDecompress(body, payload, out var written) && written == size
            ? payload
            : throw new DeliveryException("The stored body does not have the size it was stored with, so it is damaged. Redeliver it from GitHub, or synchronize the repository.");
    }

    /// <summary>The columns of a row in the order in which the inbox inserts them.</summary>
    public object?[] Values() =>
    [
        ProviderId, Guid, Event, Action, Lane, HookId, InstallationId, RepositoryId,
        RepositoryName, Sender, Headers, BodySize, Source, ReceivedAt,
    ];

    /// <summary>The lane of what concerns a repository, but not its installation.</summary>
    public static string RepositoryLane(long providerId, long repositoryId) => $"{providerId}:repository:{repositoryId}";

    /// <summary>What concerns one repository is worked off in order; so is what concerns one installation.</summary>
    private static string LaneOf(long providerId, string eventName, WebhookEnvelope envelope) =>
        (envelope.RepositoryId, envelope.InstallationId) switch
        {
            (_, { } installation) when eventName.StartsWith("installation", StringComparison.Ordinal) => $"{providerId}:installation:{installation}",
            ({ } repository, _) => RepositoryLane(providerId, repository),
            (_, { } installation) => $"{providerId}:installation:{installation}",
            _ => $"{providerId}:other",
        };

    private static byte[] Compress(ReadOnlySpan<byte> payload)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(payload.Length));
        try
        {
            // Quality 0: the body is written twice (log and page), so any compression pays, and more of it does not.
            return BrotliEncoder.TryCompress(payload, buffer, out var written, quality: 0, window: 18)
                ? buffer.AsSpan(0, written).ToArray()
                : throw new InvalidOperationException("Brotli refused a buffer of its own maximum size.");
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
