using System.CommandLine;
using System.Globalization;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Run;

/// <summary>Follows a run to its end. It goes on at GitHub, whatever becomes of the one who watches.</summary>
internal static class RunFollow
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    // A new run is not seen by all of GitHub's servers at once.
    private static readonly TimeSpan UnseenFor = TimeSpan.FromSeconds(30);

    public static Option<string?> TimeoutOption() => Durations.Option("--timeout", "How long to wait, e.g. 90s, 30m, 2h", "30m");

    /// <summary>The run as it was when it had ended.</summary>
    /// <exception cref="CommandProblem">It still ran when the time was over, or nobody waits any longer.</exception>
    public static async Task<WorkflowRun> ToEndAsync(Invocation invocation, DirectRepository repository, long runId, TimeSpan limit, CancellationToken cancellation)
    {
        var time = invocation.Terminal.Time;
        var began = time.GetTimestamp();
        var pause = FirstPause;
        var status = "unknown";
        using var progress = invocation.Progress();
        try
        {
            while (true)
            {
                var run = await ReadAsync(repository, runId, cancellation);
                if (run is { IsCompleted: true })
                {
                    return run;
                }

                var elapsed = time.GetElapsedTime(began);
                status = run?.Status ?? status;
                if (run is null && status == "unknown" && elapsed >= UnseenFor)
                {
                    throw CommandProblem.NotFound($"{repository.FullName} has no run {runId}, or it cannot be seen with these credentials.");
                }

                if (elapsed >= limit)
                {
                    throw new CommandProblem(
                        ExitCode.TimedOut, "StillRunning", $"Run {runId} of {repository.FullName} was still {status} after {Durations.Show(limit)}. It goes on at GitHub.", NextSteps(repository, runId));
                }

                progress.Report($"{run?.Name ?? "Run"} {runId}: {status}");
                await Task.Delay(pause < limit - elapsed ? pause : limit - elapsed, time, cancellation);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new CommandProblem(ExitCode.Usage, "Detached", $"No longer waiting for run {runId} of {repository.FullName}; it goes on at GitHub.", NextSteps(repository, runId));
        }
    }

    /// <summary>Prints how it ended, and gives the exit code for it.</summary>
    public static async Task<int> EndAsync(Invocation invocation, DirectRepository repository, WorkflowRun run, Action print, CancellationToken cancellation)
    {
        print();
        var took = run is { RunStartedAt: { } start, UpdatedAt: { } end } && end > start ? $" after {Durations.Show(end - start)}" : "";
        invocation.Printer.Say($"Run {run.Id} of {repository.FullName} ended with {run.Conclusion}{took}.{await FailedJobsAsync(repository, run, cancellation)}");
        return run.Conclusion == "success" ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <summary>A failure that ends by itself: worth to go on asking.</summary>
    public static bool IsPassing(GitHubException error) =>
        error.Kind is GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Server or GitHubErrorKind.RateLimited or GitHubErrorKind.Protocol;

    private static async Task<WorkflowRun?> ReadAsync(DirectRepository repository, long runId, CancellationToken cancellation)
    {
        try
        {
            return await repository.Api.Actions.GetRunAsync(repository.Owner, repository.Name, runId, cancellation);
        }
        catch (GitHubException passing) when (IsPassing(passing))
        {
            return null;
        }
    }

    private static async Task<string> FailedJobsAsync(DirectRepository repository, WorkflowRun run, CancellationToken cancellation)
    {
        if (run.Conclusion is "success" or "cancelled" or "skipped")
        {
            return "";
        }

        try
        {
            var failed = await repository.Api.Actions.ListJobsAsync(repository.Owner, repository.Name, run.Id, cancellation)
                .Where(job => job.Conclusion is "failure" or "timed_out" or "startup_failure").Take(10).Select(job => job.Name).ToListAsync(cancellation);
            return failed.Count == 0 ? "" : $" Failed: {string.Join(", ", failed)}.";
        }
        catch (GitHubException)
        {
            // How it ended is known; which job it was is on its page.
            return "";
        }
    }

    private static NextStep[] NextSteps(DirectRepository repository, long runId)
    {
        var id = runId.ToString(CultureInfo.InvariantCulture);
        return
        [
            new NextStep("Follow it", Command: $"switchyard run watch {repository.FullName} {id}"),
            new NextStep("Cancel it", Command: $"switchyard run cancel {repository.FullName} {id}"),
            new NextStep("Open it", Href: repository.Page($"actions/runs/{id}")),
        ];
    }
}
