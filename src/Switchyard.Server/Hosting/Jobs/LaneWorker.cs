namespace Switchyard.Server.Hosting.Jobs;

/// <summary>
/// Works off rows of one kind, lane by lane: in order within a lane, lanes in parallel. The rows are the truth; a kick only
/// says that a lane may have work.
/// </summary>
public abstract class LaneWorker
{
    /// <summary>The kind of work, for logs and metrics: <c>deliveries</c>, <c>syncs</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Lanes that may run at once on this node; 0: none.</summary>
    public abstract int Concurrency { get; }

    /// <summary>
    /// Works off what is due in the lane. Gives null when nothing is left, or the time after which to come again: because
    /// another node holds the lane, or because more was due than one turn takes.
    /// </summary>
    public abstract Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation);

    /// <summary>The lanes with work that is due now: what the sweep kicks, so that a lost kick costs seconds, never work.</summary>
    public abstract Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation);

    /// <summary>What waits in all lanes, for the gauges; null where that is not worth one.</summary>
    public virtual Task<Backlog?> MeasureAsync(CancellationToken cancellation) => Task.FromResult<Backlog?>(null);
}

/// <summary>How much work waits, and since when the oldest of it might have been done; UTC milliseconds, null where nothing waits.</summary>
public sealed record Backlog
{
    public long Depth { get; init; }

    public long? Oldest { get; init; }
}
