using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary><c>--wait --timeout 5m</c>: follows long work on the server until it has ended.</summary>
internal sealed class OperationWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public Option<bool> Wait { get; } = new("--wait") { Description = "Wait until it has ended" };

    public Option<string?> Timeout { get; } = Durations.Option("--timeout", "How long to wait, e.g. 30s, 5m, 1h", "10m");

    public void AddTo(Command command)
    {
        command.Add(Wait);
        command.Add(Timeout);
    }

    /// <summary>The operation as it was when it ended.</summary>
    /// <exception cref="CommandProblem">It failed, was cancelled, or still ran when the time was over.</exception>
    public async Task<JsonObject> FollowAsync(Invocation run, string id, CancellationToken cancellation)
    {
        var limit = Durations.Parse(run.Get(Timeout)!);
        var began = run.Terminal.Time.GetTimestamp();
        using var progress = run.Progress();
        try
        {
            while (true)
            {
                var operation = (JsonObject)(await run.Server.GetAsync("api/v1/operations/" + id, cancellation))!;
                var state = Members.At(operation, "state") ?? "Unknown";
                if (state is not ("Queued" or "Running"))
                {
                    return Ended(operation, id, state);
                }

                var stage = Members.At(operation, "progress.stage") ?? state;
                progress.Report(stage, Members.Number(operation, "progress.done"), Members.Number(operation, "progress.total"));
                if (run.Terminal.Time.GetElapsedTime(began) > limit)
                {
                    throw new CommandProblem(
                        ExitCode.TimedOut,
                        "StillRunning",
                        $"Operation {id} was still {state} after {Durations.Show(limit)}. It goes on in the server.",
                        new NextStep("Follow it", Command: $"switchyard api GET /api/v1/operations/{id}"),
                        new NextStep("Cancel it", Command: $"switchyard api POST /api/v1/operations/{id}/cancel"));
                }

                await Task.Delay(Pause, run.Terminal.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new CommandProblem(
                ExitCode.Usage,
                "Detached",
                $"No longer waiting for operation {id}; it goes on in the server.",
                new NextStep("Follow it", Command: $"switchyard api GET /api/v1/operations/{id}"),
                new NextStep("Cancel it", Command: $"switchyard api POST /api/v1/operations/{id}/cancel"));
        }
    }

    private static JsonObject Ended(JsonObject operation, string id, string state) => state switch
    {
        "Failed" => throw new CommandProblem(
            ExitCode.FromOperation(Members.At(operation, "errorCode")),
            Members.At(operation, "errorCode") ?? "Failed",
            Members.At(operation, "error") ?? $"Operation {id} failed.",
            ProblemReader.NextSteps(operation)),
        "Cancelled" => throw new CommandProblem(ExitCode.Usage, "Cancelled", $"Operation {id} was cancelled."),
        _ => operation,
    };
}
