using System.CommandLine;

namespace Switchyard.Cli.Workflow;

internal sealed class WorkflowCommand : Command
{
    public WorkflowCommand(Shell shell)
        : base("workflow", "Workflows on GitHub: start one, or write a starter file")
    {
        Add(new WorkflowRunCommand(shell));
        Add(new WorkflowInitCommand(shell));
    }
}
