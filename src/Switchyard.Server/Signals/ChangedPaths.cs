using Switchyard.Rules;
namespace Switchyard.Server.Signals;
internal sealed record PathsAnswer(IReadOnlyList<string>? Paths, string? Problem, bool IsPassing);
internal sealed class ChangedPaths(TimeProvider time)
{
    public Task<PathsAnswer> ReadAsync(long providerId, SignalFacts facts, CancellationToken cancellation) => Task.FromResult(new PathsAnswer(null, facts.Kind + providerId + time, !cancellation.IsCancellationRequested));
}
