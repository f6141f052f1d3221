namespace Switchyard.Server.Rules;

/// <summary>
/// Opens the rules before anything works, and again while it does: what asks from memory whether a rule wants to know (the poll of
/// refs, the checks of a commit) would otherwise be told that none does, at the start or after another node has loaded a file, and let
/// go of what it has.
/// </summary>
internal sealed partial class OpenRules(RuleBook book, TimeProvider time, ILogger<OpenRules> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken) => await book.OpenAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await book.OpenAsync(stoppingToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    Log.NotOpened(logger, failure);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "RulesNotOpened: whether other nodes have loaded rules could not be read; it is asked again.", EventName = "RulesNotOpened")]
        public static partial void NotOpened(ILogger logger, Exception failure);
    }
}
