using System.CommandLine;

namespace Switchyard.Cli.Model;

internal sealed class ModelCommand : Command
{
    public ModelCommand(Shell shell)
        : base("model", "The models of the hub and their versions")
    {
        Add(new ModelListCommand(shell));
        Add(new ModelSearchCommand(shell));
        Add(new ModelViewCommand(shell));
        Add(new ModelVersionsCommand(shell));
        Add(new ModelPullCommand(shell));
        Add(new ModelDiffCommand(shell));
    }
}
