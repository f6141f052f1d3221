namespace Switchyard.Server.Hosting.Jobs;

/// <summary>
/// Work that comes round by the clock and runs once in the cluster: a poll, a walk of the delivery log, retention. It runs at
/// start, too.
/// </summary>
public abstract class RecurringJob
{
    /// <summary>Names the job in Quartz and in the logs; stable across versions.</summary>
    public abstract string Name { get; }

    public abstract TimeSpan Interval { get; }

    public abstract Task RunAsync(CancellationToken cancellation);
}
