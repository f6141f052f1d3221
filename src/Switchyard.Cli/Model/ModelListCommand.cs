using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Model;

internal sealed class ModelListCommand : Command
{
    public ModelListCommand(Shell shell)
        : base("list", "Models with format, versions and size")
    {
        var query = new Option<string?>("--query") { Description = "Part of the name of the model, an entity, an attribute or the repository", HelpName = "TEXT" };
        var format = new Option<string?>("--format") { Description = "hackolade, avro, jsonschema, openapi, mlflow, ...", HelpName = "FORMAT" };
        var repository = new Option<string?>("--repo") { Description = "owner/name", HelpName = "R" };
        var state = new Option<string?>("--state") { Description = "Active (default), Removed, Ignored or all", HelpName = "WORD", DefaultValueFactory = _ => "Active" };
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(query);
        Add(format);
        Add(repository);
        Add(state);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/models",
            [new("q", run.Get(query)), new("format", run.Get(format)), new("repository", run.Get(repository)), new("state", run.Get(state) is "all" ? null : run.Get(state))],
            run.Get(limit),
            ModelColumns.List,
            cancellation));
    }
}
