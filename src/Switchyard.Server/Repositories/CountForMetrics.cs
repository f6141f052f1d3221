using Switchyard.Server.Models;

namespace Switchyard.Server.Repositories;

/// <summary>Counts repositories and models for the gauges of this node, once a minute.</summary>
internal sealed partial class CountForMetrics(RepositoryMetrics repositories, ModelMetrics models, TimeProvider time, ILogger<CountForMetrics> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await repositories.CountAsync(stoppingToken);
                await models.CountAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.NotCounted(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "NotCounted: the gauges of repositories and models keep their last figures.", EventName = "NotCounted")]
        public static partial void NotCounted(ILogger logger, Exception failure);
    }
}
