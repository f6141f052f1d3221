using System.CommandLine;

namespace Switchyard.Cli.Run;

internal sealed class RunCommand : Command
{
    public RunCommand(Shell shell)
        : base("run", "Workflow runs on GitHub, without a server")
    {
        Add(new RunViewCommand(shell));
        Add(new RunWatchCommand(shell));
        Add(new RunCancelCommand(shell));
        Add(new RunRerunCommand(shell));
    }
}
