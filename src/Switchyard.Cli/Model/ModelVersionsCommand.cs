using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Model;

internal sealed class ModelVersionsCommand : Command
{
    public ModelVersionsCommand(Shell shell)
        : base("versions", "The versions of a model, newest first")
    {
        var model = ModelReference.Argument();
        var limit = Lists.Limit();
        Add(model);
        Add(limit);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await ModelReference.ResolveAsync(run.Server, run.Get(model)!, cancellation);
            return await Lists.ShowAsync(run, $"api/v1/models/{ModelReference.IdOf(found)}/versions", [], run.Get(limit), ModelColumns.Versions, cancellation);
        });
    }
}
