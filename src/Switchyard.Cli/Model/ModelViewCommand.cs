using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

internal sealed class ModelViewCommand : Command
{
    public ModelViewCommand(Shell shell)
        : base("view", "One model: its facts, or its structure")
    {
        var model = new ModelReference();
        var structure = new Option<bool>("--structure") { Description = "Print containers, entities and attributes as JSON" };
        var web = new Option<bool>("--web") { Description = "Open it on GitHub" };
        model.AddTo(this);
        Add(structure);
        Add(web);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await model.ResolveAsync(run, cancellation);
            if (run.Get(structure))
            {
                run.Printer.Write(await run.Server.GetAsync($"api/v1/models/{ModelReference.IdOf(found)}/structure", cancellation));
                return ExitCode.Ok;
            }

            if (run.Get(web) && Members.At(found, "htmlUrl") is { } address)
            {
                Browser.Open(run.Terminal, new Uri(address));
                return ExitCode.Ok;
            }

            run.Printer.View(found, ModelColumns.View);
            return ExitCode.Ok;
        });
    }
}
