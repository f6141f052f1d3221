using System.CommandLine;

namespace Switchyard.Cli.Dispatch;

internal sealed class DispatchCommand : Command
{
    public DispatchCommand(Shell shell)
        : base("dispatch", "Events that start workflows in other repositories") =>
        Add(new DispatchSendCommand(shell));
}
