using Quartz;

namespace Switchyard.Server.Hosting.Jobs;

/// <summary>The Quartz job of one lane: never two at once, so a lane's rows are worked off in order.</summary>
[DisallowConcurrentExecution]
internal sealed class LaneJob : IJob
{
    public const string Lane = "lane";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await ((LaneQueue.Entry)context.MergedJobDataMap[Lane]!).DrainAsync(cancellationToken);
}
