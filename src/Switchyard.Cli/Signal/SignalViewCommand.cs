using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Signal;

internal sealed class SignalViewCommand : Command
{
    public SignalViewCommand(Shell shell)
        : base("view", "One signal with the facts that rules are held against")
    {
        var id = IdArgument.Create<string>("signal list", prefix: 's');
        Add(id);
        shell.Run(this, async (run, cancellation) =>
        {
            run.Printer.View((await run.Server.GetAsync("api/v1/signals/" + run.Get(id), cancellation))!, SignalColumns.View);
            return ExitCode.Ok;
        });
    }
}
