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
        var known = await delivery.Session.FirstAsync<Dispatch>($"select {DispatchStore.Columns} from dispatches d where d.token = @token and d.provider_id = @provider", new { token, provider });
        if (known is null)
        {
            return null;
        }

        await KeepAsync(delivery, lanes, known, time.GetUtcNow());
        return $"GitHub took dispatch {known.Id}";
    }

    /// <summary>Keeps that GitHub told of the Dispatch, and has one that is being looked for found at once.</summary>
    public static async Task KeepAsync(DeliveryContext delivery, Lanes lanes, Dispatch dispatch, DateTimeOffset now)
    {
        await delivery.Session.ExecuteAsync(
            "insert into dispatch_echoes (token, delivery_id, event, at) values (@Token, @Id, @Event, @at) on conflict (token, delivery_id) do nothing",
            new { dispatch.Token, delivery.Delivery.Id, delivery.Delivery.Event, at = now.ToUnixTimeMilliseconds() });
        if (dispatch.State == DispatchState.Unconfirmed)
        {
            await delivery.Session.ExecuteAsync(
                $"update dispatches set due_at = @at where id = @Id and state = '{DispatchState.Unconfirmed}' and due_at > @at", new { dispatch.Id, at = now.ToUnixTimeMilliseconds() });
            delivery.AfterCommit(() => lanes.Kick<DispatchLane>(dispatch.Lane));
        }
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
}
