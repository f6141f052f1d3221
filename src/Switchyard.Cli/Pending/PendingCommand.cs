using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Pending;

internal sealed class PendingCommand : Command
{
    public PendingCommand(Shell shell)
        : base("pending", "What rules have matched, and what waits for quiet or for checks")
    {
        Add(new PendingListCommand(shell));
        Add(View(shell));
        Add(new PendingActionCommand(shell, "now", "Do not wait for quiet any longer; checks are waited for all the same", "no longer waits for quiet"));
        Add(new PendingActionCommand(shell, "cancel", "Start nothing of what waits", "is cancelled"));
    }

    private static Command View(Shell shell)
    {
        var view = new Command("view", "One thing that waits, or waited, with the commits that went in");
        var id = IdArgument.Create<string>("pending list", prefix: 'p');
        view.Add(id);
        shell.Run(view, async (run, cancellation) =>
        {
            run.Printer.View((await run.Server.GetAsync("api/v1/pendings/" + run.Get(id), cancellation))!, PendingColumns.View);
            return ExitCode.Ok;
        });
        return view;
    }
}
