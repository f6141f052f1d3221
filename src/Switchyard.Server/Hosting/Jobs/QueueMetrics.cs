using System.Diagnostics.Metrics;

namespace Switchyard.Server.Hosting.Jobs;

/// <summary>How much waits in the queue of each kind of work, and for how long. Counted now and then: a reading of the gauges must not wait for the database.</summary>
internal sealed class QueueMetrics
{
    private readonly IEnumerable<LaneWorker> workers;
    private readonly TimeProvider time;
    private volatile IReadOnlyList<Measurement<long>> depths = [];
    private volatile IReadOnlyList<Measurement<double>> ages = [];

    public QueueMetrics(IMeterFactory factory, IEnumerable<LaneWorker> workers, TimeProvider time)
    {
        this.workers = workers;
        this.time = time;
        var meter = factory.Create("Switchyard.Queues");
        meter.CreateObservableGauge("switchyard.queue.depth", () => depths, description: "Work that waits, by queue.");
        meter.CreateObservableGauge("switchyard.queue.oldest_age", () => ages, "s", "How long the oldest work that is due has waited, by queue.");
    }

    public async Task CountAsync(CancellationToken cancellation)
    {
        var (counted, aged) = (new List<Measurement<long>>(), new List<Measurement<double>>());
        foreach (var worker in workers)
        {
            if (await worker.MeasureAsync(cancellation) is { } backlog)
            {
                var queue = KeyValuePair.Create<string, object?>("queue", worker.Kind);
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                counted.Add(new(backlog.Depth, queue));
                aged.Add(new(Math.Max(0, now - (backlog.Oldest ?? now)) / 1000.0, queue));
            }
        }

        (depths, ages) = (counted, aged);
    }
}
