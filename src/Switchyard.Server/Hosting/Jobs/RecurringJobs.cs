using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
using Quartz.Extensibility;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Hosting.Jobs;

/// <summary>
/// Keeps the recurring jobs on Quartz: in its RAM store with SQLite, in its clustered store with PostgreSQL, so that of
/// several nodes one runs each, and another takes over when it dies. It is set up beside the rest of the start: the clustered
/// store takes a quarter of that, and nothing waits for it.
/// </summary>
internal sealed partial class RecurringJobs(
    IEnumerable<RecurringJob> jobs, IOptions<StorageOptions> storage, TimeProvider time, ILogger<RecurringJobs> logger) : BackgroundService
{
    private readonly Dictionary<string, RecurringJob> jobs = jobs.ToDictionary(job => job.Name, StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private StandaloneSchedulerFactory? factory;
    private IScheduler? scheduler;

    /// <summary>Why no recurring job runs on this node; null where they do, and while they are being set up: the server stops where that fails.</summary>
    public string? Trouble =>
        stopping.IsCancellationRequested || scheduler is { Status: not SchedulerStatus.Running } ? "the scheduler of recurring jobs does not run" : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SetUpAsync(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // What it was about to set up is set up by the next start; a job store tells of the cancellation in words of its own.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
        if (scheduler is not null)
        {
            await scheduler.Shutdown(true, cancellationToken);
        }

        if (factory is not null)
        {
            await factory.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        stopping.Dispose();
        base.Dispose();
    }

    private async Task SetUpAsync(CancellationToken cancellation)
    {
        factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "timers";
                options.InstanceId = Environment.MachineName + "-" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
            });
            quartz.UseJobFactory(new Factory(this));
            quartz.UseDefaultThreadPool(Math.Max(2, jobs.Count));
            quartz.UseTimeProvider(time);
            if (storage.Value.PostgreSql is { } connectionString)
            {
                quartz.UsePersistentStore(store =>
                {
                    store.ProvisionSchema();
                    store.UsePostgres(NpgsqlFactory.Instance, connectionString);
                    store.UseClustering(cluster =>
                    {
                        cluster.CheckinInterval = TimeSpan.FromSeconds(3);
                        cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(6);
                    });
                });
            }
            else
            {
                quartz.UseInMemoryStore(_ => { });
            }
        }).Build();
        var created = await factory.GetScheduler(cancellation);
        foreach (var job in jobs.Values)
        {
            var detail = JobBuilder.Create<RecurringQuartzJob>().WithIdentity(job.Name).StoreDurably().RequestRecovery().Build();
            var trigger = TriggerBuilder.Create(time).WithIdentity(job.Name).ForJob(detail)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(job.Interval).RepeatForever())
                .Build();
            await created.AddJob(detail, new AddJobOptions { Replace = true }, cancellation);
            await created.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellation);
        }

        await created.Start(cancellation);
        scheduler = created;
    }

    private sealed class Factory(RecurringJobs owner) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new RecurringQuartzJob(owner), null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    [DisallowConcurrentExecution]
    private sealed class RecurringQuartzJob(RecurringJobs owner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            // Another node of the cluster may run a version that knows a job this one does not.
            if (!owner.jobs.TryGetValue(context.JobDetail.Key.Name, out var job))
            {
                return;
            }

            try
            {
                await job.RunAsync(owner.stopping.Token);
            }
            catch (OperationCanceledException) when (owner.stopping.IsCancellationRequested)
            {
            }
            catch (Exception failure)
            {
                owner.Failed(failure, job.Name);
            }
        }
    }

    private void Failed(Exception failure, string name) => Log.JobFailed(logger, failure, name);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "RecurringJobFailed: {Job}; it runs again at its next time.", EventName = "RecurringJobFailed")]
        public static partial void JobFailed(ILogger logger, Exception failure, string job);
    }
}
