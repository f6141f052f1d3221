namespace Switchyard.Simulator.Deliveries;

/// <summary>Counts what is going on, and tells when nothing is.</summary>
internal sealed class Activity
{
    private readonly Lock gate = new();
    private int count;
    private TaskCompletionSource? idle;

    public void Enter()
    {
        lock (gate)
        {
            count++;
        }
    }

    public void Leave()
    {
        TaskCompletionSource? done = null;
        lock (gate)
        {
            if (--count == 0)
            {
                done = idle;
                idle = null;
            }
        }

        done?.TrySetResult();
    }

    public IDisposable Begin()
    {
        Enter();
        return new Scope(this);
    }

    public Task IdleAsync()
    {
        lock (gate)
        {
            return count == 0 ? Task.CompletedTask : (idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private sealed class Scope(Activity activity) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                activity.Leave();
            }
        }
    }
}
