using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Models;
using Switchyard.Server.Providers;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Repositories;

/// <summary>Counts what is in the database for the gauges of this node, once a minute.</summary>
internal sealed partial class CountForMetrics(
    QueueMetrics queues, WebhookMetrics deliveries, ProviderMetrics providers, RepositoryMetrics repositories, ModelMetrics models, TimeProvider time, ILogger<CountForMetrics> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await CountAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.NotCounted(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task CountAsync(CancellationToken cancellation)
    {
        await queues.CountAsync(cancellation);
        await deliveries.CountAsync(cancellation);
        await providers.CountAsync(cancellation);
        await repositories.CountAsync(cancellation);
        await models.CountAsync(cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "NotCounted: the gauges keep their last figures.", EventName = "NotCounted")]
        public static partial void NotCounted(ILogger logger, Exception failure);
    }
}
