using System.CommandLine;

namespace Switchyard.Cli.Dispatch;

internal sealed class DispatchCommand : Command
{
    public DispatchCommand(Shell shell)
        : base("dispatch", "What rules have started in other repositories; and events that are sent by hand")
    {
        Add(new DispatchListCommand(shell));
        Add(new DispatchViewCommand(shell));
        Add(new DispatchWatchCommand(shell));
        Add(DispatchActCommand.Retry(shell));
        Add(DispatchActCommand.Cancel(shell));
        Add(DispatchActCommand.Rerun(shell));
        Add(new DispatchSendCommand(shell));
    }
}
