using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Dispatch;

/// <summary>Follows a dispatch of the server to the end of its Run.</summary>
internal sealed class DispatchWatchCommand : Command
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public DispatchWatchCommand(Shell shell)
        : base("watch", "Follow a dispatch of the server to the end of its Run")
    {
        var id = IdArgument.Create<string>("dispatch list", prefix: 'd');
        var timeout = Durations.Option("--timeout", "How long to wait, e.g. 90s, 30m, 2h", "30m");
        Add(id);
        Add(timeout);
        shell.Run(this, async (run, cancellation) =>
        {
            var ended = await FollowAsync(run, run.Get(id)!, Durations.Parse(run.Get(timeout)!), cancellation);
            run.Printer.View(ended, DispatchColumns.View);
            return Members.At(ended, "dispatch.run.conclusion") == "success" ? ExitCode.Ok : ExitCode.Failure;
        });
    }

    private static async Task<JsonNode> FollowAsync(Invocation run, string id, TimeSpan limit, CancellationToken cancellation)
    {
        var began = run.Terminal.Time.GetTimestamp();
        using var progress = run.Progress();
        try
        {
            while (true)
            {
                var seen = (await run.Server.GetAsync("api/v1/dispatches/" + id, cancellation))!;
                if (HasEnded(seen))
                {
                    return seen;
                }

                var state = $"{Members.At(seen, "dispatch.state")}{(DispatchColumns.RunOf(seen["dispatch"]) is { } of ? $", Run {of}" : "")}";
                if (run.Terminal.Time.GetElapsedTime(began) >= limit)
                {
                    throw new CommandProblem(
                        ExitCode.TimedOut, "StillRunning", $"Dispatch {id} was still {state} after {Durations.Show(limit)}. It goes on by itself.", new NextStep("Follow it", Command: $"switchyard dispatch watch {id}"));
                }

                progress.Report(state);
                await Task.Delay(Pause, run.Terminal.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new CommandProblem(
                ExitCode.Usage,
                "Detached",
                $"No longer waiting for dispatch {id}; it goes on by itself.",
                new NextStep("Follow it", Command: $"switchyard dispatch watch {id}"),
                new NextStep("Stop its Run", Command: $"switchyard dispatch cancel {id} --run"));
        }
    }

    /// <summary>Its Run has ended, or it is known that there will be none.</summary>
    private static bool HasEnded(JsonNode seen) => Members.At(seen, "dispatch.state") switch
    {
        "Sent" => Members.At(seen, "dispatch.run.status") == "completed" || Members.At(seen, "dispatch.run.match") == "NoListener",
        "Failed" or "Cancelled" or "Dead" or "Suppressed" => true,
        _ => false,
    };
}
