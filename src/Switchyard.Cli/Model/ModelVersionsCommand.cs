using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Model;

internal sealed class ModelVersionsCommand : Command
{
    public ModelVersionsCommand(Shell shell)
        : base("versions", "The versions of a model, newest first")
    {
        var model = new ModelReference();
        var limit = Lists.Limit();
        model.AddTo(this);
        Add(limit);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await model.ResolveAsync(run, cancellation);
            return await Lists.ShowAsync(run, $"api/v1/models/{ModelReference.IdOf(found)}/versions", [], run.Get(limit), ModelColumns.Versions, cancellation);
        });
    }
}
