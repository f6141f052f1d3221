namespace Switchyard.Simulator.Deliveries;

/// <summary>Deliveries kept back by <c>deliveries.delay</c> (until their time) or <c>deliveries.shuffle</c> (until the window is full).</summary>
internal sealed class HeldDeliveries : IDisposable
{
    private readonly World world;
    private readonly Action<OutboundEvent> release;
    private readonly Lock gate = new();
    private readonly List<(OutboundEvent Event, DateTimeOffset Due)> delayed = [];
    private readonly List<OutboundEvent> window = [];
    private readonly ITimer timer;

    public HeldDeliveries(World world, Action<OutboundEvent> release)
    {
        this.world = world;
        this.release = release;
        timer = world.Options.Time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return delayed.Count + window.Count;
            }
        }
    }

    public bool TryHold(OutboundEvent outbound)
    {
        var delay = world.Faults.Find("deliveries.delay");
        var shuffle = world.Faults.Find("deliveries.shuffle");
        lock (gate)
        {
            if (delay is not null)
            {
                var now = world.Options.Time.GetUtcNow();
                var seconds = delay.Between(delay.Number("min", 60), delay.Number("max", delay.Number("min", 60)));
                delayed.Add((outbound with { ThrottledAt = now }, now.AddSeconds(seconds)));
                Arm();
                return true;
            }

            if (shuffle is null)
            {
                return false;
            }

            window.Add(outbound);
            while (window.Count >= shuffle.Int("window", 16))
            {
                var at = shuffle.Below(window.Count);
                release(window[at]);
                window.RemoveAt(at);
            }

            return true;
        }
    }

    public int ReleaseAll()
    {
        lock (gate)
        {
            var released = delayed.Count + window.Count;
            foreach (var (held, _) in delayed.OrderBy(entry => entry.Due))
            {
                release(held);
            }

            delayed.Clear();
            var shuffle = world.Faults.Find("deliveries.shuffle");
            while (window.Count > 0)
            {
                var at = shuffle?.Below(window.Count) ?? 0;
                release(window[at]);
                window.RemoveAt(at);
            }

            return released;
        }
    }

    public void Dispose() => timer.Dispose();

    private void ReleaseDue()
    {
        lock (gate)
        {
            var now = world.Options.Time.GetUtcNow();
            foreach (var entry in delayed.Where(entry => entry.Due <= now).OrderBy(entry => entry.Due).ToArray())
            {
                delayed.Remove(entry);
                release(entry.Event);
            }

            Arm();
        }
    }

    private void Arm()
    {
        if (delayed.Count > 0)
        {
            var wait = delayed.Min(entry => entry.Due) - world.Options.Time.GetUtcNow();
            timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }
}
