using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Model;

internal sealed class ModelSearchCommand : Command
{
    public ModelSearchCommand(Shell shell)
        : base("search", "Find models by the names of models, entities and attributes")
    {
        var text = new Argument<string>("text") { Description = "What to look for" };
        text.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && string.IsNullOrWhiteSpace(given.Value))
            {
                result.AddError("Say what to look for: a name, or a part of one");
            }
        });
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Add(text);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) =>
            Lists.ShowAsync(run, "api/v1/models/search", [new("q", run.Get(text)), new("provider", run.Get(provider))], run.Get(limit), ModelColumns.Hits, cancellation));
    }
}
