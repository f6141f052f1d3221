using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Dispatch;

/// <summary>Something that is asked of one dispatch of the server.</summary>
internal sealed class DispatchActCommand : Command
{
    private DispatchActCommand(Shell shell, string name, string description, Option<bool>? choice, Func<bool, (string Path, string Would, string Done)> act)
        : base(name, description)
    {
        var id = IdArgument.Create<string>("dispatch list", prefix: 'd');
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        Add(id);
        if (choice is not null)
        {
            Add(choice);
        }

        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var dispatch = run.Get(id)!;
            var (path, would, done) = act(choice is not null && run.Get(choice));
            if (run.Get(dryRun))
            {
                run.Printer.Result(new JsonObject { ["id"] = dispatch, ["done"] = false }, $"Would {would} dispatch {dispatch}.");
                return ExitCode.Ok;
            }

            var after = await run.Server.PostAsync($"api/v1/dispatches/{dispatch}/{path}", null, cancellation);
            run.Printer.Result(after!, $"Dispatch {dispatch}: {done}.");
            run.Printer.Say($"Follow it:  {run.Terminal.Program} dispatch watch {dispatch}");
            return ExitCode.Ok;
        });
    }

    public static Command Retry(Shell shell) => new DispatchActCommand(
        shell, "retry", "Send again what was not sent: the same payload, the next attempt", null, _ => ("retry", "send again", "it is sent again"));

    public static Command Cancel(Shell shell) => new DispatchActCommand(
        shell,
        "cancel",
        "Take a dispatch back before it is sent, or stop its Run",
        new Option<bool>("--run") { Description = "Stop the Run of one that was sent" },
        ofRun => ofRun ? ("run/cancel", "stop the Run of", "its Run is being stopped") : ("cancel", "take back", "taken back, nothing was sent"));

    public static Command Rerun(Shell shell) => new DispatchActCommand(
        shell,
        "rerun",
        "Run the Run of a dispatch again",
        new Option<bool>("--failed") { Description = "Only the jobs that failed, and those that need them" },
        failed => ("run/rerun" + (failed ? "?failedOnly=true" : ""), "run again the Run of", "its Run begins again"));
}
