using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule;

internal sealed class RuleSchemaCommand : Command
{
    public RuleSchemaCommand(Shell shell)
        : base("schema", "The JSON Schema of rule files, for editors; a server has it at /schemas/rules.json")
    {
        shell.Run(this, (run, _) =>
        {
            run.Printer.Result(JsonNode.Parse(RuleSchema.Json)!, RuleSchema.Json);
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
