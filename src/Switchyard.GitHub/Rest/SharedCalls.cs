namespace Switchyard.GitHub.Rest;

/// <summary>Equal reads at the same time are one call. It goes on while anybody waits for it and stops with the last.</summary>
internal sealed class SharedCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Call> calls = new(StringComparer.Ordinal);

    public async Task<ApiResponse> RunAsync(string key, Func<CancellationToken, Task<ApiResponse>> run, CancellationToken cancellation)
    {
        Call? call;
        lock (gate)
        {
            if (!calls.TryGetValue(key, out call))
            {
                call = new Call();
                calls[key] = call;
                var started = call;
                call.Task = Task.Run(() => RunToEndAsync(key, started, run), CancellationToken.None);
            }

            call.Waiters++;
        }

        try
        {
            return await call.Task!.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, call);
        }
    }

    private async Task<ApiResponse> RunToEndAsync(string key, Call call, Func<CancellationToken, Task<ApiResponse>> run)
    {
        try
        {
            return await run(call.Stop.Token);
        }
        finally
        {
            Forget(key, call);
        }
    }

    private void Leave(string key, Call call)
    {
        lock (gate)
        {
            if (--call.Waiters > 0 || call.Task!.IsCompleted)
            {
                return;
            }

            Forget(key, call);
        }

        call.Stop.Cancel();
    }

    private void Forget(string key, Call call)
    {
        lock (gate)
        {
            if (calls.TryGetValue(key, out var current) && current == call)
            {
                calls.Remove(key);
            }
        }
    }

    private sealed class Call
    {
        // Not disposed: it has no timer, and the last waiter may cancel it after the call has ended.
        public CancellationTokenSource Stop { get; } = new();

        public Task<ApiResponse>? Task { get; set; }

        public int Waiters { get; set; }
    }
}
