namespace Switchyard.Server.Hosting.Jobs;

/// <summary>
/// The lanes of every worker: <see cref="Kick"/> after a commit, and a sweep at start and every few seconds that kicks each
/// lane with due rows.
/// </summary>
public sealed partial class Lanes(IServiceProvider services, TimeProvider time, ILogger<Lanes> logger) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LateSweep = TimeSpan.FromSeconds(30);

    private Dictionary<Type, LaneQueue> queues = [];
    private long lastSweep;

    /// <summary>Why work is not done on this node, or null where it is: every scheduler runs, and the sweep comes by.</summary>
    public string? Trouble
    {
        get
        {
            var stopped = queues.Values.Where(queue => !queue.IsRunning).Select(queue => queue.Worker.Kind).ToList();
            var since = time.GetElapsedTime(Volatile.Read(ref lastSweep));
            return queues.Count == 0 ? "not started"
                : stopped.Count > 0 ? $"the scheduler of {string.Join(", ", stopped)} does not run"
                : since > LateSweep ? $"the last sweep for due work was {since.TotalSeconds:0} s ago"
                : null;
        }
    }

    /// <summary>
    /// Says that a lane of the worker may have work. To be called after the commit that made the work; before the start and
    /// after the stop it does nothing, and the sweep finds the rows.
    /// </summary>
    public void Kick<TWorker>(string lane)
        where TWorker : LaneWorker
    {
        if (queues.TryGetValue(typeof(TWorker), out var queue))
        {
            queue.Kick(lane);
        }
    }

    /// <summary>The same for a worker of a higher feature, which is known by its kind only.</summary>
    public void Kick(string kind, string lane) => queues.Values.FirstOrDefault(queue => queue.Worker.Kind == kind)?.Kick(lane);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Workers are asked for late: they, and the handlers they hold, may kick lanes themselves.
        var started = services.GetServices<LaneWorker>().Where(worker => worker.Concurrency > 0).ToDictionary(worker => worker.GetType(), worker => new LaneQueue(worker, time, logger));
        foreach (var queue in started.Values)
        {
            await queue.StartAsync(cancellationToken);
        }

        Volatile.Write(ref lastSweep, time.GetTimestamp());
        queues = started;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var stopped = queues;
        queues = [];
        foreach (var queue in stopped.Values)
        {
            await queue.DisposeAsync();
        }
    }

    /// <summary>Kicks every lane that has due rows.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var queue in queues.Values)
        {
            try
            {
                foreach (var lane in await queue.Worker.FindDueLanesAsync(cancellation))
                {
                    queue.Kick(lane);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.SweepFailed(logger, failure, queue.Worker.Kind);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            do
            {
                await SweepAsync(stoppingToken);
                Volatile.Write(ref lastSweep, time.GetTimestamp());
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "SweepFailed: the due lanes of {Kind} could not be read; the next sweep tries again.", EventName = "SweepFailed")]
        public static partial void SweepFailed(ILogger logger, Exception failure, string kind);
    }
}
