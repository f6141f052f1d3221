using System.CommandLine;
using Switchyard.Catalog;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Models;

namespace Switchyard.Cli.Model;

internal sealed class ModelListCommand : Command
{
    public ModelListCommand(Shell shell)
        : base("list", "Models with format, versions and size")
    {
        var query = new Option<string?>("--query") { Description = "Part of the name of the model, an entity, an attribute or the repository", HelpName = "TEXT" };
        var format = WordOption.Create("--format", ModelFormat.All, helpName: "FORMAT");
        var provider = Lists.Provider();
        var repository = new Option<string?>("--repo") { Description = "owner/name", HelpName = "R" };
        var state = WordOption.Create("--state", [.. ModelState.All, "all"], "Default Active; ");
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(query);
        Add(format);
        Add(provider);
        Add(repository);
        Add(state);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/models",
            [new("q", run.Get(query)), new("format", run.Get(format)), new("provider", run.Get(provider)), new("repository", run.Get(repository)), new("state", State(run.Get(state)))],
            run.Get(limit),
            ModelColumns.List,
            cancellation));
    }

    private static string? State(string? word) => "all".Equals(word, StringComparison.OrdinalIgnoreCase) ? null : word ?? ModelState.Active;
}
