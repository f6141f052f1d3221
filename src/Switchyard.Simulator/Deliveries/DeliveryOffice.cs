using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Switchyard.Simulator.Deliveries;

/// <summary>
/// Sends what happened, to each hook one after the other in order, unless a switch holds, shuffles, copies or drops it.
/// Nothing here sleeps: held deliveries are released by the clock or by <see cref="Tick"/>.
/// </summary>
internal sealed class DeliveryOffice : IAsyncDisposable
{
    /// <summary>Larger payloads are never sent, nor logged (docs: webhook events and payloads).</summary>
    public const int MaxPayload = 25 * 1024 * 1024;

    private readonly World world;
    private readonly ConcurrentDictionary<long, Queue> queues = new();
    private readonly ConcurrentDictionary<string, bool> sentOnce = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly Activity activity = new();
    private readonly DeliverySender sender;

    public DeliveryOffice(World world)
    {
        this.world = world;
        Log = new DeliveryLog(world);
        Events = new EventSource(world);
        Held = new HeldDeliveries(world, Ready);
        sender = new DeliverySender(world);
    }

    public DeliveryLog Log { get; }

    public EventSource Events { get; }

    public HeldDeliveries Held { get; }

    /// <summary>Marks work that will end in deliveries, so that <see cref="IdleAsync"/> waits for it.</summary>
    public IDisposable Busy() => activity.Begin();

    /// <summary>Completes when nothing is being sent or about to be; held deliveries do not count.</summary>
    public Task IdleAsync(CancellationToken cancellationToken) => activity.IdleAsync().WaitAsync(cancellationToken);

    /// <summary>Takes an event in; the switches of the table "Deliveries" act here.</summary>
    public void Post(OutboundEvent outbound)
    {
        var oversize = world.Faults.Find("deliveries.oversize");
        var largest = oversize is not null && (oversize.Text("event") ?? "push") == outbound.Event ? oversize.Int("bytes", 0) : MaxPayload;
        if (outbound.Payload.Length > largest)
        {
            return;
        }

        if (world.Faults.IsOn("deliveries.sparse"))
        {
            outbound = outbound with { Payload = Payloads.Sparse(outbound.Payload) };
        }

        if (!outbound.Extra && world.Faults.Find("deliveries.unknownEvent") is { } unknown && unknown.Happens())
        {
            Post(Payloads.Unknown(outbound));
        }

        if (!Held.TryHold(outbound))
        {
            Ready(outbound);
        }
    }

    public void Redeliver(DeliveryAttempt attempt) => Ready(attempt.Event with { Redelivery = true });

    /// <summary>Releases everything that is held.</summary>
    public int Tick() => Held.ReleaseAll();

    public async ValueTask DisposeAsync()
    {
        Held.Dispose();
        await stopping.CancelAsync();
        foreach (var queue in queues.Values)
        {
            queue.Events.Writer.TryComplete();
            await queue.Sending.Value;
        }

        sender.Dispose();
        stopping.Dispose();
    }

    private void Ready(OutboundEvent outbound)
    {
        activity.Enter();
        // A hook that is slow to answer must not hold up another.
        var queue = queues.GetOrAdd(outbound.Hook.Id, _ =>
        {
            var events = Channel.CreateUnbounded<OutboundEvent>();
            return new Queue(events, new Lazy<Task>(() => Task.Run(() => SendAllAsync(events.Reader))));
        });
        _ = queue.Sending.Value;
        if (!queue.Events.Writer.TryWrite(outbound))
        {
            activity.Leave();
        }
    }

    private async Task SendAllAsync(ChannelReader<OutboundEvent> events)
    {
        var running = new List<Task>();
        try
        {
            await foreach (var outbound in events.ReadAllAsync(stopping.Token))
            {
                running.RemoveAll(task => task.IsCompleted);
                var parallel = world.Faults.Find("deliveries.parallel")?.Int("count", 16) ?? 1;
                running.Add(SendAsync(outbound));
                while (running.Count >= parallel)
                {
                    running.Remove(await Task.WhenAny(running));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator is being stopped; what is still queued was never sent, as in an outage.
        }

        await Task.WhenAll(running);
    }

    private async Task SendAsync(OutboundEvent outbound)
    {
        try
        {
            if (Pretend(outbound))
            {
                return;
            }

            var copies = world.Faults.Find("deliveries.duplicate") is { } duplicate && !outbound.Redelivery && duplicate.Happens() ? duplicate : null;
            var sends = Enumerable.Range(0, copies?.Int("copies", 2) ?? 1).Select(_ => (Func<Task>)(() => sender.SendAsync(outbound, stopping.Token)));
            if (copies?.Flag("concurrent") == true)
            {
                await Task.WhenAll(sends.Select(send => send()));
                return;
            }

            foreach (var send in sends)
            {
                await send();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped in the middle of an attempt.
        }
        finally
        {
            activity.Leave();
        }
    }

    /// <summary>Attempts that a switch invents: dropped ones, and failures before the one that works.</summary>
    private bool Pretend(OutboundEvent outbound)
    {
        var first = sentOnce.TryAdd(outbound.Guid + outbound.Hook.Id, true);
        if (first && world.Faults.Find("deliveries.drop") is { } drop && drop.ConcernsEvent(outbound.Event) && drop.Happens())
        {
            Invent(outbound, "timed out", 504, listed: drop.Flag("logged", otherwise: true));
            return true;
        }

        for (var failed = first ? world.Faults.Find("deliveries.manyAttempts")?.Int("count", 2) ?? 0 : 0; failed > 0; failed--)
        {
            Invent(outbound, "Invalid HTTP Response: 503", 503, listed: true);
        }

        return false;
    }

    private void Invent(OutboundEvent outbound, string status, int code, bool listed) =>
        Log.Add(new DeliveryAttempt(Log.NextId(), outbound, world.Clock.Now, outbound.Hook.Url)
        {
            Status = status,
            StatusCode = code,
            Sent = false,
            Listed = listed,
        });

    private sealed record Queue(Channel<OutboundEvent> Events, Lazy<Task> Sending);
}
