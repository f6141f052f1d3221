using System.Text.Json;
using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Dispatches;

/// <summary>GitHub tells the App of a dispatch: that one of ours is in it proves that it was taken.</summary>
internal sealed class DispatchEchoHandler(Lanes lanes, TimeProvider time) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["repository_dispatch", "workflow_dispatch"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        var token = delivery.Delivery.Event == "workflow_dispatch"
            ? WorkflowDispatchEvent.Read(delivery.Payload)?.Inputs.GetValueOrDefault(DispatchLimits.OwnInput)
            : TokenOf(RepositoryDispatchEvent.Read(delivery.Payload)?.ClientPayload ?? default);
        if (token is null)
        {
            return null;
        }

        var provider = delivery.Delivery.ProviderId;
        var known = await delivery.Session.FirstAsync<Known>("select id, lane, state from dispatches where token = @token and provider_id = @provider", new { token, provider });
        if (known is null)
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await delivery.Session.ExecuteAsync(
            "insert into dispatch_echoes (token, delivery_id, event, at) values (@token, @Id, @Event, @now) on conflict (token, delivery_id) do nothing",
            new { token, delivery.Delivery.Id, delivery.Delivery.Event, now });
        if (known.State == DispatchState.Unconfirmed)
        {
            await delivery.Session.ExecuteAsync($"update dispatches set due_at = @now where id = @Id and state = '{DispatchState.Unconfirmed}' and due_at > @now", new { known.Id, now });
            delivery.AfterCommit(() => lanes.Kick<DispatchLane>(known.Lane));
        }

        return $"GitHub took dispatch {known.Id}";
    }

    private static string? TokenOf(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(DispatchLimits.OwnKey, out var own) && own.ValueKind == JsonValueKind.Object
            && own.TryGetProperty("dispatch", out var token) && token.ValueKind == JsonValueKind.String
            ? RunFinder.TokenIn(token.GetString())
            : null;
    }

    private sealed record Known
    {
        public long Id { get; init; }

        public string Lane { get; init; } = "";

        public string State { get; init; } = "";
    }
}
