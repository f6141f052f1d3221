using System.CommandLine;

namespace Switchyard.Cli.Signal;

internal sealed class SignalCommand : Command
{
    public SignalCommand(Shell shell)
        : base("signal", "What happened: pushes, tags, pull requests, releases, settled checks, changed models")
    {
        Add(new SignalListCommand(shell));
        Add(new SignalViewCommand(shell));
    }
}
