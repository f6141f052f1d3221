namespace Switchyard.Server.Rules;

/// <summary>
/// Opens the rules before anything works: what asks from memory whether a rule wants to know (the poll of refs, the checks of a
/// commit) would otherwise be told at the start that none does, and let go of what it has.
/// </summary>
internal sealed class OpenRules(RuleBook book) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken) => await book.OpenAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
