using System.Collections.Concurrent;
using Quartz;

namespace Switchyard.Server.Hosting.Jobs;

/// <summary>
/// The lanes of one worker on Quartz's RAM store. A kick exchanges the lane's flag to 1 and schedules only if it was 0; the
/// job sets it to 0 before its first read. So no wake-up is lost and no lane ever has more than one trigger that is due. A lane that
/// asks to be drained again later has one more, beside the flag: whatever is kicked meanwhile is not kept waiting for it.
/// </summary>
internal sealed partial class LaneQueue(LaneWorker worker, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly ILogger logger = logger;
    private readonly ConcurrentDictionary<string, Entry> lanes = new(StringComparer.Ordinal);
    private StandaloneSchedulerFactory? factory;
    private IScheduler? scheduler;
    private volatile bool stopped;

    public LaneWorker Worker => worker;

    public bool IsRunning => scheduler?.Status == SchedulerStatus.Running;

    public async Task StartAsync(CancellationToken cancellation)
    {
        factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "lanes-" + worker.Kind;
                options.MaxBatchSize = worker.Concurrency;
            });
            quartz.UseInMemoryStore(options => options.MisfireThreshold = TimeSpan.FromHours(1));
            quartz.UseDefaultThreadPool(worker.Concurrency);
            quartz.UseTimeProvider(time);
        }).Build();
        scheduler = await factory.GetScheduler(cancellation);
        await scheduler.Start(cancellation);
    }

    /// <summary>Says that the lane may have work; cheap, and safe to say twice.</summary>
    public void Kick(string lane)
    {
        var entry = lanes.GetOrAdd(lane, static (name, queue) => new Entry(name, queue), this);
        if (Interlocked.Exchange(ref entry.Flag, 1) == 0)
        {
            _ = ScheduleAsync(entry, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        stopped = true;
        if (scheduler is not null)
        {
            await scheduler.Shutdown(true);
        }

        if (factory is not null)
        {
            await factory.DisposeAsync();
        }
    }

    /// <param name="entry">The lane.</param>
    /// <param name="later">When; in place of what was said so before. Null: at once.</param>
    private async Task ScheduleAsync(Entry entry, TimeSpan? later)
    {
        try
        {
            if (Interlocked.Exchange(ref entry.Added, 1) == 0)
            {
                var job = JobBuilder.Create<LaneJob>().WithIdentity(entry.Key).StoreDurably().Build();
                job.JobDataMap[LaneJob.Lane] = entry;
                await scheduler!.AddJob(job, new AddJobOptions { Replace = true });
                entry.Ready.SetResult();
            }

            await entry.Ready.Task;
            var trigger = TriggerBuilder.Create(time).ForJob(entry.Key).StartAt(time.GetUtcNow() + (later ?? TimeSpan.Zero));
            if (later is null)
            {
                await scheduler!.ScheduleJob(trigger.Build());
            }
            else if (await scheduler!.RescheduleJob(entry.Later, trigger.WithIdentity(entry.Later).Build()) is null)
            {
                await scheduler.ScheduleJob(trigger.WithIdentity(entry.Later).Build());
            }
        }
        catch (SchedulerException) when (stopped)
        {
            // The rows are there for the next start.
        }
        catch (Exception failure)
        {
            // The sweep finds the lane again; the flag must let it through.
            if (later is null)
            {
                Volatile.Write(ref entry.Flag, 0);
            }

            Log.NotScheduled(logger, failure, worker.Kind, entry.Lane);
        }
    }

    internal sealed class Entry(string lane, LaneQueue queue)
    {
        public readonly JobKey Key = new(lane);
        public readonly TriggerKey Later = new(lane, "later");
        public readonly TaskCompletionSource Ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Flag;
        public int Added;

        public string Lane => lane;

        public async Task DrainAsync(CancellationToken cancellation)
        {
            Interlocked.Exchange(ref Flag, 0);
            TimeSpan? again;
            try
            {
                again = await queue.Worker.DrainAsync(lane, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.LaneFailed(queue.logger, failure, queue.Worker.Kind, lane);
                return;
            }

            if (again is { } delay)
            {
                await queue.ScheduleAsync(this, delay);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "LaneNotScheduled: {Kind} lane {Lane}; the sweep comes by again.", EventName = "LaneNotScheduled")]
        public static partial void NotScheduled(ILogger logger, Exception failure, string kind, string lane);

        [LoggerMessage(2, LogLevel.Error, "LaneFailed: {Kind} lane {Lane}; the sweep comes by again.", EventName = "LaneFailed")]
        public static partial void LaneFailed(ILogger logger, Exception failure, string kind, string lane);
    }
}
