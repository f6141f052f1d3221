using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Dispatch;

internal sealed class DispatchViewCommand : Command
{
    public DispatchViewCommand(Shell shell)
        : base("view", "One dispatch of the server: what led to it, its attempts, its Run")
    {
        var id = IdArgument.Create<string>("dispatch list", prefix: 'd');
        Add(id);
        shell.Run(this, async (run, cancellation) =>
        {
            run.Printer.View((await run.Server.GetAsync("api/v1/dispatches/" + run.Get(id), cancellation))!, DispatchColumns.View);
            return ExitCode.Ok;
        });
    }
}
