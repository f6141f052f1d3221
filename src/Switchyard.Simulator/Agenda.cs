namespace Switchyard.Simulator;

/// <summary>What is to happen later. Everything happens at its own time and in its order, also when the clock makes a leap over several of them.</summary>
internal sealed class Agenda : IDisposable
{
    /// <summary>The time of the act under way, which is a call on one thread.</summary>
    [ThreadStatic]
    private static DateTimeOffset? acting;

    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> entries = new();
    private readonly ITimer timer;
    private long order;
    private bool firing;
    private bool disposed;

    public Agenda(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time; within an act the one it was meant for.</summary>
    public DateTimeOffset Now => acting ?? time.GetUtcNow();

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>Acts at a time; one that is over is at once, on another thread.</summary>
    public void At(DateTimeOffset due, Action act)
    {
        lock (gate)
        {
            entries.Enqueue(act, (due, ++order));
            Arm();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            entries.Clear();
        }

        timer.Dispose();
    }

    private void Fire()
    {
        lock (gate)
        {
            if (firing)
            {
                return;
            }

            firing = true;
        }

        while (Take() is var (act, due))
        {
            acting = due;
            try
            {
                act();
            }
            finally
            {
                acting = null;
            }
        }
    }

    private (Action Act, DateTimeOffset Due)? Take()
    {
        lock (gate)
        {
            // One at a time: an act that is under way may still add what comes before the next.
            if (!disposed && entries.TryPeek(out var act, out var at) && at.Due <= time.GetUtcNow())
            {
                entries.Dequeue();
                return (act, at.Due);
            }

            firing = false;
            Arm();
            return null;
        }
    }

    private void Arm()
    {
        if (!firing && !disposed && entries.TryPeek(out _, out var next))
        {
            var wait = next.Due - time.GetUtcNow();
            // At least a tick: a timer that is due at once could fire within this lock.
            timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, Timeout.InfiniteTimeSpan);
        }
    }
}
