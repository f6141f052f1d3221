namespace Switchyard.Tests.Infrastructure;

/// <summary>
/// A clock that moves only when told. Timers (and so <c>Task.Delay</c>, time-outs, periodic timers) fire in order while
/// it is advanced; <see cref="NextTimerAsync"/> lets a test wait for the code under test to start waiting.
/// </summary>
public sealed class FakeTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private readonly DateTimeOffset start = start;
    private readonly List<(Func<FakeTimer, bool> Wanted, TaskCompletionSource<TimeSpan> Waiter)> waiters = [];
    private DateTimeOffset now = start;

    public FakeTime()
        : this(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait to fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate)
            {
                return timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - start).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on; timers that become due fire one by one, each at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Sets the wall clock without firing anything, as a correction of the machine's clock does.</summary>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (gate)
        {
            now = value;
        }
    }

    /// <summary>
    /// Completes as soon as a timer waits that is due in no more than <paramref name="atMost"/> (default: any), with the
    /// time it has left; with <paramref name="once"/> one that comes round is not looked at.
    /// </summary>
    public Task<TimeSpan> NextTimerAsync(TimeSpan? atMost = null, bool once = false)
    {
        lock (gate)
        {
            bool Wanted(FakeTimer timer) => (atMost is null || timer.Due - now <= atMost) && !(once && timer.Period > TimeSpan.Zero);
            if (timers.Where(Wanted).MinBy(timer => timer.Due) is { } ready)
            {
                return Task.FromResult(ready.Due - now);
            }

            var waiter = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((Wanted, waiter));
            return waiter.Task;
        }
    }

    /// <summary>Waits for a timer as <see cref="NextTimerAsync"/> does, moves the clock to it, and says how far that was.</summary>
    public async Task<TimeSpan> AdvanceToNextTimerAsync(TimeSpan? atMost = null)
    {
        var left = await NextTimerAsync(atMost);
        Advance(left);
        return left;
    }

    private FakeTimer? TakeDue(DateTimeOffset end)
    {
        lock (gate)
        {
            var due = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (due is null)
            {
                now = end > now ? end : now;
                return null;
            }

            now = due.Due > now ? due.Due : now;
            timers.Remove(due);
            if (due.Period > TimeSpan.Zero)
            {
                due.Due = now + due.Period;
                timers.Add(due);
            }

            return due;
        }
    }

    private void Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == TimeSpan.Zero)
        {
            // Due at once needs no clock: real timers fire it from the pool too.
            ThreadPool.QueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
            dueTime = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
        }

        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = now + dueTime;
            timer.Period = period;
            timers.Add(timer);
            foreach (var waiting in waiters.Where(waiting => waiting.Wanted(timer)).ToList())
            {
                waiters.Remove(waiting);
                waiting.Waiter.TrySetResult(dueTime);
            }
        }
    }

    private void Remove(FakeTimer timer)
    {
        lock (gate)
        {
            timers.Remove(timer);
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (disposed)
            {
                return false;
            }

            time.Schedule(this, dueTime, period);
            return true;
        }

        public void Dispose()
        {
            disposed = true;
            time.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
