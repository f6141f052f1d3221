using Switchyard.Cli.Connection;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Run;

/// <summary>A run that is taken for the one that was started. Not probable but certain where it shows the id that was sent.</summary>
internal sealed record FoundRun(WorkflowRun Run, bool IsProbable, int Candidates);

/// <summary>Looks for the run that a dispatch started, where GitHub did not tell it.</summary>
internal sealed class RunSearch(Invocation invocation, DirectRepository repository)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // How long runs that do not show the id may be all there is before one of them is believed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public required RunQuery Query { get; init; }

    /// <summary>Who started it; null where that is not known.</summary>
    public string? Actor { get; init; }

    /// <summary>The branch or tag it was started on; null where that is not known.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether a run shows by itself that it is the one; null where none can.</summary>
    public Func<WorkflowRun, bool>? IsCertain { get; init; }

    /// <summary>Null when none was found in time.</summary>
    public async Task<FoundRun?> FindAsync(TimeSpan within, CancellationToken cancellation)
    {
        var time = invocation.Terminal.Time;
        var began = time.GetTimestamp();
        using var progress = invocation.Progress();
        while (true)
        {
            var candidates = await CandidatesAsync(cancellation);
            var elapsed = time.GetElapsedTime(began);
            if (IsCertain is not null && candidates.Find(run => IsCertain(run)) is { } certain)
            {
                return new FoundRun(certain, IsProbable: false, 1);
            }

            if (candidates is [var newest, ..] && (IsCertain is null || elapsed >= Patience || elapsed >= within))
            {
                return new FoundRun(newest, IsProbable: true, candidates.Count);
            }

            if (elapsed >= within)
            {
                return null;
            }

            progress.Report("Looking for the run");
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>The newest first. GitHub's own filters by branch and actor know neither tags nor Apps well, so that is done here.</summary>
    private async Task<List<WorkflowRun>> CandidatesAsync(CancellationToken cancellation)
    {
        try
        {
            return await repository.With("actions", "read").Actions.ListRunsAsync(repository.Owner, repository.Name, Query, cancellation)
                .Where(run => (Actor is null || run.ActorLogin is null || run.ActorLogin.Equals(Actor, StringComparison.OrdinalIgnoreCase)) && (Reference is null || run.HeadBranch is null || run.HeadBranch == Reference))
                .ToListAsync(cancellation);
        }
        catch (GitHubException passing) when (RunFollow.IsPassing(passing))
        {
            return [];
        }
    }
}
